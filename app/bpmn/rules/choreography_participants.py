"""BPMN 2.0.2, 11.5: a choreography task is between two participants, one of which begins, over flows between them."""

from collections.abc import Iterator

from app.bpmn.rules.subject import CHOREOGRAPHY_ACTIVITIES, Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity


def choreography_participants(subject: Subject) -> Iterator[Finding]:
    for activity in subject.document.of_kind(*CHOREOGRAPHY_ACTIVITIES):
        names = [each.text.rpartition(":")[2] for each in activity.all("participantRef")]
        beginner = activity.get("initiatingParticipantRef").rpartition(":")[2]
        if beginner and beginner not in names:
            yield _finding(activity, f"the initiating participant among its own, but found {beginner}")
        if activity.kind == "choreographyTask" and len(names) > 2:
            yield _finding(activity, f"two participants of a choreography task, but found {len(names)}")
        for reference in activity.all("messageFlowRef"):
            flow = subject.document.refer(reference.text)
            if flow is None or flow.kind != "messageFlow":
                continue  # the rule `references` says so
            ends = {flow.get(side).rpartition(":")[2] for side in ("sourceRef", "targetRef")}
            if not ends <= set(names):
                yield _finding(activity, f"message flows between its participants, but found {flow.id}")


def _finding(activity: SourceElement, expected: str) -> Finding:
    remedy = "Correct the participants of the choreography activity."
    return Finding(activity, f"Expected {expected}.", remedy, "BPMN 2.0.2, 11.5", Severity.WARNING)
