"""BPMN 2.0.2, 8.4.13: in an executable process nothing happens between the ends of a flow that is not drawn."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def immediate_flows(subject: Subject) -> Iterator[Finding]:
    for flow in subject.sequence_flows:
        if not flow.flag("isImmediate", default=True) and subject.is_executable(flow):
            yield Finding(
                flow,
                "Expected a flow that leads to its target at once, but found isImmediate false.",
                "Remove isImmediate, and draw what happens between.",
                "EXT024",
                Severity.WARNING,
            )
