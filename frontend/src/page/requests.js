// htmx, told to evaluate nothing and to stay on this server; and the token that every changing request carries.

import htmx from 'htmx.org';

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false, // they would be an inline style; app.css has them
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages hold personal data: none of them is kept in the browser's storage
});

window.htmx = htmx;

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? '';
}

document.addEventListener('htmx:configRequest', (event) => {
  event.detail.headers['X-CSRFToken'] = csrfToken();
});
