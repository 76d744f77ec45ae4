"""BPMN 2.0.2, 10.3.8: an activity loops in one way only."""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, SUBPROCESSES, Finding, Subject


def one_loop(subject: Subject) -> Iterator[Finding]:
    for activity in subject.document.of_kind(*ACTIVITIES):
        loops = list(activity.all("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"))
        if len(loops) < 2:
            continue
        rules = ["EXT054"] if activity.kind in SUBPROCESSES else ["EXT041"]
        rules += ["EXT055"] if activity.kind == "adHocSubProcess" else []
        for rule in rules:
            yield Finding(
                activity,
                f"Expected one loop marker at most, but found {len(loops)}.",
                "Keep either the standard loop or the multi-instance marker.",
                rule,
            )
