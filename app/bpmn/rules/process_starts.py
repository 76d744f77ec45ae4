"""BPMN 2.0.2, 10.5.2: which events can start a process."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject

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
