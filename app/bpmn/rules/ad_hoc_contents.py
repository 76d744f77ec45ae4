"""BPMN 2.0.2, 10.3.5: an ad-hoc subprocess contains activities, and neither start nor end events."""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, CHOREOGRAPHY_ACTIVITIES, Finding, Subject


def ad_hoc_contents(subject: Subject) -> Iterator[Finding]:
    for subprocess in subject.document.of_kind("adHocSubProcess"):
        if subprocess.first(*ACTIVITIES) is None:
            yield Finding(
                subprocess,
                "Expected at least one activity in an ad-hoc subprocess, but found none.",
                "Put the activities that may be done into it.",
                "EXT061",
            )
        for stranger in subprocess.all("startEvent", "endEvent", *CHOREOGRAPHY_ACTIVITIES):
            yield Finding(
                stranger,
                f"Expected no start, end or choreography in an ad-hoc subprocess, but found a {stranger.kind}.",
                "Remove it.",
                "EXT062",
            )
