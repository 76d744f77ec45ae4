"""BPMN 2.0.2, 8.4.13: a default flow has no condition: it is taken where no other one is."""

from collections.abc import Iterator

from app.bpmn.rules.subject import FLOW_NODES, Finding, Subject
from app.errors import Severity


def default_conditions(subject: Subject) -> Iterator[Finding]:
    for node in subject.document.of_kind(*FLOW_NODES):
        flow = subject.document.refer(node.get("default")) if node.get("default") else None
        if flow is not None and flow.kind == "sequenceFlow" and flow.first("conditionExpression") is not None:
            yield Finding(
                flow,
                "Expected no condition on a default flow, but found one, which is not looked at.",
                "Remove the condition, or the mark of the default flow.",
                "BPMN 2.0.2, 8.4.13",
                Severity.WARNING,
            )
