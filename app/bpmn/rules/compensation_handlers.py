"""BPMN 2.0.2, 10.5.6 and 10.7: a compensation boundary event is associated with one compensation activity."""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, Finding, Subject
from app.bpmn.source import SourceElement


def compensation_handlers(subject: Subject) -> Iterator[Finding]:
    for event in subject.document.of_kind("boundaryEvent"):
        if "compensate" not in subject.event_kinds(event):
            continue
        handlers = _associated(subject, event)
        if len(handlers) != 1:
            yield Finding(
                event,
                f"Expected an association with one compensation activity, but found {len(handlers)}.",
                "Draw an association from the event to the activity that compensates.",
                "EXT143",
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


def _associated(subject: Subject, event: SourceElement) -> list[SourceElement]:
    """The activities that an association connects with the event, in either direction."""
    found = []
    for association in subject.document.of_kind("association"):
        ends = [subject.document.refer(association.get(side)) for side in ("sourceRef", "targetRef")]
        if event in ends:
            found += [end for end in ends if end is not None and end is not event and end.kind in ACTIVITIES]
    return found
