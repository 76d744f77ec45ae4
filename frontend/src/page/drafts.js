// What is being typed is kept on the server, so that a tab, a reload, the way back or the end of a session loses nothing.

const PAUSE_MILLISECONDS = 600;
const waiting = new Map();

export function drafts(each) {
  each('[data-draft]', (field) => {
    field.addEventListener('input', () => keepLater(field.dataset.draft, () => ({ [field.name]: field.value }), field.name));
  });
}

/** Send `read()` to `url` when the typing pauses, or when the page is left. */
export function keepLater(url, read, name = 'answer') {
  const key = `${url} ${name}`;
  clearTimeout(waiting.get(key)?.timer);
  waiting.set(key, { url, read, timer: setTimeout(() => send(key), PAUSE_MILLISECONDS) });
}

function send(key) {
  const { url, read, timer } = waiting.get(key) ?? {};
  if (!url) return;
  clearTimeout(timer);
  waiting.delete(key);
  const body = new URLSearchParams({ csrf_token: document.querySelector('meta[name="csrf-token"]')?.content ?? '', ...read() });
  fetch(url, { method: 'POST', body, keepalive: true, redirect: 'manual' }).catch(() => {});
}

const sendAll = () => [...waiting.keys()].forEach(send);
addEventListener('pagehide', sendAll);
document.addEventListener('focusout', sendAll);
document.addEventListener('submit', (event) => {
  // What is sent needs no draft; a draft that arrived afterwards would come back from the dead.
  const url = event.target.querySelector?.('[data-draft], [data-draft-url]')?.dataset;
  for (const [key, entry] of waiting) {
    if (entry.url !== (url?.draft ?? url?.draftUrl)) continue;
    clearTimeout(entry.timer);
    waiting.delete(key);
  }
});
