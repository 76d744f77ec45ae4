// Every [data-bpmn-viewer] of the page becomes a process diagram; README.md lists the attributes.

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer.css';

import { show } from './viewer/show.js';

function start(root) {
  const found = [...root.querySelectorAll('[data-bpmn-viewer]')];
  if (root instanceof Element && root.matches('[data-bpmn-viewer]')) found.unshift(root);
  for (const container of found) {
    if (container.dataset.started) continue;
    container.dataset.started = 'yes';
    show(container);
  }
}

start(document);
document.addEventListener('htmx:load', (event) => start(event.detail.elt));
