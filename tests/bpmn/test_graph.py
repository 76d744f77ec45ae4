"""Reachability and dominators against the plainest possible reckoning, on random graphs."""

from hypothesis import given
from hypothesis import strategies as st

from app.bpmn.graph import ScopeGraph
from app.bpmn.model import Process, Scope, SequenceFlow, StartEvent, Task

EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20)


def graph_of(edges: list[tuple[int, int]]) -> ScopeGraph:
    """Node 0 is a start event, the others are tasks."""
    flows = [SequenceFlow(id=f"f{i}", source_id=str(a), target_id=str(b)) for i, (a, b) in enumerate(edges)]
    nodes = tuple(
        (StartEvent if number == 0 else Task)(
            id=str(number),
            incoming=tuple(flow for flow in flows if flow.target_id == str(number)),
            outgoing=tuple(flow for flow in flows if flow.source_id == str(number)),
        )
        for number in range(8)
    )
    scope = Scope(nodes=nodes, flows=tuple(flows))
    return ScopeGraph(Process(id="p", scope=scope), scope)


def reached_without(edges: list[tuple[int, int]], removed: int | None) -> set[int]:
    seen = {0} - {removed}
    while more := {b for a, b in edges if a in seen and b != removed} - seen:
        seen |= more
    return seen


@given(EDGES)
def test_reachable(edges: list[tuple[int, int]]) -> None:
    """A node is reachable if some path leads to it from the start."""
    assert graph_of(edges).reachable == {str(number) for number in reached_without(edges, None)}


@given(EDGES)
def test_dominators(edges: list[tuple[int, int]]) -> None:
    """A node dominates another if the other cannot be reached without it."""
    graph = graph_of(edges)
    for other in reached_without(edges, None):
        for one in reached_without(edges, None):
            expected = one == other or other not in reached_without(edges, one)
            assert graph.dominates(str(one), str(other)) == expected
