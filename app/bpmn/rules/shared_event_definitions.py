"""BPMN 2.0.2, 10.5.1: an event definition that several events use stands at the root of the file."""

from collections.abc import Iterator

from app.bpmn.reading.events import DEFINITION_KINDS
from app.bpmn.rules.subject import Finding, Subject


def shared_event_definitions(subject: Subject) -> Iterator[Finding]:
    for reference in subject.document.of_kind("eventDefinitionRef"):
        definition = subject.document.refer(reference.text)
        if definition is None or definition.kind not in DEFINITION_KINDS:
            continue
        if subject.document.parent(definition) is not subject.document.root:
            yield Finding(
                subject.document.parent(reference),
                f"Expected eventDefinitionRef to name a definition at the root, but {definition.id} is in an event.",
                "Move the definition to the root, or copy it into the event.",
                "EXT095",
            )
