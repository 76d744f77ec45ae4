// The Camunda 8 modeler behind the interface that the shell uses.

import CamundaModeler from 'camunda-bpmn-js/lib/camunda-cloud/Modeler';

import { element as make } from '../dom.js';
import { fit } from '../fit.js';
import { withLayout } from '../layout.js';
import { elementsOf } from '../viewer/elements.js';
import { SYMBOLS, worstPerElement } from './problems.js';

const NO_LINKS = { getFeelPopupLinks: () => [] }; // the popup of the FEEL editor would lead outside

export class BpmnEditor {
  onChange = () => {};
  onSelect = () => {};

  constructor(page) {
    this.canvasBox = page.querySelector('[data-canvas]');
    this.propertiesBox = page.querySelector('[data-properties]');
    this.templates = [];
    this.marked = [];
  }

  useTemplates(templates) {
    this.templates = templates;
  }

  /** Open a diagram in a fresh modeler: one that failed to import is of no use any more. Answers the warnings, and whether it had to be laid out. */
  async load(xml) {
    this.modeler?.destroy();
    this.modeler = new CamundaModeler({
      container: this.canvasBox,
      disableAdjustOrigin: true, // moving everything while saving would be a change that nobody made
      propertiesPanel: { parent: this.propertiesBox, ...NO_LINKS },
    });
    this.modeler.get('elementTemplatesLoader').setTemplates(this.templates);
    const laidOut = await withLayout(xml);
    const { warnings } = await this.modeler.importXML(laidOut);
    this.#listen();
    this.fit();
    return { warnings, laidOut: laidOut !== xml };
  }

  async xml() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  undo() { this.modeler.get('commandStack').undo(); }

  redo() { this.modeler.get('commandStack').redo(); }

  zoom(step) { this.modeler.get('zoomScroll').stepZoom(step); }

  fit() { fit(this.modeler.get('canvas'), { left: this.canvasBox.querySelector('.djs-palette')?.offsetWidth ?? 0 }); }

  resized() { this.modeler?.get('canvas').resized(); }

  elements() { return elementsOf(this.modeler.get('elementRegistry')); }

  select(id) {
    const canvas = this.modeler.get('canvas');
    const shape = this.modeler.get('elementRegistry').get(id) ?? canvas.getRootElement();
    if (shape !== canvas.getRootElement()) {
      canvas.setRootElement(canvas.findRoot(shape));
      canvas.scrollToElement(shape, 100);
    }
    this.modeler.get('selection').select(shape);
  }

  markProblems(diagnostics) {
    const canvas = this.modeler.get('canvas');
    const registry = this.modeler.get('elementRegistry');
    const overlays = this.modeler.get('overlays');
    for (const [id, marker] of this.marked) if (registry.get(id)) canvas.removeMarker(id, marker);
    overlays.remove({ type: 'problem' });
    this.marked = [];
    for (const [id, { severity, messages }] of worstPerElement(diagnostics)) {
      const shape = registry.get(id);
      if (!shape || shape === canvas.getRootElement()) continue;
      canvas.addMarker(id, `has-${severity}`);
      this.marked.push([id, `has-${severity}`]);
      if (shape.waypoints) continue;
      const title = messages.join('\n');
      const html = make('div', { class: `problem-mark problem-${severity}`, title, role: 'img', 'aria-label': title }, SYMBOLS[severity]);
      overlays.add(id, 'problem', { position: { top: -12, right: 12 }, html, scale: { min: 0.8, max: 1.2 } });
    }
  }

  #listen() {
    this.modeler.on('commandStack.changed', ({ trigger }) => this.#report(trigger !== 'clear'));
    this.modeler.on('selection.changed', ({ newSelection: [chosen] }) => this.onSelect((chosen?.labelTarget ?? chosen)?.id ?? null));
  }

  #report(edited) {
    const stack = this.modeler.get('commandStack');
    this.onChange({ edited, canUndo: stack.canUndo(), canRedo: stack.canRedo() });
  }
}
