// The diagram told as a table: for readers of screens, for the keyboard, and for whoever likes lists.

import { element as make } from '../dom.js';
import { MARKS } from './marks.js';

const NOT_LISTED = new Set(['label', 'bpmn:Process', 'bpmn:Collaboration', 'bpmn:SequenceFlow', 'bpmn:Association', 'bpmn:MessageFlow',
  'bpmn:DataInputAssociation', 'bpmn:DataOutputAssociation']);

/** What the table lists: flow nodes and data of the diagram from left to right, as {id, name, type}. */
export function elementsOf(registry) {
  return registry
    .filter((shape) => shape.businessObject && !NOT_LISTED.has(shape.type) && !shape.labelTarget)
    .sort((one, other) => one.x - other.x || one.y - other.y)
    .map((shape) => ({ id: shape.id, name: shape.businessObject.name || shape.businessObject.text || '', type: typeName(shape.businessObject) }));
}

/** The type in words, as the specification calls it: "Service task", "Error boundary event". */
export function typeName(object) {
  const words = object.$type.replace(/^\w+:/, '').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const definition = object.eventDefinitions?.[0]?.$type.replace(/^\w+:|EventDefinition$/g, '').toLowerCase();
  const full = definition ? `${definition} ${words}` : words;
  return full.charAt(0).toUpperCase() + full.slice(1);
}

export class ElementTable {
  constructor(rows, onChoose) {
    this.rows = new Map();
    const body = make('tbody');
    for (const { id, name, type } of rows) {
      const button = make('button', { type: 'button', class: 'element-name', onclick: () => onChoose(id) }, name || id);
      const state = make('td', { class: 'element-state' });
      const row = make('tr', { 'data-element': id }, make('th', { scope: 'row' }, button), make('td', {}, type), state);
      this.rows.set(id, { row, state });
      body.append(row);
    }
    const head = make('tr', {}, ...['Element', 'Type', 'State'].map((words) => make('th', { scope: 'col' }, words)));
    this.table = make('table', { class: 'element-table' }, make('caption', { class: 'visually-hidden' }, 'The elements of the diagram'), make('thead', {}, head), body);
    this.node = make('div', { class: 'diagram-elements', tabindex: '0', role: 'region', 'aria-label': 'Elements of the diagram' }, this.table);
  }

  select(id) {
    for (const [other, { row }] of this.rows) {
      row.toggleAttribute('aria-current', other === id);
      if (other === id) row.scrollIntoView({ block: 'nearest' });
    }
  }

  /** Write into each row what the marks say of its element, in words. */
  mark(marks) {
    this.table.classList.add('has-states');
    for (const [id, { state }] of this.rows) {
      const parts = MARKS.filter(({ key }) => marks[key]?.[id]).map(({ key, symbol, word }) => {
        const count = marks[key][id];
        return make('span', { class: `mark mark-${key}` }, `${symbol} ${word}${count > 1 ? ` × ${count}` : ''}`);
      });
      state.replaceChildren(...parts);
    }
  }
}
