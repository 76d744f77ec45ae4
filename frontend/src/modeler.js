// The BPMN editor of the studio.

import 'camunda-bpmn-js/dist/assets/diagram-js.css';
import 'camunda-bpmn-js/dist/assets/bpmn-js.css';
import 'camunda-bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import 'camunda-bpmn-js/dist/assets/diagram-js-minimap.css';
import 'camunda-bpmn-js/dist/assets/properties-panel.css';
import 'camunda-bpmn-js/dist/assets/color-picker.css';
import 'camunda-bpmn-js/dist/assets/element-templates.css';
import 'camunda-bpmn-js/dist/assets/element-template-chooser.css';
import 'camunda-bpmn-js/dist/assets/popup-menu.css';
import './modeler.css';

import { BpmnEditor } from './editor/bpmn.js';
import { startShell } from './editor/shell.js';

const page = document.querySelector('[data-editor="bpmn"]');
if (page) startShell(page, new BpmnEditor(page));
