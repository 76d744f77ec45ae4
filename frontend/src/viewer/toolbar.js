// Real buttons for what the mouse wheel does.

import { element as make, icon } from '../dom.js';

export const ICONS = {
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  fit: 'M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4',
  list: 'M7 5h10M7 10h10M7 15h10M3 5h.01M3 10h.01M3 15h.01',
};

export function viewerToolbar(viewer, container) {
  const canvas = () => viewer.get('canvas');
  const zoom = (step) => viewer.get('zoomScroll').stepZoom(step);
  const tools = [
    tool('Zoom in', ICONS.plus, () => zoom(1)),
    tool('Zoom out', ICONS.minus, () => zoom(-1)),
    tool('Show the whole diagram', ICONS.fit, () => canvas().zoom('fit-viewport', 'auto')),
  ];
  if (container.classList.contains('has-elements')) {
    const list = tool('Table of elements', ICONS.list, () => {
      const hidden = container.classList.toggle('hides-elements');
      list.setAttribute('aria-pressed', String(!hidden));
      canvas().resized();
    });
    list.setAttribute('aria-pressed', 'true');
    tools.push(list);
  }
  return make('div', { class: 'diagram-tools', role: 'toolbar', 'aria-label': 'Diagram' }, ...tools);
}

export function tool(words, path, onclick) {
  return make('button', { type: 'button', class: 'tool', title: words, 'aria-label': words, onclick }, icon(path));
}
