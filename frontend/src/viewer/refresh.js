// Keeps the marks fresh while somebody looks, and says when it cannot.

import { element as make } from '../dom.js';

const DEFAULT_SECONDS = 3;
const SLOWEST_SECONDS = 60;

export function refresh(container, url, mark) {
  const pause = Number(container.dataset.refreshSeconds ?? DEFAULT_SECONDS);
  const stale = make('p', { class: 'diagram-stale', role: 'status', hidden: true }, 'The server does not answer: the marks may be old.');
  container.append(stale);
  let failures = 0;
  let finished = false;

  const once = async () => {
    if (document.hidden || !container.isConnected) return;
    try {
      const response = await fetch(url, { headers: { Accept: 'application/json' } });
      if (response.status === 404 || response.status === 410) finished = true;
      if (!response.ok) throw new Error(String(response.status));
      const marks = await response.json();
      mark(marks);
      finished = Boolean(marks.finished);
      failures = 0;
    } catch {
      failures += 1;
    }
    stale.hidden = failures < 2;
  };
  const loop = async () => {
    await once();
    if (finished || !(pause > 0) || !container.isConnected) return;
    setTimeout(loop, Math.min(pause * 2 ** failures, SLOWEST_SECONDS) * 1000);
  };
  document.addEventListener('visibilitychange', () => { if (!finished) once(); });
  loop();
}
