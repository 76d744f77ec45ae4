"""A decision without a default flow raises an incident when no condition holds (BPMN 2.0.2, 13.4.2 and 13.4.3)."""

from collections.abc import Iterator

from app.bpmn.model import ComplexGateway, ExclusiveGateway, InclusiveGateway
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def missing_defaults(subject: Subject) -> Iterator[Finding]:
    for process in subject.running:
        for node in process.walk():
            if not isinstance(node, ExclusiveGateway | InclusiveGateway | ComplexGateway):
                continue
            if len(node.outgoing) > 1 and all(flow.condition and not flow.is_default for flow in node.outgoing):
                yield Finding(
                    subject.document.by_id(node.id),
                    "Expected a default flow for the case that no condition holds, but found none.",
                    "Mark one outgoing flow as default.",
                    severity=Severity.WARNING,
                )
