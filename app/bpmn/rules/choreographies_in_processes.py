"""BPMN 2.0.2, 10.3.5: a process or subprocess contains no choreography activity."""

from collections.abc import Iterator

from app.bpmn.rules.subject import CHOREOGRAPHY_ACTIVITIES, Finding, Subject, described


def choreographies_in_processes(subject: Subject) -> Iterator[Finding]:
    for scope in subject.scopes():
        for activity in scope.all(*CHOREOGRAPHY_ACTIVITIES):
            yield Finding(
                scope,
                f"Expected activities of a process in {scope.kind} {scope.id}, but found {described(activity)}.",
                "Move the choreography activity into a choreography.",
                "EXT036" if scope.kind == "process" else "EXT056",
            )
