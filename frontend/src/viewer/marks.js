// Where an instance is and was, drawn onto its diagram: a badge with a symbol and a count, a stroke, and a word on hover.
// Never by colour alone.

import { element as make } from '../dom.js';

export const NO_MARKS = { active: {}, completed: {}, incidents: {}, cancelled: {}, flows: [] };

/** In the order in which the table tells them. The places are those that operators know from other systems. */
export const MARKS = [
  { key: 'incidents', symbol: '!', word: 'Incident', place: { bottom: 12, right: 12 } },
  { key: 'active', symbol: '▶', word: 'Active', place: { bottom: 12, left: -12 } },
  { key: 'completed', symbol: '✓', word: 'Completed', place: 'middle' },
  { key: 'cancelled', symbol: '✕', word: 'Cancelled', place: { top: -12, left: -12 } },
];

/** Draw what changed between `before` and `after`; returns `after`, complete. */
export function applyMarks(viewer, before, after) {
  const marks = { ...NO_MARKS, ...after };
  if (JSON.stringify(marks) === JSON.stringify(before)) return before;
  const registry = viewer.get('elementRegistry');
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  for (const mark of MARKS) {
    overlays.remove({ type: `mark-${mark.key}` });
    for (const id of Object.keys(before[mark.key])) {
      if (registry.get(id)) canvas.removeMarker(id, `has-${mark.key}`);
    }
    for (const [id, count] of Object.entries(marks[mark.key])) {
      const shape = registry.get(id);
      if (!shape || !count) continue;
      canvas.addMarker(id, `has-${mark.key}`);
      overlays.add(id, `mark-${mark.key}`, {
        position: mark.place === 'middle' ? middle(shape) : mark.place,
        html: badge(mark, count, shape),
        scale: { min: 0.75, max: 1.25 },
      });
    }
  }
  for (const id of before.flows) if (registry.get(id)) canvas.removeMarker(id, 'is-taken');
  for (const id of marks.flows) if (registry.get(id)) canvas.addMarker(id, 'is-taken');
  return marks;
}

// Under a task; beside the top of an event or a gateway, whose label is below.
function middle(shape) {
  return shape.width < 80 ? { top: -12, right: 10 } : { bottom: 12, left: shape.width / 2 - 14 };
}

function badge({ key, symbol, word }, count, shape) {
  const title = `${shape.businessObject.name || shape.id}: ${word.toLowerCase()}${count > 1 ? `, ${count} times` : ''}`;
  return make('div', { class: `badge-mark mark-${key}`, title, role: 'img', 'aria-label': title }, count > 1 ? `${symbol} ${count}` : symbol);
}
