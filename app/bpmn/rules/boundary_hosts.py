"""BPMN 2.0.2, 10.5.4: a boundary event is on an activity beside it that takes part in the flow.

What stands elsewhere would never be waited for. An activity has one cancel and one compensation event at most.
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, Finding, Subject
from app.bpmn.source import SourceElement

_SECTION = "BPMN 2.0.2, 10.5.4"


def boundary_hosts(subject: Subject) -> Iterator[Finding]:
    for event in subject.document.of_kind("boundaryEvent"):
        host = subject.document.refer(event.get("attachedToRef"))
        if host is not None and host.kind in ACTIVITIES:
            yield from _check(subject, event, host)
    for events in subject.boundary_events.values():
        for kind in ("cancel", "compensate"):
            same = [event for event in events if kind in subject.event_kinds(event)]
            for event in same[1:]:
                yield Finding(
                    event,
                    f"Expected one {kind} event on an activity, but found {len(same)}.",
                    "Keep one of them.",
                    _SECTION,
                )


def _check(subject: Subject, event: SourceElement, host: SourceElement) -> Iterator[Finding]:
    if subject.scope(event) is not subject.scope(host):
        yield Finding(
            event,
            f"Expected the boundary event in the same scope as its activity {host.id}, but found it in another.",
            "Move the event into the process or subprocess around the activity.",
            _SECTION,
        )
    if host.flag("triggeredByEvent", default=False):
        yield _standing_apart(event, f"the event subprocess {host.id}", "Attach it to an activity inside it.")
    if host.flag("isForCompensation", default=False):
        remedy = "Make the handler a subprocess and attach the event inside it."
        yield _standing_apart(event, f"the compensation activity {host.id}", remedy)


def _standing_apart(event: SourceElement, found: str, remedy: str) -> Finding:
    message = f"Expected a boundary event on an activity of the normal flow, but found it on {found}."
    return Finding(event, message, remedy, _SECTION)
