"""BPMN 2.0.2, 10.4.1: a data object has a structure, and its references have states; neither has the other's."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def data_object_states(subject: Subject) -> Iterator[Finding]:
    for data in subject.document.of_kind("dataObject"):
        if data.first("dataState") is not None:
            yield Finding(
                data,
                "Expected the state on a reference to the data object, but found it on the object.",
                "Move <dataState> to the dataObjectReference.",
                "EXT075",
                Severity.WARNING,
            )
    for reference in subject.document.of_kind("dataObjectReference"):
        if reference.get("itemSubjectRef"):
            yield Finding(
                reference,
                "Expected the item definition on the data object, but found it on a reference.",
                "Move itemSubjectRef to the dataObject.",
                "EXT074",
                Severity.WARNING,
            )
