"""BPMN 2.0.2, 8.4.13: the default flow of a node leaves that node."""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, FLOW_NODES, Finding, Subject, described
from app.errors import Severity

_CHOOSING = (*ACTIVITIES, "exclusiveGateway", "inclusiveGateway", "complexGateway")


def default_flows(subject: Subject) -> Iterator[Finding]:
    for node in subject.document.of_kind(*FLOW_NODES):
        if node.get("default") and node.kind not in _CHOOSING:
            yield Finding(
                node,
                f"Expected a default flow on an activity or a choosing gateway, but found one on {described(node)}.",
                "Remove the default, or put an exclusive gateway behind the element.",
                "BPMN 2.0.2, 8.4.13",
                Severity.WARNING,
            )
        flow = subject.document.refer(node.get("default")) if node.get("default") else None
        if flow is not None and flow.kind == "sequenceFlow" and subject.source(flow) is not node:
            yield Finding(
                node,
                f"Expected a default flow that leaves this element, but found {flow.id}, which leaves another.",
                "Choose one of the element's own outgoing flows.",
                "EXT026",
            )
