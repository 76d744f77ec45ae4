"""BPMN 2.0.2, 10.3.5: an event subprocess runs each time that its event happens; it does not loop."""

from collections.abc import Iterator

from app.bpmn.rules.subject import SUBPROCESSES, Finding, Subject


def event_subprocess_markers(subject: Subject) -> Iterator[Finding]:
    for subprocess in subject.document.of_kind(*SUBPROCESSES):
        loop = subprocess.first("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
        if loop is not None and subprocess.flag("triggeredByEvent", default=False):
            yield Finding(
                subprocess,
                f"Expected an event subprocess without a loop, but found {loop.kind}.",
                "Put a subprocess with the loop into the event subprocess.",
                "BPMN 2.0.2, 10.3.5",
            )
