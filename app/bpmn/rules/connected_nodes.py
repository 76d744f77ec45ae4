"""BPMN 2.0.2, 10.3 and 10.5: where start and end events are drawn, every node lies between them."""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, GATEWAYS, Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity


def connected_nodes(subject: Subject) -> Iterator[Finding]:
    for scope in subject.scopes():
        if scope.kind == "adHocSubProcess":
            continue
        has_start, has_end = scope.first("startEvent") is not None, scope.first("endEvent") is not None
        for node in scope.all(*ACTIVITIES, *GATEWAYS):
            if _stands_alone(node):
                continue
            if has_start and not subject.incoming(node) and not node.flag("instantiate", default=False):
                yield _finding(node, "incoming", "start", "EXT150")
            if has_end and not subject.outgoing(node):
                yield _finding(node, "outgoing", "end", "EXT151")


def _stands_alone(node: SourceElement) -> bool:
    return node.flag("isForCompensation", default=False) or node.flag("triggeredByEvent", default=False)


def _finding(node: SourceElement, direction: str, event: str, rule: str) -> Finding:
    return Finding(
        node,
        f"Expected an {direction} sequence flow where there is a {event} event, but found none.",
        "Connect the element, or remove it.",
        rule,
        Severity.WARNING,
    )
