"""BPMN 2.0.2, 10.3.6: a process that is called has a none start event."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject


def called_starts(subject: Subject) -> Iterator[Finding]:
    for activity in subject.document.of_kind("callActivity"):
        called = subject.document.refer(activity.get("calledElement"))
        if called is None or called.kind != "process":
            continue
        starts = list(called.all("startEvent"))
        if starts and all(subject.event_definitions(start) for start in starts):
            yield Finding(
                activity,
                f"Expected a none start event in the called process {called.id}, but found only others.",
                "Add a none start event to the called process.",
                "EXT099",
            )
