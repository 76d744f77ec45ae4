// The DMN editor of the studio, and the read-only decision diagram.

import 'camunda-dmn-js/dist/assets/diagram-js.css';
import 'camunda-dmn-js/dist/assets/dmn-font/css/dmn.css';
import 'camunda-dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'camunda-dmn-js/dist/assets/dmn-js-decision-table.css';
import 'camunda-dmn-js/dist/assets/dmn-js-drd.css';
import 'camunda-dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'camunda-dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'camunda-dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'camunda-dmn-js/dist/assets/dmn-js-shared.css';
import 'camunda-dmn-js/dist/assets/properties-panel.css';
import './decisions.css';

import { DmnEditor } from './editor/dmn.js';
import { showDecisions } from './editor/dmn_viewer.js';
import { startShell } from './editor/shell.js';

const page = document.querySelector('[data-editor="dmn"]');
if (page) startShell(page, new DmnEditor(page));

for (const container of document.querySelectorAll('[data-dmn-viewer]')) showDecisions(container);
