"""BPMN 2.0.2, 10.5.1: the data of an event has the structure that its definitions carry, in their order."""

from collections.abc import Iterator

from app.bpmn.rules.event_data import CARRIERS
from app.bpmn.rules.subject import CATCH_EVENTS, EVENTS, Finding, Subject
from app.errors import Severity


def event_data_items(subject: Subject) -> Iterator[Finding]:
    for event in subject.document.of_kind(*EVENTS):
        definitions = subject.event_definitions(event)
        carrying = [definition for definition in definitions if definition.kind in CARRIERS]
        data = list(event.all("dataOutput" if event.kind in CATCH_EVENTS else "dataInput"))
        for definition, found in zip(definitions if len(data) == len(definitions) else carrying, data, strict=False):
            if definition.kind not in CARRIERS:
                continue
            reference, item = CARRIERS[definition.kind]
            carrier = subject.document.refer(definition.get(reference)) if definition.get(reference) else None
            expected = subject.item(carrier, item)
            if carrier is not None and expected and not subject.same_item(expected, subject.item(found)):
                yield Finding(
                    event,
                    f"Expected {found.id or found.kind} to have the item definition of {carrier.kind} {carrier.id}, "
                    "but found another.",
                    "Let both name the same item definition.",
                    "EXT094",
                    Severity.WARNING,
                )
