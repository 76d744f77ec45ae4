"""BPMN 2.0.2, 10.5.1: an event that says its data has one input or output for each of its definitions.

An event with several definitions says its data where they carry some.
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import CATCH_EVENTS, EVENTS, Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity

# what a definition carries: its reference, and that one's reference to an item definition
CARRIERS = {
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
        is_missing = len(definitions) > 1 and present < needed and subject.is_executable(event)
        if is_missing or (definitions and present > 0 and present not in (needed, len(definitions))):
            yield Finding(
                event,
                f"Expected a {kind} for each of the {needed or len(definitions)} definitions, but found {present}.",
                f"Write one {kind} for each definition, in their order.",
                "EXT093",
                Severity.WARNING,
            )


def _carries_data(subject: Subject, definition: SourceElement) -> bool:
    if definition.kind not in CARRIERS:
        return False
    reference, item = CARRIERS[definition.kind]
    carrier = subject.document.refer(definition.get(reference))
    return carrier is not None and bool(carrier.get(item))
