"""BPMN 2.0.2, 10.4.1: a reference to a data object in a state is named after both: "Invoice [paid]"."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def data_states(subject: Subject) -> Iterator[Finding]:
    for reference in subject.document.of_kind("dataObjectReference"):
        state = reference.first("dataState")
        data = subject.document.refer(reference.get("dataObjectRef"))
        if state is None or data is None:
            continue
        name = f"{data.name} [{state.name}]"
        if not state.name.strip() or " ".join(reference.name.split()) != " ".join(name.split()):
            yield Finding(
                reference,
                f"Expected the name {name!r} for a data object in a state, but found {reference.name!r}.",
                "Rename the reference or its state.",
                "EXT076",
                Severity.WARNING,
            )
