"""BPMN 2.0.2, 10.3.3: the data of a receive task is its message, once."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def receive_task_data(subject: Subject) -> Iterator[Finding]:
    for task in subject.document.of_kind("receiveTask"):
        data = task.first("ioSpecification")
        message = subject.document.refer(task.get("messageRef")) if task.get("messageRef") else None
        if data is None or message is None or message.kind != "message":
            continue
        sets, outputs = list(data.all("outputSet")), list(data.all("dataOutput"))
        breaches = []
        if len(sets) > 1:
            breaches.append((f"one outputSet, but found {len(sets)}", "EXT050"))
        if len(outputs) > 1:
            breaches.append((f"one dataOutput, but found {len(outputs)}", "EXT051"))
        breaches += [
            (f"a dataOutput of the message's item, but found {found.id}", "EXT052")
            for found in outputs
            if not subject.same_item(subject.item(found), subject.item(message, "itemRef"))
        ]
        for text, rule in breaches:
            remedy = "Let the receive task's ioSpecification hold the message and nothing else."
            yield Finding(task, f"Expected {text}.", remedy, rule, Severity.WARNING)
