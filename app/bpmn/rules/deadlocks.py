"""A parallel join that waits for a token that cannot come (BPMN 2.0.2, 13.4.1).

Two shapes are certain enough to report: branches of one decision that meet in a parallel join, and a join that waits
for a token which only the join itself could send round. A warning: other tokens may still complete it.
"""

from collections.abc import Iterator

from app.bpmn.graph import ScopeGraph, is_compensation, scopes_of
from app.bpmn.model import (
    Activity,
    ComplexGateway,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    InclusiveGateway,
    ParallelGateway,
)
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def deadlocks(subject: Subject) -> Iterator[Finding]:
    for process in subject.definitions.processes:
        for owner, scope in scopes_of(process):
            joins = [node for node in scope.nodes if isinstance(node, ParallelGateway) and len(node.incoming) > 1]
            graph = ScopeGraph(owner, scope)
            for join in joins:
                if join.id in graph.reachable:
                    yield from _check(subject, graph, join)


def _check(subject: Subject, graph: ScopeGraph, join: ParallelGateway) -> Iterator[Finding]:
    for flow in join.incoming:
        if flow.source_id in graph.reachable and graph.dominates(join.id, flow.source_id):
            yield _finding(
                subject,
                join,
                f"the flow {flow.id} comes from a loop that starts only after the join",
                "Let the loop end at an exclusive gateway before the join.",
            )
            return
    split = graph.nodes.get(graph.immediate_dominators[join.id])
    if split is not None and _chooses(graph, split):
        yield _finding(
            subject,
            join,
            f"not all of its branches are taken, because {split.name or split.id} chooses among them",
            "Join with the same kind of gateway that splits.",
        )


def _chooses(graph: ScopeGraph, split: FlowNode) -> bool:
    """Whether tokens leave the node on some of several ways only."""
    if isinstance(split, ExclusiveGateway | InclusiveGateway | ComplexGateway | EventBasedGateway):
        return len(split.outgoing) > 1
    events = [event for event in graph.boundary_events.get(split.id, ()) if not is_compensation(event)]
    is_interrupted = bool(events) and all(event.is_interrupting for event in events)
    return isinstance(split, Activity) and len(split.outgoing) == 1 and is_interrupted


def _finding(subject: Subject, join: ParallelGateway, reason: str, remedy: str) -> Finding:
    return Finding(
        subject.document.by_id(join.id),
        f"Expected a token on every incoming flow of the parallel join, but {reason}. The process can get stuck.",
        remedy,
        "BPMN 2.0.2, 13.4.1",
        Severity.WARNING,
    )
