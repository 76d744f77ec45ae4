"""BPMN 2.0.2, 10.5: which events have incoming and outgoing sequence flows.

In an ad-hoc subprocess nothing need lead to an intermediate event, which can be started like an activity (10.3.5).
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity


def event_flows(subject: Subject) -> Iterator[Finding]:
    for event in subject.document.of_kind("startEvent"):
        if subject.incoming(event):
            yield _finding(event, "no incoming sequence flow on a start event", "one", "EXT096")
        if event.id and not subject.outgoing(event):
            yield _tolerated(event, "an outgoing sequence flow on a start event", "EXT101")
    for event in subject.document.of_kind("endEvent"):
        if subject.outgoing(event):
            yield _finding(event, "no outgoing sequence flow on an end event", "one", "EXT104")
    for event in subject.document.of_kind("boundaryEvent"):
        yield from _boundary(subject, event)
    for event in subject.document.of_kind("intermediateCatchEvent", "intermediateThrowEvent"):
        yield from _intermediate(subject, event)


def _boundary(subject: Subject, event: SourceElement) -> Iterator[Finding]:
    if subject.incoming(event):
        yield _finding(event, "no incoming sequence flow on a boundary event", "one", "EXT112")
    is_compensation = "compensate" in subject.event_kinds(event)
    if is_compensation and subject.outgoing(event):
        yield _finding(event, "no sequence flow on a compensation boundary event", "one", "EXT114")
    if not is_compensation and not subject.outgoing(event):
        yield _tolerated(event, "an outgoing sequence flow on a boundary event", "EXT113")


def _intermediate(subject: Subject, event: SourceElement) -> Iterator[Finding]:
    is_link = "link" in subject.event_kinds(event)
    is_catch = event.kind == "intermediateCatchEvent"
    incoming, outgoing = subject.incoming(event), subject.outgoing(event)
    if is_link and is_catch and incoming:
        yield _finding(event, "no incoming sequence flow on a link that catches", "one", "EXT117")
    if is_link and not is_catch and outgoing:
        yield _finding(event, "no outgoing sequence flow on a link that throws", "one", "EXT117")
    if not incoming and not (is_catch if is_link else _can_be_chosen(subject, event)):
        yield _finding(event, "an incoming sequence flow on an intermediate event", "none", "EXT115")
    if not outgoing and not (is_link and not is_catch):
        yield _tolerated(event, "an outgoing sequence flow on an intermediate event", "EXT116")


def _can_be_chosen(subject: Subject, event: SourceElement) -> bool:
    scope = subject.scope(event)
    return scope is not None and scope.kind == "adHocSubProcess"


def _tolerated(event: SourceElement, expected: str, rule: str) -> Finding:
    """A path that ends at the event: Camunda's engines let it end anywhere."""
    message = f"Expected {expected}, but found none."
    return Finding(event, message, "Connect the event, or remove it.", rule, Severity.WARNING)


def _finding(event: SourceElement, expected: str, found: str, rule: str) -> Finding:
    return Finding(event, f"Expected {expected}, but found {found}.", "Correct the sequence flows.", rule)
