"""BPMN 2.0.2, 10.3.3: the data of a service task fits the messages of its operation."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity


def service_task_data(subject: Subject) -> Iterator[Finding]:
    for task in subject.document.of_kind("serviceTask"):
        operation = subject.document.refer(task.get("operationRef")) if task.get("operationRef") else None
        if operation is None or operation.kind != "operation" or not subject.is_executable(task):
            continue
        data = task.first("ioSpecification")
        incoming, outgoing = _message(subject, operation, "inMessageRef"), _message(subject, operation, "outMessageRef")
        if data is None or (incoming is not None and data.first("dataInput") is None):
            yield _finding(task, "data inputs for the message of its operation", "none", "EXT042")
            continue
        for kind, rule in (("inputSet", "EXT042"), ("outputSet", "EXT043")):
            count = sum(1 for _ in data.all(kind))
            if count > 1 or (count == 0 and kind == "inputSet"):
                yield _finding(task, f"one {kind} with an operation", str(count), rule)
        for message, kind, rule in ((incoming, "dataInput", "EXT044"), (outgoing, "dataOutput", "EXT045")):
            item = subject.item(message, "itemRef")
            for found in data.all(kind) if message is not None else ():
                if not subject.same_item(subject.item(found), item):
                    yield _finding(task, f"a {kind} of the message's item", found.id, rule)


def _message(subject: Subject, operation: SourceElement, kind: str) -> SourceElement | None:
    reference = operation.first(kind)
    return subject.document.refer(reference.text) if reference is not None else None


def _finding(task: SourceElement, expected: str, found: str, rule: str) -> Finding:
    return Finding(
        task,
        f"Expected {expected}, but found {found}.",
        "Let ioSpecification and the operation's messages agree, or remove operationRef.",
        rule,
        Severity.WARNING,
    )
