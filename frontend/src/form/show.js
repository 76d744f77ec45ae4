// One form: drawn from its schema and values, kept as a draft while somebody types, and sent as one JSON object.

import { Form } from '@bpmn-io/form-js-viewer';

import { keepLater } from '../page/drafts.js';
import { NumberFieldModule, withUnread } from './number.js';

export async function show(container) {
  const readOnly = 'readonly' in container.dataset;
  const schema = JSON.parse(container.dataset.schema);
  const values = JSON.parse(container.dataset.values);
  const place = document.createElement('div');
  const form = new Form({ container: place, properties: { readOnly }, additionalModules: [NumberFieldModule] });
  try {
    await form.importSchema(schema, values);
  } catch (problem) {
    console.warn('The form cannot be drawn; its plain fields stay.', problem);
    return;
  }
  container.replaceChildren(place);
  if (readOnly) return;
  const outer = container.closest('form');
  const answer = Object.assign(document.createElement('input'), { type: 'hidden', name: 'answer' });
  container.append(answer);
  const draw = () => { answer.value = JSON.stringify(withUnread(form._getSubmitData())); };
  draw();
  form.on('field.updated', () => queueMicrotask(() => {
    draw();
    keepLater(container.dataset.draftUrl, () => ({ answer: answer.value }));
  }));
  outer.noValidate = true; // the library says what is missing, field by field
  outer.addEventListener('submit', (event) => {
    const { errors } = form.submit();
    draw();
    if (!Object.keys(errors).length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    place.querySelector('.fjs-has-errors input, .fjs-has-errors textarea, .fjs-has-errors [tabindex]')?.focus();
  }, { capture: true });
}
