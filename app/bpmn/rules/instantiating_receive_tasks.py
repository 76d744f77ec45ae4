"""BPMN 2.0.2, 10.3.3: a receive task that starts the process has no incoming flow, and is in no subprocess."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject, described


def instantiating_receive_tasks(subject: Subject) -> Iterator[Finding]:
    for task in subject.document.of_kind("receiveTask"):
        if not task.flag("instantiate", default=False):
            continue
        scope = subject.scope(task)
        if scope is not None and scope.kind != "process":
            yield Finding(
                task,
                f"Expected a receive task that starts the process at its top level, but it is in {described(scope)}.",
                "Remove instantiate, or move the task out of the subprocess.",
                "BPMN 2.0.2, 10.3.3",
            )
        if subject.incoming(task):
            yield Finding(
                task,
                "Expected no incoming sequence flow on a receive task that starts the process, but found one.",
                "Remove instantiate or the flow.",
                "EXT049",
            )
