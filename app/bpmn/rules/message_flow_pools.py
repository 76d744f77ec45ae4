"""BPMN 2.0.2, 7.6.2: a message flow connects two different pools."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def message_flow_pools(subject: Subject) -> Iterator[Finding]:
    for flow in subject.message_flows:
        source, target = subject.source(flow), subject.target(flow)
        if source is None or target is None:
            continue
        pool = subject.pool(source)
        if pool is not None and pool is subject.pool(target):
            yield Finding(
                flow,
                "Expected a message flow between two pools, but both ends are in the same.",
                "Use a sequence flow inside a pool.",
                "EXT031",
                Severity.WARNING,
            )
