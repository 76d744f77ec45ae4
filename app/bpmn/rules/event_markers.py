"""BPMN 2.0.2, 10.5.2 and 10.5.4: isInterrupting is said in event subprocesses, parallelMultiple of several definitions.

Anywhere else they mean nothing.
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import CATCH_EVENTS, Finding, Subject
from app.errors import Severity


def event_markers(subject: Subject) -> Iterator[Finding]:
    for start in subject.document.of_kind("startEvent"):
        scope = subject.scope(start)
        is_in_event_subprocess = scope is not None and scope.flag("triggeredByEvent", default=False)
        if not start.flag("isInterrupting", default=True) and not is_in_event_subprocess:
            yield Finding(
                start,
                "Expected isInterrupting false in event subprocesses only, but found it on another start event.",
                "Remove isInterrupting.",
                "BPMN 2.0.2, 10.5.2",
                Severity.WARNING,
            )
    for event in subject.document.of_kind(*CATCH_EVENTS):
        count = len(subject.event_definitions(event))
        if event.flag("parallelMultiple", default=False) and count < 2:
            yield Finding(
                event,
                f"Expected several definitions on a parallel multiple event, but found {count}.",
                "Add the definitions, or remove parallelMultiple.",
                "BPMN 2.0.2, 10.5.4",
                Severity.WARNING,
            )
