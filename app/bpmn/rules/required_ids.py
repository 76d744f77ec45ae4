"""BPMN 2.0.2, 8.3.1: what others refer to, and what runs, has an id."""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, EVENTS, GATEWAYS, GLOBAL_TASKS, Finding, Subject

_KINDS = (
    *ACTIVITIES,
    *EVENTS,
    *GATEWAYS,
    *GLOBAL_TASKS,
    *("sequenceFlow", "process", "participant", "messageFlow", "lane", "dataObject", "dataObjectReference"),
    *("dataStore", "dataStoreReference", "dataInput", "dataOutput", "message", "signal", "error", "escalation"),
    *("itemDefinition", "interface", "operation"),
)


def required_ids(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.of_kind(*_KINDS):
        if not element.id.strip():
            yield Finding(
                element,
                f"Expected an id on every {element.kind}, but found none.",
                "Give the element an id.",
                "EXT003",
            )
