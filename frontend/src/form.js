// The form of a task: every [data-task-form] is drawn by the library that owns the form schema. The fields that the
// server has put inside are for whoever runs no script, and give way.

import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import './form.css';

import { show } from './form/show.js';

function start(root) {
  const found = [...root.querySelectorAll('[data-task-form]')];
  if (root instanceof Element && root.matches('[data-task-form]')) found.unshift(root);
  for (const container of found) {
    if (container.dataset.started) continue;
    container.dataset.started = 'yes';
    show(container);
  }
}

start(document);
document.addEventListener('htmx:load', (event) => start(event.detail.elt));
