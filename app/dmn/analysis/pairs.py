"""Which rules have inputs in common, and which lie inside others: all pairs, as one set of bits a rule.

Column by column, the sets of all rules shrink by what the column rules out, so the work is one AND per rule and column.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import and_, or_

from app.dmn.analysis.spaces import Ranges, Space
from app.dmn.tables.cells import AnyValue, Computed
from app.dmn.tables.columns import Bits, mask

Range = tuple[int, int]

MAX_RULES = 20_000
"""Beyond it, pairs are not looked for: the sets of all rules would take more than 100 MB."""


class Pairs:
    """For each rule, `overlapping` and `containing` the rules that overlap and contain it (itself included)."""

    def __init__(self, spaces: Sequence[Space], size: int) -> None:
        everything = (1 << size) - 1
        self.overlapping: list[Bits] = [everything] * size
        self.containing: list[Bits] = [everything] * size
        for space in spaces:
            overlapping, containing = _relations(space, size)
            for rule in range(size):
                self.overlapping[rule] &= overlapping[rule]
                self.containing[rule] &= containing[rule]


def _relations(space: Space, size: int) -> tuple[Sequence[Bits], Sequence[Bits]]:
    if space.is_opaque:
        return _by_text(space, size)
    wanted = sorted({one for ranges in space.ranges for one in ranges})
    overlapping = dict.fromkeys(wanted, 0)
    containing = dict.fromkeys(wanted, 0)
    for layer in _layers(space.ranges, size):
        for one, bits in _overlapping(wanted, layer).items():
            overlapping[one] |= bits
        for one, bits in _containing(wanted, layer).items():
            containing[one] |= bits
    everything = (1 << size) - 1
    return (
        [_union(overlapping[one] for one in ranges) for ranges in space.ranges],
        [_intersection((containing[one] for one in ranges), everything if ranges else 0) for ranges in space.ranges],
    )


def _union(sets: Iterable[Bits]) -> Bits:
    return reduce(or_, sets, 0)


def _intersection(sets: Iterable[Bits], start: Bits) -> Bits:
    return reduce(and_, sets, start)


def _layers(cells: Sequence[Ranges], size: int) -> list[dict[Range, Bits]]:
    """The rules by their first range, by their second, and so on: within a layer, a rule has one range at most."""
    layers: list[dict[Range, list[int]]] = []
    for rule, ranges in enumerate(cells):
        for number, one in enumerate(ranges):
            if number == len(layers):
                layers.append({})
            layers[number].setdefault(one, []).append(rule)
    return [{one: mask(rules, size) for one, rules in layer.items()} for layer in layers]


def _by_text(space: Space, size: int) -> tuple[Sequence[Bits], Sequence[Bits]]:
    """In an opaque column, cells overlap for certain if they are the same, or if one accepts everything."""
    everything = (1 << size) - 1
    groups: dict[str, list[int]] = {}
    for rule, cell in enumerate(space.cells):
        groups.setdefault(cell.text if isinstance(cell, Computed) else repr(cell), []).append(rule)
    masks = {text: mask(rules, size) for text, rules in groups.items()}
    accepting = masks.get(repr(AnyValue()), 0)
    texts = [cell.text if isinstance(cell, Computed) else repr(cell) for cell in space.cells]
    containing = [masks[text] | accepting for text in texts]
    overlapping = [
        everything if isinstance(cell, AnyValue) else bits for cell, bits in zip(space.cells, containing, strict=True)
    ]
    return overlapping, containing


def _overlapping(wanted: Sequence[Range], layer: dict[Range, Bits]) -> dict[Range, Bits]:
    """For each range, the rules whose range begins before it ends and does not end before it begins."""
    begun = _passed(wanted, layer, of=0, until=lambda one: one[1])
    ended = _passed(wanted, layer, of=1, until=lambda one: one[0] + 1)
    return {one: begun[one] & ~ended[one] for one in wanted}


def _containing(wanted: Sequence[Range], layer: dict[Range, Bits]) -> dict[Range, Bits]:
    """For each range, the rules whose range begins no later and ends no earlier."""
    begun = _passed(wanted, layer, of=0, until=lambda one: one[0] + 1)
    ended = _passed(wanted, layer, of=1, until=lambda one: one[1])
    return {one: begun[one] & ~ended[one] for one in wanted}


def _passed(
    wanted: Sequence[Range], layer: dict[Range, Bits], *, of: int, until: Callable[[Range], int]
) -> dict[Range, Bits]:
    """For each wanted range, the rules whose start (`of` 0) or end (`of` 1) lies before the segment `until` says."""
    events = sorted(layer, key=lambda one: one[of])
    found: dict[Range, Bits] = {}
    seen: Bits = 0
    place = 0
    for one in sorted(wanted, key=until):
        limit = until(one)
        while place < len(events) and events[place][of] < limit:
            seen |= layer[events[place]]
            place += 1
        found[one] = seen
    return found
