"""The graph of one scope: what reaches what, and what every path to a node passes (dominators).

Pure reckoning over `Scope`, iterative throughout: a chain of thousands of nodes costs no stack.
"""

from collections.abc import Iterator
from functools import cached_property

from app.bpmn.event_definitions import CompensateEventDefinition, LinkEventDefinition
from app.bpmn.model import (
    AdHocSubProcess,
    BoundaryEvent,
    EventBasedGateway,
    FlowNode,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    Process,
    ReceiveTask,
    Scope,
    StartEvent,
    SubProcess,
)

_ROOT = ""  # the virtual node before all entries


def scopes_of(process: Process) -> Iterator[tuple[Process | SubProcess, Scope]]:
    """The scope of the process and of every subprocess in it, outer before inner."""
    yield process, process.scope
    for node in process.walk():
        if isinstance(node, SubProcess):
            yield node, node.scope


class ScopeGraph:
    """One scope as a graph: sequence flows, boundary events behind their activity, link pairs."""

    def __init__(self, owner: Process | SubProcess, scope: Scope) -> None:
        self.owner = owner
        self.scope = scope
        self.nodes: dict[str, FlowNode] = {node.id: node for node in scope.nodes}

    @cached_property
    def boundary_events(self) -> dict[str, tuple[BoundaryEvent, ...]]:
        found: dict[str, list[BoundaryEvent]] = {}
        for node in self.scope.nodes:
            if isinstance(node, BoundaryEvent):
                found.setdefault(node.attached_to_id, []).append(node)
        return {activity: tuple(events) for activity, events in found.items()}

    @cached_property
    def successors(self) -> dict[str, tuple[str, ...]]:
        """Node id to the ids that a token can reach next."""
        catches = {
            definition.name: node.id
            for node in self.scope.nodes
            if isinstance(node, IntermediateCatchEvent)
            for definition in node.definitions
            if isinstance(definition, LinkEventDefinition)
        }
        found: dict[str, tuple[str, ...]] = {}
        for node in self.scope.nodes:
            following = [flow.target_id for flow in node.outgoing]
            following += [event.id for event in self.boundary_events.get(node.id, ())]
            if isinstance(node, IntermediateThrowEvent):
                following += [
                    catches[definition.name]
                    for definition in node.definitions
                    if isinstance(definition, LinkEventDefinition) and definition.name in catches
                ]
            if isinstance(node, BoundaryEvent) and node.compensation_handler_id:
                following.append(node.compensation_handler_id)
            found[node.id] = tuple(target for target in following if target in self.nodes)
        return found

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """Where tokens appear: start events, nodes that instantiate, event subprocesses; without any start event,
        and in an ad-hoc subprocess, every node that nothing leads to (BPMN 2.0.2, 13.2)."""
        has_start = any(isinstance(node, StartEvent) for node in self.scope.nodes)
        return tuple(node.id for node in self.scope.nodes if self._is_entry(node, has_start=has_start))

    def _is_entry(self, node: FlowNode, *, has_start: bool) -> bool:
        if isinstance(node, StartEvent) or (isinstance(node, SubProcess) and node.is_event):
            return True
        if isinstance(node, ReceiveTask | EventBasedGateway) and node.is_instantiating:
            return True
        if isinstance(node, BoundaryEvent) or node.incoming or getattr(node, "is_for_compensation", False):
            return False
        if isinstance(node, IntermediateCatchEvent) and any(
            isinstance(definition, LinkEventDefinition) for definition in node.definitions
        ):
            return False
        return not has_start or isinstance(self.owner, AdHocSubProcess)

    @cached_property
    def reachable(self) -> frozenset[str]:
        """The nodes that a token can reach. A compensation activity without a boundary event counts as reached:
        a compensation event subprocess may call it."""
        seen = set(self.entries)
        waiting = list(self.entries)
        while waiting:
            for target in self.successors.get(waiting.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return frozenset(seen)

    @cached_property
    def immediate_dominators(self) -> dict[str, str]:
        """Reachable node id to the last node that every path to it passes ("" where there is none).

        Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm".
        """
        order = self._postorder()
        number = {node: place for place, node in enumerate(order)}
        predecessors: dict[str, list[str]] = {}
        for source in order:
            for target in self._following(source):
                predecessors.setdefault(target, []).append(source)
        dominators = {_ROOT: _ROOT}
        changed = True
        while changed:
            changed = False
            for node in reversed(order[:-1]):
                known = [found for found in predecessors.get(node, ()) if found in dominators]
                best = known[0]
                for other in known[1:]:
                    best = _meet(best, other, dominators, number)
                if dominators.get(node) != best:
                    dominators[node] = best
                    changed = True
        del dominators[_ROOT]
        return dominators

    def dominates(self, one: str, other: str) -> bool:
        """Whether every path to `other` passes `one`. Both are reachable."""
        begin, end = self._dominated[one]
        return begin <= self._dominated[other][0] < end

    @cached_property
    def _dominated(self) -> dict[str, tuple[int, int]]:
        """Node id to the interval of numbers that the nodes have which it dominates (itself first)."""
        children: dict[str, list[str]] = {}
        for node, dominator in self.immediate_dominators.items():
            children.setdefault(dominator, []).append(node)
        found: dict[str, tuple[int, int]] = {}
        begun: dict[str, int] = {}
        waiting = [(_ROOT, False)]
        while waiting:
            node, is_done = waiting.pop()
            if is_done:
                found[node] = (begun[node], len(begun))
            else:
                begun[node] = len(begun)
                waiting.append((node, True))
                waiting.extend((child, False) for child in children.get(node, ()))
        return found

    def _following(self, node: str) -> tuple[str, ...]:
        return self.entries if node == _ROOT else self.successors.get(node, ())

    def _postorder(self) -> list[str]:
        order: list[str] = []
        seen = {_ROOT}
        path = [(_ROOT, iter(self.entries))]
        while path:
            node, following = path[-1]
            target = next((found for found in following if found not in seen), None)
            if target is None:
                order.append(node)
                path.pop()
            else:
                seen.add(target)
                path.append((target, iter(self.successors.get(target, ()))))
        return order


def _meet(one: str, other: str, dominators: dict[str, str], number: dict[str, int]) -> str:
    while one != other:
        while number[one] < number[other]:
            one = dominators[one]
        while number[other] < number[one]:
            other = dominators[other]
    return one


def is_compensation(event: BoundaryEvent) -> bool:
    return any(isinstance(definition, CompensateEventDefinition) for definition in event.definitions)
