"""BPMN 2.0.2, 10.3.5: an ad-hoc subprocess contains activities, and neither start nor end events."""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, Finding, Subject


def ad_hoc_contents(subject: Subject) -> Iterator[Finding]:
    for subprocess in subject.document.of_kind("adHocSubProcess"):
        if subprocess.first(*ACTIVITIES) is None:
            yield Finding(
                subprocess,
                "Expected at least one activity in an ad-hoc subprocess, but found none.",
                "Put the activities that may be done into it.",
                "EXT060",
            )
        for event in subprocess.all("startEvent", "endEvent"):
            yield Finding(
                event,
                f"Expected no start or end event in an ad-hoc subprocess, but found a {event.kind}.",
                "Remove the event.",
                "EXT061",
            )
