"""The token game: what tokens do in an unstructured graph of tasks and gateways, played on flows and counts alone.

The oracle of `test_graphs`. It shares no code with the engine; paths are searched anew for every question.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    TASK = "task"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"


@dataclass(frozen=True)
class Node:
    """`targets` are node numbers, one an outgoing flow; `flags` the conditions of all but the last, the default."""

    kind: Kind
    targets: tuple[int, ...]
    flags: tuple[bool, ...] = ()

    def chosen(self) -> tuple[int, ...]:
        """The positions of the flows that a token leaves by."""
        every = tuple(range(len(self.targets)))
        if self.kind in (Kind.TASK, Kind.PARALLEL) or not every:
            return every
        holding = tuple(position for position in every[:-1] if self.flags[position])
        if not holding:
            return every[-1:]
        return holding if self.kind is Kind.INCLUSIVE else holding[:1]


Flow = tuple[int, int]  # source node (-1: the start event) and position among its flows


@dataclass
class Game:
    """A token appears at node 0."""

    nodes: tuple[Node, ...]
    working: Counter[int] = field(default_factory=Counter)  # tokens at tasks
    waiting: Counter[Flow] = field(default_factory=Counter)  # tokens on flows into gateways that join

    def __post_init__(self) -> None:
        self._play([(-1, 0)])

    def complete(self, task: int) -> None:
        self.working[task] -= 1
        self.working = +self.working
        self._play(self._leaving(task))

    @property
    def is_over(self) -> bool:
        return not self.working and not self.waiting

    def target(self, flow: Flow) -> int:
        source, position = flow
        return 0 if source < 0 else self.nodes[source].targets[position]

    def incoming(self, node: int) -> list[Flow]:
        flows = [(-1, 0)] + [
            (source, position) for source, each in enumerate(self.nodes) for position in range(len(each.targets))
        ]
        return [flow for flow in flows if self.target(flow) == node]

    def _leaving(self, node: int) -> list[Flow]:
        return [(node, position) for position in self.nodes[node].chosen()]

    def _play(self, flows: list[Flow]) -> None:
        arriving = deque(flows)
        while True:
            while arriving:
                arriving.extend(self._arrive(arriving.popleft()))
            ready = next((node for node, each in enumerate(self.nodes) if self._is_released(node, each)), None)
            if ready is None:
                return
            for flow in self.incoming(ready):
                if self.waiting[flow]:
                    self.waiting[flow] -= 1
            self.waiting = +self.waiting
            arriving.extend(self._leaving(ready))

    def _arrive(self, flow: Flow) -> list[Flow]:
        number = self.target(flow)
        node, incoming = self.nodes[number], self.incoming(number)
        if node.kind is Kind.TASK:
            self.working[number] += 1
            return []
        if node.kind is Kind.EXCLUSIVE or len(incoming) < 2:
            return self._leaving(number)
        self.waiting[flow] += 1
        if node.kind is Kind.PARALLEL and all(self.waiting[each] for each in incoming):
            for each in incoming:
                self.waiting[each] -= 1
            self.waiting = +self.waiting
            return self._leaving(number)
        return []

    def _is_released(self, number: int, node: Node) -> bool:
        """An inclusive join: no token can reach an empty incoming flow unless it can reach a filled one too."""
        incoming = self.incoming(number)
        filled = {flow for flow in incoming if self.waiting[flow]}
        if node.kind is not Kind.INCLUSIVE or len(incoming) < 2 or not filled:
            return False
        places = {*self.working, *(self.target(flow) for flow in self.waiting)} - {number}
        return not any((reached := self._reach(place, number)) - filled and not reached & filled for place in places)

    def _reach(self, place: int, join: int) -> set[Flow]:
        """The incoming flows of `join` that a token at `place` can reach without passing the join."""
        seen, waiting, found = {place}, [place], set()
        while waiting:
            current = waiting.pop()
            for position, target in enumerate(self.nodes[current].targets):
                if target == join:
                    found.add((current, position))
                elif target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return found
