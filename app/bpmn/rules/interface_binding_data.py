"""BPMN 2.0.2, 10.4.1 (InputOutputBinding): a binding joins one input and one output to an operation that is offered.

What goes in and out has the structure of the operation's messages.
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import GLOBAL_TASKS, Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity

_SIDES = (
    ("inputDataRef", "inMessageRef", "dataInputRefs", "dataInput"),
    ("outputDataRef", "outMessageRef", "dataOutputRefs", "dataOutput"),
)


def interface_binding_data(subject: Subject) -> Iterator[Finding]:
    for owner in subject.document.of_kind("process", *GLOBAL_TASKS):
        offered = [subject.document.refer(each.text) for each in owner.all("supportedInterfaceRef")]
        for binding in owner.all("ioBinding"):
            operation = subject.document.refer(binding.get("operationRef"))
            if operation is None or operation.kind != "operation":
                continue  # the rules `references` and `required_attributes` say so
            if subject.document.parent(operation) not in offered:
                yield _finding(owner, f"a binding to an operation that is offered, but found {operation.id}")
            for side, message_kind, members, data_kind in _SIDES:
                reference = operation.first(message_kind)
                message = subject.document.refer(reference.text) if reference is not None else None
                bound = subject.document.refer(binding.get(side))
                if message is None or bound is None:
                    continue
                expected = subject.item(message, "itemRef")
                for data in _data(subject, bound, members, data_kind):
                    if not subject.same_item(subject.item(data), expected):
                        yield _finding(owner, f"{data.id} to be structured as message {message.id}, but it is not")


def _data(subject: Subject, bound: SourceElement, members: str, kind: str) -> Iterator[SourceElement]:
    """The inputs or outputs of the set that is bound, or the one that is bound itself."""
    for data in [bound] if bound.kind == kind else [subject.document.refer(each.text) for each in bound.all(members)]:
        if data is not None:
            yield data


def _finding(owner: SourceElement, expected: str) -> Finding:
    remedy = "Bind an input and an output of the same structure to an operation of a supported interface."
    return Finding(owner, f"Expected {expected}.", remedy, "EXT065", Severity.WARNING)
