"""BPMN 2.0.2, 8.4.4: an event that throws an escalation says its code."""

from collections.abc import Iterator

from app.bpmn.rules.subject import THROW_EVENTS, Finding, Subject


def escalation_codes(subject: Subject) -> Iterator[Finding]:
    for event in subject.document.of_kind(*THROW_EVENTS):
        for definition in subject.event_definitions(event):
            if definition.kind != "escalationEventDefinition" or not subject.is_executable(event):
                continue
            escalation = subject.document.refer(definition.get("escalationRef"))
            if escalation is None or not escalation.get("escalationCode"):
                yield Finding(
                    event,
                    "Expected an escalation with an escalationCode to throw, but found "
                    + ("no escalation." if escalation is None else f"none on escalation {escalation.id}."),
                    "Choose an escalation and give it a code.",
                    "EXT011",
                )
