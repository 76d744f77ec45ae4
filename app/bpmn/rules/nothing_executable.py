"""A file in which no process is executable can be drawn and kept, but not started. Global tasks are called."""

from collections.abc import Iterator

from app.bpmn.rules.subject import GLOBAL_TASKS, Finding, Subject
from app.errors import Severity


def nothing_executable(subject: Subject) -> Iterator[Finding]:
    processes = list(subject.document.of_kind("process"))
    runs = any(process.flag("isExecutable", default=False) for process in processes)
    if not runs and subject.document.root.first(*GLOBAL_TASKS) is None:
        yield Finding(
            processes[0] if processes else subject.document.root,
            "Expected an executable process, but found none. Nothing in this file can be started.",
            'Set isExecutable="true" on the process that shall run.',
            severity=Severity.WARNING,
        )
