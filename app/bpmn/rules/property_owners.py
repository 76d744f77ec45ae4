"""BPMN 2.0.2, 10.4.1: properties belong to processes, activities and events."""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, EVENTS, Finding, Subject


def property_owners(subject: Subject) -> Iterator[Finding]:
    for found in subject.document.of_kind("property"):
        owner = subject.document.parent(found)
        if owner is None or owner.kind not in ("process", *ACTIVITIES, *EVENTS):
            yield Finding(
                found,
                "Expected a property inside a process, an activity or an event, but found it in "
                f"{owner.kind if owner is not None else 'nothing'}.",
                "Move the property, or use a process variable.",
                "EXT078",
            )
