// The views of a decision model as tabs, and its elements as rows of a table.

import { element as make } from '../dom.js';

const TYPES = { 'dmn:Decision': 'Decision', 'dmn:InputData': 'Input data', 'dmn:BusinessKnowledgeModel': 'Business knowledge model', 'dmn:KnowledgeSource': 'Knowledge source', 'dmn:DecisionService': 'Decision service' };
const LOGIC = { 'dmn:DecisionTable': 'decision table', 'dmn:LiteralExpression': 'literal expression', 'dmn:Context': 'context', 'dmn:Relation': 'relation', 'dmn:List': 'list', 'dmn:Invocation': 'invocation', 'dmn:FunctionDefinition': 'function' };

export function viewTabs(views, active, problems, open) {
  return views.map((view) => {
    const current = view === active || (view.element === active.element && view.type === active.type);
    const name = view.type === 'drd' ? 'Requirements' : (view.name || view.id);
    const flawed = view.type !== 'drd' && [...problems.keys()].some((id) => contains(view.element, id));
    return make('button', { type: 'button', class: 'view-tab', 'aria-pressed': String(current), onclick: () => open(view) }, flawed ? `${name} !` : name);
  });
}

export function elementsOfDecisions(definitions) {
  return (definitions.drgElement ?? []).map((element) => {
    const logic = LOGIC[(element.decisionLogic ?? element.encapsulatedLogic)?.$type];
    const type = TYPES[element.$type] ?? element.$type.replace('dmn:', '');
    return { id: element.id, name: element.name, type: logic ? `${type}, ${logic}` : type };
  });
}

/** The element of the requirements graph that has this id or a part with this id. */
export function ownerOf(definitions, id) {
  return (definitions.drgElement ?? []).find((element) => contains(element, id));
}

function contains(object, id) {
  if (!object || typeof object !== 'object') return false;
  if (object.id === id) return true;
  const parts = object.$descriptor?.properties ?? [];
  return parts.some(({ name, isReference, isAttr, ns }) => {
    if (isReference || isAttr || name === '$parent') return false;
    const value = object[ns?.localName ?? name];
    return Array.isArray(value) ? value.some((each) => contains(each, id)) : contains(value, id);
  });
}
