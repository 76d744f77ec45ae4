"""BPMN 2.0.2, 9.4: a message flow does not connect to a choreography activity."""

from collections.abc import Iterator

from app.bpmn.rules.subject import CHOREOGRAPHY_ACTIVITIES, Finding, Subject, described
from app.errors import Severity


def message_flow_choreographies(subject: Subject) -> Iterator[Finding]:
    for flow in subject.message_flows:
        for end in (subject.source(flow), subject.target(flow)):
            if end is not None and end.kind in CHOREOGRAPHY_ACTIVITIES:
                yield Finding(
                    flow,
                    f"Expected a message flow between participants, but found {described(end)}.",
                    "Connect the participants, or remove the message flow.",
                    "EXT033",
                    Severity.WARNING,
                )
