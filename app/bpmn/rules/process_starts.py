"""BPMN 2.0.2, 10.5.2: which events can start a process, and how many of them without an event."""

from collections.abc import Iterator

from app.bpmn.model import Dialect
from app.bpmn.rules.subject import SUBPROCESSES, Finding, Subject
from app.bpmn.source import SourceElement

_ALLOWED = {"message", "timer", "conditional", "signal"}


def process_starts(subject: Subject) -> Iterator[Finding]:
    for process in subject.document.of_kind("process"):
        for start in process.all("startEvent"):
            for kind in subject.event_kinds(start):
                if kind in _ALLOWED:
                    continue
                for rule in ("EXT098", "EXT121") if kind == "compensate" else ("EXT098",):
                    yield Finding(
                        start,
                        f"Expected a none, message, timer, conditional or signal start, but found {kind}.",
                        "Choose another event, or move it into an event subprocess.",
                        rule,
                    )
        yield from _several(subject, process)
    for subprocess in subject.document.of_kind(*SUBPROCESSES):
        yield from _several(subject, subprocess)


def _several(subject: Subject, scope: SourceElement) -> Iterator[Finding]:
    """Camunda's engines refuse a second none start; BPMN lets each of them start an instance of its own."""
    starts = [start for start in scope.all("startEvent") if not subject.event_definitions(start)]
    for start in starts[1:] if subject.definitions.dialect is not Dialect.PLAIN else ():
        yield Finding(
            start,
            f"Expected one none start event, but found {len(starts)}.",
            "Keep one of them; let the others wait for an event.",
            "BPMN 2.0.2, 10.5.2",
        )
