"""BPMN 2.0.2, 10.3.3: the data of a send task is its message, once."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def send_task_data(subject: Subject) -> Iterator[Finding]:
    for task in subject.document.of_kind("sendTask"):
        data = task.first("ioSpecification")
        message = subject.document.refer(task.get("messageRef")) if task.get("messageRef") else None
        if data is None or message is None or message.kind != "message":
            continue
        sets, inputs = list(data.all("inputSet")), list(data.all("dataInput"))
        breaches = []
        if len(sets) > 1:
            breaches.append((f"one inputSet, but found {len(sets)}", "EXT046"))
        if len(inputs) > 1:
            breaches.append((f"one dataInput, but found {len(inputs)}", "EXT047"))
        breaches += [
            (f"a dataInput of the message's item, but found {found.id}", "EXT048")
            for found in inputs
            if not subject.same_item(subject.item(found), subject.item(message, "itemRef"))
        ]
        for text, rule in breaches:
            remedy = "Let the send task's ioSpecification hold the message and nothing else."
            yield Finding(task, f"Expected {text}.", remedy, rule, Severity.WARNING)
