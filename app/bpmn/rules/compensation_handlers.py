"""BPMN 2.0.2, 10.5.6 and 10.7: a compensation boundary event is associated with one compensation activity."""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity


def compensation_handlers(subject: Subject) -> Iterator[Finding]:
    associated = _associated(subject)
    sources = [subject.source(association) for association in subject.document.of_kind("association")]
    leading = {source.index for source in sources if source is not None}
    for event in subject.document.of_kind("boundaryEvent"):
        if "compensate" not in subject.event_kinds(event):
            continue
        handlers = associated.get(event.index, [])
        if len(handlers) != 1:
            yield Finding(
                event,
                f"Expected an association with one compensation activity, but found {len(handlers)}.",
                "Draw an association from the event to the activity that compensates.",
                "EXT143",
            )
        if len(handlers) == 1 and event.index not in leading:
            yield Finding(
                event,
                "Expected an association from the event to its handler, but found one that leads to the event.",
                "Turn the association round.",
                "EXT143",
                Severity.WARNING,
            )
        for handler in handlers:
            if not handler.flag("isForCompensation", default=False):
                yield Finding(
                    event,
                    f"Expected the associated activity {handler.id} to be for compensation, but it is not.",
                    "Set isForCompensation on the activity.",
                    "EXT144",
                )
    for activity in subject.document.of_kind(*ACTIVITIES):
        flows = [*subject.incoming(activity), *subject.outgoing(activity)]
        if activity.flag("isForCompensation", default=False) and flows:
            yield Finding(
                activity,
                f"Expected no sequence flow on a compensation activity, but found {flows[0].id}.",
                "Reach it by an association from a compensation boundary event.",
                "EXT145",
            )


def _associated(subject: Subject) -> dict[int, list[SourceElement]]:
    """The place of an element to the activities that an association connects with it, in either direction."""
    found: dict[int, list[SourceElement]] = {}
    for association in subject.document.of_kind("association"):
        source, target = subject.source(association), subject.target(association)
        for end, other in ((source, target), (target, source)):
            if end is not None and other is not None and other.kind in ACTIVITIES:
                found.setdefault(end.index, []).append(other)
    return found
