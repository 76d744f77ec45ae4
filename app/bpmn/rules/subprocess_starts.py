"""BPMN 2.0.2, 10.5.2: an embedded subprocess starts with a none start event."""

from collections.abc import Iterator

from app.bpmn.rules.subject import SUBPROCESSES, Finding, Subject


def subprocess_starts(subject: Subject) -> Iterator[Finding]:
    for subprocess in subject.document.of_kind(*SUBPROCESSES):
        if subprocess.flag("triggeredByEvent", default=False):
            continue
        for start in subprocess.all("startEvent"):
            for kind in subject.event_kinds(start):
                for rule in ("EXT100", "EXT121") if kind == "compensate" else ("EXT100",):
                    yield Finding(
                        start,
                        f"Expected a none start event in an embedded subprocess, but found {kind}.",
                        "Remove the event definition, or make it an event subprocess.",
                        rule,
                    )
