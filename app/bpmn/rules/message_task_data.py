"""BPMN 2.0.2, 10.3.3: the data of a send or receive task is its message, once."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

# kind of the task, its sets and its data; the rules that one set, one of the data, and the message's item are there
_TASKS = (
    ("sendTask", "inputSet", "dataInput", ("EXT046", "EXT047", "EXT048")),
    ("receiveTask", "outputSet", "dataOutput", ("EXT050", "EXT051", "EXT052")),
)


def message_task_data(subject: Subject) -> Iterator[Finding]:
    for kind, set_kind, data_kind, (one_set, one_data, same_item) in _TASKS:
        for task in subject.document.of_kind(kind):
            specification = task.first("ioSpecification")
            message = subject.document.refer(task.get("messageRef")) if task.get("messageRef") else None
            if specification is None or message is None or message.kind != "message":
                continue
            sets, data = list(specification.all(set_kind)), list(specification.all(data_kind))
            breaches = []
            if len(sets) > 1:
                breaches.append((f"one {set_kind}, but found {len(sets)}", one_set))
            if len(data) > 1:
                breaches.append((f"one {data_kind}, but found {len(data)}", one_data))
            breaches += [
                (f"a {data_kind} of the message's item, but found {found.id}", same_item)
                for found in data
                if not subject.same_item(subject.item(found), subject.item(message, "itemRef"))
            ]
            for text, rule in breaches:
                remedy = f"Let the ioSpecification of the {kind} hold the message and nothing else."
                yield Finding(task, f"Expected {text}.", remedy, rule, Severity.WARNING)
