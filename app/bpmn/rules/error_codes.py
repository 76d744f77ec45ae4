"""BPMN 2.0.2, 8.4.3: an error end event says which error it throws, and the error has a code."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject


def error_codes(subject: Subject) -> Iterator[Finding]:
    for event in subject.document.of_kind("endEvent"):
        for definition in subject.event_definitions(event):
            if definition.kind != "errorEventDefinition" or not subject.is_executable(event):
                continue
            error = subject.document.refer(definition.get("errorRef"))
            if error is None or not error.get("errorCode"):
                yield Finding(
                    event,
                    "Expected an error with an errorCode to throw, but found "
                    + ("no error." if error is None else f"none on error {error.id}."),
                    "Choose an error and give it a code.",
                    "BPMN 2.0.2, 8.4.3",
                )
