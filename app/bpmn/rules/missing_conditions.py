"""A flow of an exclusive gateway without a condition is always taken; the flows after it never are (13.4.2)."""

from collections.abc import Iterator

from app.bpmn.model import ExclusiveGateway
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def missing_conditions(subject: Subject) -> Iterator[Finding]:
    for process in subject.running:
        for node in process.walk():
            if not isinstance(node, ExclusiveGateway) or len(node.outgoing) < 2:
                continue
            for flow in node.outgoing:
                if flow.condition is None and not flow.is_default:
                    yield Finding(
                        subject.document.by_id(flow.id),
                        "Expected a condition, or the mark of a default flow, but found neither: it is always taken.",
                        "Write a condition, or mark it as default.",
                        severity=Severity.WARNING,
                    )
