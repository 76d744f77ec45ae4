// A read-only decision model: the requirements graph and each decision's view, with tabs.

import DmnViewer from 'dmn-js/lib/NavigatedViewer';

import { element as make } from '../dom.js';
import { fit } from '../fit.js';
import { xmlText } from '../xml.js';
import { viewTabs } from './dmn_views.js';

export async function showDecisions(container) {
  const tabs = make('div', { class: 'view-tabs', role: 'group', 'aria-label': 'Views of the decision model' });
  const box = make('div', { class: 'decision-box' });
  container.replaceChildren(tabs, box);
  const viewer = new DmnViewer({ container: box });
  viewer.on('views.changed', () => {
    const active = viewer.getActiveView();
    if (active) tabs.replaceChildren(...viewTabs(viewer.getViews(), active, new Map(), (view) => viewer.open(view)));
  });
  try {
    const response = await fetch(container.dataset.xmlUrl, { headers: { Accept: 'application/xml' } });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    await viewer.importXML(await xmlText(response));
    const canvas = viewer.getActiveViewer()?.get('canvas', false);
    if (canvas?.viewbox) fit(canvas);
  } catch (problem) {
    viewer.destroy();
    box.replaceChildren(make('p', { class: 'diagram-note', role: 'alert' }, `This decision model cannot be shown: ${problem.message}.`));
  }
}
