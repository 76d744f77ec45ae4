"""A diagram that cannot be shown: elements without a shape (BPMN 2.0.2, 12). It runs all the same."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import BPMNDI
from app.errors import Severity


def layout(subject: Subject) -> Iterator[Finding]:
    drawn = {
        shape.get("bpmnElement").rpartition(":")[2]
        for shape in subject.document.of_kind(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")
    }
    missing = [element for element in (*subject.flow_nodes, *subject.sequence_flows) if element.id not in drawn]
    if not missing:
        return
    remedy = "Open the file in a modeler and lay it out."
    if not drawn:
        message = "Expected a layout for the diagram, but found none. It runs, but it cannot be shown."
        yield Finding(subject.document.root, message, remedy, severity=Severity.WARNING)
        return
    for element in missing:
        message = "Expected a place in the diagram for this element, but found none."
        yield Finding(element, message, remedy, severity=Severity.WARNING)
