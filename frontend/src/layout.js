// A diagram without layout kills a modeler's instance: look first, and lay it out.

import { layoutProcess } from 'bpmn-auto-layout';

const DI = 'http://www.omg.org/spec/BPMN/20100524/DI';

/** Whether a BPMN file says where anything is drawn. */
export function hasLayout(xml) {
  const parsed = new DOMParser().parseFromString(xml, 'application/xml');
  return parsed.getElementsByTagNameNS(DI, 'BPMNShape').length > 0;
}

/** The same file, laid out if it had no layout. Only the first participant of a collaboration can be laid out. */
export async function withLayout(xml) {
  return hasLayout(xml) ? xml : layoutProcess(xml);
}
