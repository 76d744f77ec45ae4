"""BPMN 2.0.2, 10.3.5 and 10.5.2: an event subprocess has one start event, which waits for something that can happen."""

from collections.abc import Iterator

from app.bpmn.rules.subject import SUBPROCESSES, Finding, Subject
from app.bpmn.source import SourceElement

_INTERRUPTING = {"message", "timer", "escalation", "error", "compensate", "conditional", "signal"}
_NON_INTERRUPTING = _INTERRUPTING - {"error", "compensate"}


def event_subprocess_starts(subject: Subject) -> Iterator[Finding]:
    for subprocess in subject.document.of_kind(*SUBPROCESSES):
        if not subprocess.flag("triggeredByEvent", default=False):
            continue
        starts = list(subprocess.all("startEvent"))
        if len(starts) != 1:
            yield Finding(
                subprocess,
                f"Expected exactly one start event in an event subprocess, but found {len(starts)}.",
                "Draw one start event for each event subprocess.",
                "EXT058",
            )
        for start in starts:
            yield from _check(subject, start)


def _check(subject: Subject, start: SourceElement) -> Iterator[Finding]:
    kinds = subject.event_kinds(start)
    if not kinds:
        for rule in ("EXT059", "EXT129"):
            yield Finding(
                start,
                "Expected a start event that waits for an event, but found a none start event in an event subprocess.",
                "Choose the event that starts the subprocess.",
                rule,
            )
    is_interrupting = start.flag("isInterrupting", default=True)
    for kind in kinds:
        if kind not in (_INTERRUPTING if is_interrupting else _NON_INTERRUPTING):
            word = "an interrupting" if is_interrupting else "a non-interrupting"
            yield Finding(
                start,
                f"Expected an event that can start {word} event subprocess, but found {kind}.",
                "Choose another event"
                + ("." if is_interrupting or kind not in _INTERRUPTING else ", or make the start event interrupting."),
                "EXT059",
            )
