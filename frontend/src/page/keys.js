// The keyboard: sequences such as "g i", lists with j and k, and the dialog that names them all.
// A bare key looks, goes and focuses. It never sends a form: somebody who types a word with the focus nowhere must not
// have decided anything, wherever in the word a shortcut stands. Sending takes Enter on the focused button, or Ctrl+Enter
// in the form; and a key focuses such a button only when it is pressed alone, and as long as no other key follows.

const SEQUENCE_MILLISECONDS = 1200;
const LIST_KEYS = new Set(['j', 'k', 'x']); // moving through a list is no typing
const TYPING = 'input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable=""], [contenteditable="true"]';

let typed = '';
let typedAt = -Infinity;
let armed = null; // the sending button that a key has focused

export function keys(each) {
  each('[data-shortcut]', (element) => {
    const hint = `(${element.dataset.shortcut})`;
    if (!element.title.includes(hint)) element.title = `${element.title || label(element)} ${hint}`.trim();
  });
  each('[data-list-keys]', (list) => {
    for (const row of list.querySelectorAll('[data-row]')) {
      if (!row.hasAttribute('tabindex')) row.tabIndex = -1;
    }
  });
}

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') return sendForm(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
  if (event.target.closest?.(TYPING)) return endWord();
  if (document.querySelector('dialog[open]')) return;
  if (event.key === '?') return openHelp(event);
  if (followShortcut(event)) return;
  moveInList(event);
});

document.addEventListener('pointerdown', endWord);

/** Who clicks, or writes in a field, has finished whatever word was typed before. */
function endWord() {
  typed = '';
  typedAt = -Infinity;
}

function followShortcut(event) {
  if (event.key.length !== 1) return false;
  const now = performance.now();
  const alone = now - typedAt >= SEQUENCE_MILLISECONDS;
  typed = !alone && typed ? `${typed} ${event.key}` : event.key;
  if (!LIST_KEYS.has(event.key)) typedAt = now;
  if (armed === document.activeElement) armed?.blur();
  armed = null;
  const sequence = typed;
  const element = visible(`[data-shortcut="${CSS.escape(sequence)}"]`) ?? visible(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!element) return false;
  typed = '';
  event.preventDefault();
  if (sends(element)) {
    if (!alone) return true;
    armed = element;
  }
  if (armed || element.matches(TYPING)) {
    element.focus();
    element.scrollIntoView({ block: 'nearest' });
  } else element.click();
  return true;
}

function sends(element) {
  return element.matches('button:not([type="button"]), input[type="submit"]') && element.form?.method === 'post';
}

function sendForm(event) {
  const form = event.target.form ?? event.target.closest?.('form');
  const button = form?.method === 'post' ? form.querySelector('.button-primary:not(:disabled)') : null;
  if (!button || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  form.requestSubmit(button);
}

function visible(selector) {
  return [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());
}

function moveInList(event) {
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  const row = document.activeElement?.closest?.('[data-list-keys] [data-row]');
  if (!step) {
    if (row && row === document.activeElement && event.key === 'Enter') row.querySelector('a[href]')?.click();
    if (row && event.key === 'x') row.querySelector('input[type="checkbox"]')?.click();
    return;
  }
  // Arrows scroll the page until somebody is in a list; j and k enter the first one.
  const list = row?.closest('[data-list-keys]') ?? (event.key.startsWith('Arrow') ? null : visible('[data-list-keys]'));
  if (!list) return;
  const rows = [...list.querySelectorAll('[data-row]')].filter((other) => other.checkVisibility());
  const from = row ?? rows.find((other) => other.querySelector('[aria-current="true"]')); // go on where one is
  const next = from ? rows[rows.indexOf(from) + step] : rows.at(step > 0 ? 0 : -1);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function openHelp(event) {
  const dialog = document.querySelector('dialog[data-shortcut-help]');
  if (!dialog) return;
  event.preventDefault();
  const list = dialog.querySelector('[data-shortcut-list]');
  if (list) {
    list.replaceChildren(...[...document.querySelectorAll('[data-shortcut]')].map((element) => {
      const line = document.createElement('div');
      const keysOf = document.createElement('dt');
      for (const key of element.dataset.shortcut.split(' ')) {
        keysOf.append(Object.assign(document.createElement('kbd'), { textContent: key }), ' ');
      }
      line.append(keysOf, Object.assign(document.createElement('dd'), { textContent: label(element) }));
      return line;
    }));
  }
  dialog.showModal();
}

function label(element) {
  const words = element.getAttribute('aria-label') || element.dataset.label || element.textContent || element.placeholder || '';
  return words.replace(/\s+/g, ' ').trim();
}
