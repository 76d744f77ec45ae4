// The Camunda 8 decision editor behind the interface that the shell uses, and the tabs for its views.

import { CamundaCloudModeler } from 'camunda-dmn-js';

import { fit } from '../fit.js';
import { elementsOfDecisions, ownerOf, viewTabs } from './dmn_views.js';
import { worstPerElement } from './problems.js';

export class DmnEditor {
  onChange = () => {};
  onSelect = () => {};

  constructor(page) {
    this.canvasBox = page.querySelector('[data-canvas]');
    this.propertiesBox = page.querySelector('[data-properties]');
    this.tabs = page.querySelector('[data-views]');
    this.page = page;
    this.problems = new Map();
  }

  useTemplates() {} // decisions have none

  async load(xml) {
    this.modeler?.destroy();
    this.modeler = new CamundaCloudModeler({
      container: this.canvasBox,
      // Moving everything to the origin while saving would be a change that nobody made.
      common: { propertiesPanel: { parent: this.propertiesBox, getFeelPopupLinks: () => [] }, disableAdjustOrigin: true },
      keyboard: { bindTo: this.canvasBox },
    });
    this.modeler.on('viewer.created', ({ viewer }) => this.#listen(viewer));
    this.modeler.on('views.changed', () => this.#viewOpened());
    const { warnings } = await this.modeler.importXML(xml);
    this.fit();
    return { warnings, laidOut: false };
  }

  async xml() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  undo() { this.#stack()?.undo(); }

  redo() { this.#stack()?.redo(); }

  zoom(step) { this.#service('zoomScroll')?.stepZoom(step); }

  fit() {
    const canvas = this.#service('canvas');
    if (canvas?.viewbox) fit(canvas, { left: this.canvasBox.querySelector('.djs-palette')?.offsetWidth ?? 0 });
  }

  resized() { this.#service('canvas')?.resized?.(); }

  elements() { return elementsOfDecisions(this.modeler.getDefinitions()); }

  /** Show the element: in the diagram, or, if it is a part of a decision, in the view of that decision. */
  async select(id) {
    const owner = ownerOf(this.modeler.getDefinitions(), id);
    if (!owner) return;
    const views = this.modeler.getViews();
    const inside = owner.id !== id || this.problems.has(id) ? views.find((view) => view.element === owner && view.type !== 'drd') : null;
    await this.modeler.open(inside ?? views.find((view) => view.type === 'drd') ?? views[0]);
    const shape = this.#service('elementRegistry')?.get(id);
    if (!inside && shape) this.#service('selection')?.select(shape);
    const cell = this.canvasBox.querySelector(`[data-element-id="${CSS.escape(id)}"], [data-row-id="${CSS.escape(id)}"]`);
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (inside) cell?.focus?.();
  }

  markProblems(diagnostics) {
    this.problems = worstPerElement(diagnostics);
    this.#mark();
  }

  #mark() {
    for (const cell of this.canvasBox.querySelectorAll('.has-error, .has-warning')) {
      cell.classList.remove('has-error', 'has-warning');
      cell.removeAttribute('title');
    }
    for (const [id, { severity, messages }] of this.problems) {
      const cell = this.canvasBox.querySelector(`[data-element-id="${CSS.escape(id)}"]`);
      cell?.classList.add(`has-${severity}`);
      if (cell instanceof HTMLElement) cell.title = messages.join('\n');
    }
  }

  #viewOpened() {
    const active = this.modeler.getActiveView();
    if (!active) return;
    this.page.dataset.view = active.type;
    this.tabs.replaceChildren(...viewTabs(this.modeler.getViews(), active, this.problems, (view) => this.modeler.open(view)));
    this.onChange({ edited: false, ...this.#history() });
    requestAnimationFrame(() => this.#mark());
  }

  #listen(viewer) {
    viewer.on('commandStack.changed', ({ trigger }) => {
      this.onChange({ edited: trigger !== 'clear', ...this.#history() });
    });
    viewer.on('selection.changed', (event) => this.onSelect(event.newSelection?.[0]?.id ?? event.selection?.id ?? null));
  }

  #history() {
    const stack = this.#stack();
    return { canUndo: Boolean(stack?.canUndo()), canRedo: Boolean(stack?.canRedo()) };
  }

  #stack() { return this.#service('commandStack'); }

  #service(name) { return this.modeler?.getActiveViewer()?.get(name, false); }
}
