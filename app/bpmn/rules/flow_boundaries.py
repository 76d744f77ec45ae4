"""BPMN 2.0.2, 7.6.1: a sequence flow stays inside its pool and its subprocess."""

from collections.abc import Iterator

from app.bpmn.rules.subject import FLOW_NODES, Finding, Subject
from app.errors import Severity


def flow_boundaries(subject: Subject) -> Iterator[Finding]:
    for flow in subject.sequence_flows:
        source, target = subject.source(flow), subject.target(flow)
        if source is None or target is None or source.kind not in FLOW_NODES or target.kind not in FLOW_NODES:
            continue
        if subject.process(source) is not subject.process(target):
            yield Finding(
                flow,
                "Expected a sequence flow inside one pool, but found one from a pool to another.",
                "Use a message flow between pools.",
                "EXT028",
            )
        elif subject.scope(source) is not subject.scope(target):
            yield Finding(
                flow,
                "Expected a sequence flow inside one subprocess, but found one across its boundary.",
                "Let the flow end at the subprocess.",
                "EXT152",
            )
        elif subject.scope(flow) is not subject.scope(source):
            yield Finding(
                flow,
                "Expected a sequence flow written beside the elements that it connects, but found it in another scope.",
                "Move the flow into the process or subprocess of its ends.",
                "BPMN 2.0.2, 7.6.1",
                Severity.WARNING,
            )
