"""BPMN 2.0.2, 10.4.1: a data state has a name."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject


def data_states(subject: Subject) -> Iterator[Finding]:
    for state in subject.document.of_kind("dataState"):
        if not state.name.strip():
            yield Finding(
                subject.document.parent(state),
                "Expected a name for the data state, but found none.",
                "Name the state or remove it.",
                "EXT076",
                subject.notation,
            )
