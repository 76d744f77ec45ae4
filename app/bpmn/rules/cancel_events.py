"""BPMN 2.0.2, 10.3.5 and 10.5: cancel events belong to transactions."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject


def cancel_events(subject: Subject) -> Iterator[Finding]:
    for event in subject.document.of_kind("endEvent"):
        scope = subject.scope(event)
        if "cancel" in subject.event_kinds(event) and (scope is None or scope.kind != "transaction"):
            yield Finding(
                event,
                "Expected a cancel end event inside a transaction, but found it in "
                f"{scope.kind if scope is not None else 'nothing'}.",
                "Move it into a transaction, or use an error end event.",
                "EXT106",
            )
    for event in subject.document.of_kind("boundaryEvent"):
        activity = subject.document.refer(event.get("attachedToRef"))
        if "cancel" in subject.event_kinds(event) and activity is not None and activity.kind != "transaction":
            for rule in ("EXT111", "EXT120"):
                yield Finding(
                    event,
                    f"Expected a cancel boundary event on a transaction, but found it on a {activity.kind}.",
                    "Attach it to a transaction, or catch an error.",
                    rule,
                )
