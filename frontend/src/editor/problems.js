// The list of problems: every one at once, each leads to its element.

import { element as make } from '../dom.js';

export const SYMBOLS = { error: '✕', warning: '!' };

export class ProblemList {
  constructor(place, counter, onChoose) {
    this.place = place;
    this.counter = counter;
    this.onChoose = onChoose;
  }

  show(diagnostics) {
    const sorted = [...diagnostics].sort((one, other) => one.severity.localeCompare(other.severity));
    const list = make('ul', { class: 'problem-list' }, ...sorted.map((diagnostic) => this.row(diagnostic)));
    const none = make('p', { class: 'problem-none' }, '✓ No problems: this can be deployed.');
    this.place.replaceChildren(sorted.length ? list : none);
    const errors = sorted.filter(({ severity }) => severity === 'error').length;
    this.counter.textContent = String(sorted.length);
    this.counter.dataset.tone = errors ? 'bad' : sorted.length ? 'warn' : 'good';
  }

  row({ severity, code, message, remedy, element_id: id, element_name: name, line, column, rule, file }) {
    const where = name || id || [file, line, column].filter((part) => part !== null && part !== undefined).join(':') || 'the model';
    const button = make(
      'button',
      { type: 'button', class: `problem problem-${severity}`, 'data-element': id, onclick: () => this.onChoose(id) },
      make('span', { class: 'problem-symbol', title: severity, role: 'img', 'aria-label': severity }, SYMBOLS[severity] ?? '•'),
      make('span', { class: 'problem-where' }, where),
      make('span', { class: 'problem-message' }, message, remedy ? make('span', { class: 'problem-remedy' }, ` ${remedy}`) : null),
      make('code', { class: 'problem-code' }, rule ? `${code} · ${rule}` : code),
    );
    return make('li', {}, button);
  }

  select(id) {
    for (const button of this.place.querySelectorAll('.problem')) {
      button.toggleAttribute('aria-current', Boolean(id) && button.dataset.element === id);
    }
  }
}

/** The worst severity per element: what its mark on the canvas shows. */
export function worstPerElement(diagnostics) {
  const worst = new Map();
  for (const { element_id: id, severity, message } of diagnostics) {
    if (!id) continue;
    const present = worst.get(id) ?? { severity, messages: [] };
    worst.set(id, { severity: present.severity === 'error' ? 'error' : severity, messages: [...present.messages, message] });
  }
  return worst;
}
