"""BPMN 2.0.2, 10.5.5: a compensation event names an activity that it sees: beside it, or around its event subprocess.

Any other is not found when the event is thrown, and nothing is undone.
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, THROW_EVENTS, Finding, Subject
from app.errors import Severity


def compensated_activities(subject: Subject) -> Iterator[Finding]:
    for event in subject.document.of_kind(*THROW_EVENTS):
        scope = subject.scope(event)
        visible = [scope]
        if scope is not None and scope.flag("triggeredByEvent", default=False):
            visible.append(subject.scope(scope))
        for definition in subject.event_definitions(event):
            reference = definition.get("activityRef") if definition.kind == "compensateEventDefinition" else ""
            activity = subject.document.refer(reference) if reference else None
            if activity is not None and activity.kind in ACTIVITIES and subject.scope(activity) not in visible:
                yield Finding(
                    event,
                    f"Expected an activity of the same scope to compensate, but found {activity.id} in another.",
                    "Name the subprocess around it, or leave activityRef out to compensate the whole scope.",
                    "BPMN 2.0.2, 10.5.5",
                    Severity.WARNING,
                )
