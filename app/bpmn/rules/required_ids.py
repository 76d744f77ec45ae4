"""BPMN 2.0.2, 8.3.1: what others refer to, and what runs, has an id."""

import re
from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, EVENTS, GATEWAYS, GLOBAL_TASKS, Finding, Subject
from app.errors import Severity

_RUNS = (
    *ACTIVITIES,
    *EVENTS,
    *GATEWAYS,
    *GLOBAL_TASKS,
    *("sequenceFlow", "process", "dataObject", "dataObjectReference", "message", "signal", "error", "escalation"),
)
_STANDS = (
    *("participant", "messageFlow", "lane", "dataStore", "dataStoreReference", "dataInput", "dataOutput"),
    *("itemDefinition", "interface", "operation"),
)


# what XML's own rule for ids forbids and references cannot name: they are lists and have prefixes
_UNNAMEABLE = re.compile(r"[\s:#]")


def required_ids(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.of_kind(*_RUNS, *_STANDS):
        if not element.id.strip():
            yield Finding(
                element,
                f"Expected an id on every {element.kind}, but found none.",
                "Give the element an id.",
                "EXT003",
                Severity.ERROR if element.kind in _RUNS else Severity.WARNING,
            )
        elif _UNNAMEABLE.search(element.id):
            yield Finding(
                element,
                f"Expected an id without spaces, colons and hash signs, but found {element.id!r}.",
                "Write letters, digits, underscores, hyphens and dots.",
                "BPMN 2.0.2, 8.3.1",
            )
