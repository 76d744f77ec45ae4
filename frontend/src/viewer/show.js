// One diagram: fetched, drawn, marked, kept fresh, and told again as a table.

import NavigatedViewer from 'camunda-bpmn-js/lib/camunda-cloud/NavigatedViewer';

import { element as make } from '../dom.js';
import { fit } from '../fit.js';
import { withLayout } from '../layout.js';
import { xmlText } from '../xml.js';
import { elementsOf, ElementTable } from './elements.js';
import { applyMarks, NO_MARKS } from './marks.js';
import { refresh } from './refresh.js';
import { viewerToolbar } from './toolbar.js';

const COLOURS = {
  defaultFillColor: 'var(--diagram-fill)',
  defaultStrokeColor: 'var(--diagram-stroke)',
  defaultLabelColor: 'var(--diagram-label)',
};

const NARROW = 720; // pixels: below that the table goes under the diagram

export async function show(container) {
  const { xmlUrl, marksUrl, elements, selected } = container.dataset;
  const canvasBox = make('div', { class: 'diagram-canvas', tabindex: '0', role: 'group', 'aria-label': 'Process diagram' });
  const note = make('p', { class: 'diagram-note', role: 'status' }, 'Loading the diagram …');
  const stage = make('div', { class: 'diagram-stage' }, canvasBox, note);
  container.replaceChildren(stage);

  const viewer = new NavigatedViewer({ container: canvasBox, bpmnRenderer: COLOURS });
  try {
    const response = await fetch(xmlUrl, { headers: { Accept: 'application/xml' } });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    await viewer.importXML(await withLayout(await xmlText(response)));
  } catch (problem) {
    viewer.destroy();
    note.textContent = `This diagram cannot be shown: ${problem.message}.`;
    note.setAttribute('role', 'alert');
    return;
  }
  note.remove();

  const rows = elementsOf(viewer.get('elementRegistry'));
  const table = new ElementTable(rows, (id) => select(id));
  if (elements !== 'none') {
    const place = elements ? document.querySelector(elements) : null;
    (place ?? container).append(table.node);
    if (!place) container.classList.add('has-elements');
  }
  if (!('compact' in container.dataset)) stage.prepend(viewerToolbar(viewer, container));

  const canvas = viewer.get('canvas');
  let fitted = false;
  const settle = () => {
    container.classList.toggle('is-narrow', container.clientWidth < NARROW);
    canvas.resized();
    if (fitted || !canvasBox.clientWidth) return; // in a closed tab there is nothing to fit into yet
    fitted = true;
    fit(canvas, { anchor: viewer.get('elementRegistry').get(selected) });
  };
  settle();
  new ResizeObserver(settle).observe(container);

  function select(id) {
    const found = id && viewer.get('elementRegistry').get(id);
    viewer.get('selection').select(found || null);
    if (found) canvas.scrollToElement(found, 80);
  }
  viewer.on('selection.changed', ({ newSelection: [chosen] }) => {
    const id = chosen?.type === 'label' ? chosen.labelTarget.id : (chosen?.id ?? null);
    table.select(id);
    container.dispatchEvent(new CustomEvent('element:selected', { bubbles: true, detail: { id } }));
  });
  container.addEventListener('element:select', (event) => select(event.detail.id));
  if (selected) select(selected);

  let marks = NO_MARKS;
  const mark = (next) => {
    const first = marks === NO_MARKS;
    marks = applyMarks(viewer, marks, next);
    table.mark(marks);
    const [now] = [...Object.keys(marks.incidents), ...Object.keys(marks.active)];
    if (first && now && !selected) fit(canvas, { anchor: viewer.get('elementRegistry').get(now) });
  };
  if (marksUrl) refresh(container, marksUrl, mark);
}
