// The list of the enhancements, in one place: each is given the root of new content.

import { controls } from './controls.js';
import { dialogs } from './dialogs.js';
import { drafts } from './drafts.js';
import { keys } from './keys.js';
import { tabs } from './tabs.js';
import { theme } from './theme.js';
import { times } from './times.js';

const ENHANCEMENTS = [times, theme, dialogs, controls, drafts, tabs, keys];
const seen = new WeakMap();

export function enhance(root) {
  for (const enhancement of ENHANCEMENTS) {
    enhancement((selector, start) => each(root, selector, enhancement, start));
  }
}

// An element is started once per enhancement, however often htmx reports its surroundings.
function each(root, selector, enhancement, start) {
  const found = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) found.unshift(root);
  for (const element of found) {
    const started = seen.get(element) ?? new Set();
    const key = `${ENHANCEMENTS.indexOf(enhancement)} ${selector}`;
    if (started.has(key)) continue;
    seen.set(element, started.add(key));
    start(element);
  }
}
