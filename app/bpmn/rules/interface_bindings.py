"""BPMN 2.0.2, 10.2 (CallableElement): what is offered as a service binds its data to the operations."""

from collections.abc import Iterator

from app.bpmn.rules.subject import GLOBAL_TASKS, Finding, Subject
from app.errors import Severity


def interface_bindings(subject: Subject) -> Iterator[Finding]:
    for callable_element in subject.document.of_kind("process", *GLOBAL_TASKS):
        if callable_element.first("supportedInterfaceRef") and callable_element.first("ioBinding") is None:
            yield Finding(
                callable_element,
                "Expected an ioBinding for the supported interface, but found none.",
                "Add an ioBinding for each operation, or remove supportedInterfaceRef.",
                "EXT064",
                Severity.WARNING,
            )
