"""BPMN 2.0.2, 10.5.1: an event with several definitions has one data input or output for each that carries data."""

from collections.abc import Iterator

from app.bpmn.rules.subject import CATCH_EVENTS, EVENTS, Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity

_CARRIERS = {
    "messageEventDefinition": ("messageRef", "itemRef"),
    "signalEventDefinition": ("signalRef", "structureRef"),
    "errorEventDefinition": ("errorRef", "structureRef"),
    "escalationEventDefinition": ("escalationRef", "structureRef"),
}


def event_data(subject: Subject) -> Iterator[Finding]:
    for event in subject.document.of_kind(*EVENTS):
        definitions = subject.event_definitions(event)
        needed = sum(1 for definition in definitions if _carries_data(subject, definition))
        kind = "dataOutput" if event.kind in CATCH_EVENTS else "dataInput"
        present = sum(1 for _ in event.all(kind))
        if len(definitions) > 1 and present < needed and subject.is_executable(event):
            yield Finding(
                event,
                f"Expected a {kind} for each of the {needed} definitions that carry data, but found {present}.",
                f"Add the missing {kind}, in the order of the definitions.",
                "EXT093",
                Severity.WARNING,
            )


def _carries_data(subject: Subject, definition: SourceElement) -> bool:
    if definition.kind not in _CARRIERS:
        return False
    reference, item = _CARRIERS[definition.kind]
    carrier = subject.document.refer(definition.get(reference))
    return carrier is not None and bool(carrier.get(item))
