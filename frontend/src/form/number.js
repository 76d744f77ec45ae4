// The number field, which reads what people of any country write. The library's own takes a comma for a decimal point,
// and "1,234" for a little more than one; here what can be read in two ways is asked.

import { Description, Errors, Label, Numberfield } from '@bpmn-io/form-js-viewer';
import { h } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const PLAIN = /^-?\d+([.,]\d+)?$/;
const GROUPED = /^-?\d{1,3}(([.,\u00a0\u202f' ])\d{3})(\2\d{3})*([.,]\d+)?$/;

/** `{ number }` as text with a point, or `{ problem }`. Empty is the number null. */
export function readNumber(typed) {
  const text = typed.trim();
  if (!text) return { number: null };
  const grouped = GROUPED.exec(text);
  if (grouped) {
    const mark = grouped[2];
    const rest = grouped[4] && grouped[4][0] !== mark ? grouped[4] : '';
    if (!rest && mark === '.' && text.split('.').length === 2) return { number: text };
    if (!rest && mark === ',' && text.split(',').length === 2) {
      return { problem: `Please write ${text.replace(',', '')} or ${text.replace(',', '.')}: ${text} can be read as both.` };
    }
    const whole = rest ? text.slice(0, -rest.length) : text;
    return { number: whole.replace(/[^\d-]/g, '') + rest.replace(',', '.') };
  }
  return PLAIN.test(text) ? { number: text.replace(',', '.') } : { problem: 'Please write a number.' };
}

const NOT_A_NUMBER = 'NaN'; // the value by which the library knows that a number cannot be read
const begun = new Map(); // what such a field of a draft begins with, by the id of its component
const unread = new Map(); // what is typed and is no number, by the element's id: { path, text }

/** The data of a form, with what was typed where it is no number: for a draft, and for the server's own words. */
export function withUnread(data) {
  for (const { path, text } of unread.values()) {
    const place = path.slice(0, -1).reduce((inner, step) => inner?.[step], data);
    if (place) place[path.at(-1)] = text;
  }
  return data;
}

function NumberField(props) {
  const { disabled, errors = [], domId, onBlur, onFocus, field, fieldInstance, readonly, onChange, value } = props;
  const { label, description, appearance = {}, validate = {}, serializeToString } = field;
  const [typed, setTyped] = useState(() => (value === NOT_A_NUMBER ? begun.get(field.id) ?? '' : value ?? ''));
  const { problem } = readNumber(String(typed));
  useEffect(() => { // somebody else has changed the value: a default, or a reset
    const { number } = readNumber(String(typed));
    if (value !== NOT_A_NUMBER && value !== null && value !== undefined && Number(number) !== Number(value)) setTyped(value);
  }, [value]);
  useEffect(() => {
    if (problem && fieldInstance) unread.set(domId, { path: fieldInstance.valuePath, text: String(typed) });
    else unread.delete(domId);
    return () => unread.delete(domId);
  }, [typed, problem, fieldInstance, domId]);
  const type = (text) => {
    const { number, problem: wrong } = readNumber(text);
    setTyped(text);
    if (wrong) unread.set(domId, { path: fieldInstance.valuePath, text });
    else unread.delete(domId);
    onChange({ field, value: wrong ? NOT_A_NUMBER : number === null || serializeToString ? number : Number(number) });
  };
  const all = problem ? [problem] : errors;
  const classes = ['fjs-form-field', 'fjs-form-field-number', all.length && 'fjs-has-errors', disabled && 'fjs-disabled', readonly && 'fjs-readonly'];
  return h('div', { class: classes.filter(Boolean).join(' ') },
    h(Label, { htmlFor: domId, label, required: validate.required }),
    h('div', { class: 'fjs-input-group' },
      appearance.prefixAdorner && h('span', { class: 'fjs-input-adornment' }, h('span', { class: 'fjs-input-adornment-text' }, appearance.prefixAdorner)),
      h('input', {
        class: 'fjs-input', id: domId, type: 'text', inputMode: 'decimal', autoComplete: 'off', disabled, readOnly: readonly, value: typed,
        onInput: (event) => type(event.target.value), onBlur, onFocus, required: Boolean(validate.required),
        'aria-invalid': all.length > 0, 'aria-describedby': [`${domId}-description`, `${domId}-error-message`].join(' '),
      }),
      appearance.suffixAdorner && h('span', { class: 'fjs-input-adornment border-left' }, h('span', { class: 'fjs-input-adornment-text' }, appearance.suffixAdorner))),
    h(Description, { id: `${domId}-description`, description }),
    h(Errors, { id: `${domId}-error-message`, errors: all }));
}

NumberField.config = {
  ...Numberfield.config,
  sanitizeValue: (given) => {
    if (typeof given.value !== 'string' || !readNumber(given.value).problem) return Numberfield.config.sanitizeValue(given);
    begun.set(given.formField.id, given.value);
    return NOT_A_NUMBER;
  },
};

class Registration {
  constructor(formFields) {
    formFields.register('number', NumberField);
  }
}
Registration.$inject = ['formFields'];

export const NumberFieldModule = { __init__: ['numberField'], numberField: ['type', Registration] };
