"""Inputs that no rule covers, and whether rules together cover another one.

Column by column, the line of segments is cut wherever one of the rules at hand begins or ends; each part goes on to
the next column with the rules that cover it. A part that some rule covers in all remaining columns has no gap. The
work is bounded.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.dmn.analysis.spaces import Ranges, Space

MAX_STEPS = 300_000
"""How many times a rule is looked at in a column before the search gives up."""

Box = tuple[tuple[int, int], ...]
"""For each column the first and the last segment."""


@dataclass(slots=True)
class Search:
    """The search for boxes that none of the rules covers. `complete` tells whether everything was looked at."""

    spaces: Sequence[Space]
    order: Sequence[int]  # of the columns
    domains: Sequence[Ranges]
    steps: int = MAX_STEPS
    complete: bool = True

    def uncovered(self, rules: Sequence[int]) -> Iterator[Box]:
        """The boxes inside `domains` that none of `rules` covers, one after the other."""
        yield from self._below(self.order, 0, list(rules), {})

    def _below(
        self, order: Sequence[int], depth: int, rules: list[int], chosen: dict[int, tuple[int, int]]
    ) -> Iterator[Box]:
        if not rules:
            rest = {column: (self.domains[column][0][0], self.domains[column][-1][1] - 1) for column in order[depth:]}
            box = {**chosen, **rest}
            yield tuple(box[column] for column in range(len(order)))
            return
        if depth == len(order) or self._covered(order[depth:], rules):
            return
        column = order[depth]
        for first, last, active in self._parts(column, rules):
            if not self.complete:
                return
            yield from self._below(order, depth + 1, active, {**chosen, column: (first, last)})

    def _covered(self, columns: Sequence[int], rules: Sequence[int]) -> bool:
        """Whether one rule accepts everything in all these columns."""
        return any(
            all(self.spaces[column].ranges[rule] == self._everything(column) for column in columns) for rule in rules
        )

    def _everything(self, column: int) -> Ranges:
        return ((0, 2 * len(self.spaces[column].points) + 1),)

    def _parts(self, column: int, rules: Sequence[int]) -> Iterator[tuple[int, int, list[int]]]:
        """The domain of a column, cut where a rule begins or ends: first and last segment, and the rules there."""
        begins: dict[int, list[int]] = {}
        ends: dict[int, list[int]] = {}
        for rule in rules:
            for start, end in self.spaces[column].ranges[rule]:
                begins.setdefault(start, []).append(rule)
                ends.setdefault(end, []).append(rule)
        domain = self.domains[column]
        cuts = sorted({*begins, *ends, domain[0][0], domain[-1][1]})
        self.steps -= len(rules) + len(cuts)
        if self.steps < 0:
            self.complete = False
            return
        active: dict[int, None] = {}
        for cut, following in pairwise(cuts):
            for rule in ends.get(cut, ()):
                active.pop(rule, None)
            for rule in begins.get(cut, ()):
                active[rule] = None
            if meets(domain, cut, following):
                yield cut, following - 1, list(active)


def meets(domain: Ranges, start: int, end: int) -> bool:
    """Whether one of the ascending ranges of `domain` has a segment from `start` to before `end`."""
    place = bisect_right(domain, start, key=lambda one: one[1])
    return place < len(domain) and domain[place][0] < end
