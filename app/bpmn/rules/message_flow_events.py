"""BPMN 2.0.2, 10.5: which events send a message flow and which receive one."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity


def message_flow_events(subject: Subject) -> Iterator[Finding]:
    for flow in subject.message_flows:
        source, target = subject.source(flow), subject.target(flow)
        for end, breach in ((source, _sending(subject, source)), (target, _receiving(subject, target))):
            if breach is not None:
                expected, rule = breach
                yield Finding(
                    end,
                    f"Expected {expected}, but found the message flow {flow.id or '(without id)'}.",
                    "Change the event's type, or the message flow.",
                    rule,
                    Severity.WARNING,
                )


def _sending(subject: Subject, event: SourceElement | None) -> tuple[str, str] | None:
    kind = event.kind if event is not None else ""
    if event is None or not kind:
        return None
    if kind == "startEvent":
        return "no message flow that leaves a start event", "EXT102"
    if kind == "endEvent" and "message" not in subject.event_kinds(event):
        return "a message flow to leave a message end event only", "EXT109"
    if kind in ("intermediateCatchEvent", "boundaryEvent"):
        return "no message flow that leaves an event that catches", "EXT119"
    if kind == "intermediateThrowEvent" and _is_of_another_kind(subject, event):
        return "a message flow to leave a message event only", "EXT119"
    return None


def _receiving(subject: Subject, event: SourceElement | None) -> tuple[str, str] | None:
    kind = event.kind if event is not None else ""
    if event is None:
        return None
    if kind == "startEvent" and "message" not in subject.event_kinds(event):
        return "a message flow to reach a message start event only", "EXT103"
    if kind == "endEvent":
        return "no message flow that reaches an end event", "EXT108"
    if kind == "intermediateThrowEvent":
        return "no message flow that reaches an event that throws", "EXT119"
    if kind in ("intermediateCatchEvent", "boundaryEvent") and _is_of_another_kind(subject, event):
        return "a message flow to reach a message event only", "EXT119"
    return None


def _is_of_another_kind(subject: Subject, event: SourceElement) -> bool:
    """Whether the event has definitions, but none of a message."""
    kinds = subject.event_kinds(event)
    return bool(kinds) and "message" not in kinds
