"""BPMN 2.0.2, 10.2: a public process is not executable."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def public_processes(subject: Subject) -> Iterator[Finding]:
    for process in subject.document.of_kind("process"):
        if process.get("processType") == "Public" and process.flag("isExecutable", default=False):
            yield Finding(
                process,
                "Expected a public process not to be executable, but found isExecutable.",
                'Set processType to "Private".',
                "EXT035",
                Severity.WARNING,
            )
