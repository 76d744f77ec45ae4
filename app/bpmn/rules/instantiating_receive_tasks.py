"""BPMN 2.0.2, 10.3.3: a receive task that starts the process has no incoming flow."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject


def instantiating_receive_tasks(subject: Subject) -> Iterator[Finding]:
    for task in subject.document.of_kind("receiveTask"):
        if task.flag("instantiate", default=False) and subject.incoming(task):
            yield Finding(
                task,
                "Expected no incoming sequence flow on a receive task that starts the process, but found one.",
                "Remove instantiate or the flow.",
                "EXT049",
            )
