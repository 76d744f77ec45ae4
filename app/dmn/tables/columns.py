"""One input column as an index: from a value to the set of rules whose cell it satisfies, as the bits of an integer.

Bit `i` stands for the i-th rule of the node that the column belongs to (see `index`). For each kind of literal there
is either a dictionary (only single values in the cells) or the sorted segments between all endpoints. Cells that
FEEL must evaluate are evaluated once each, however many rules share them.
"""

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from app.dmn.tables.cells import AnyValue, Cell, Computed, Interval, Literal, Ordered

Evaluate = Callable[[Computed, object], bool]
"""Whether a value satisfies a cell that FEEL must evaluate."""

Bits = int


def mask(positions: Iterable[int], size: int) -> Bits:
    """The integer with these bits set; `size` is one more than the largest position."""
    buffer = bytearray((size + 7) // 8)
    for position in positions:
        buffer[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(buffer, "little")


class PointLookup:
    """Rules by single value. Every rule has one cell in a column, so the sets of two cells have no rule in common."""

    __slots__ = ("_by_value", "_otherwise")

    def __init__(self, cells: Sequence[tuple[Literal, Bits]], any_bits: Bits) -> None:
        included: dict[Ordered, Bits] = {}
        excluded: dict[Ordered, Bits] = {}
        everywhere = any_bits
        for cell, bits in cells:
            if cell.negated:
                everywhere |= bits
            chosen = excluded if cell.negated else included
            for interval in cell.intervals:
                chosen[interval.low] = chosen.get(interval.low, 0) | bits
        self._otherwise = everywhere
        self._by_value = {
            value: (everywhere & ~excluded.get(value, 0)) | included.get(value, 0) for value in {**included, **excluded}
        }

    def find(self, value: object) -> Bits:
        return self._by_value.get(value, self._otherwise)

    def bitsets(self) -> Iterable[Bits]:
        yield from self._by_value.values()
        yield self._otherwise


class SegmentLookup:
    """Rules by segment: ``…p0)``, ``p0``, ``(p0…p1)``, ``p1``, … numbered from 0; point `i` is segment 2i + 1.

    The set of a segment differs from its neighbour's by the cells that begin or end there. Every `stride`-th set is
    kept; those between are made from the nearest kept one, so that memory stays within what the caller allows.
    """

    __slots__ = ("_kept", "_points", "_size", "_stride", "_toggles")

    def __init__(self, cells: Sequence[tuple[Literal, Sequence[int]]], size: int, max_bytes: int) -> None:
        points = sorted({end for cell, _ in cells for interval in cell.intervals for end in _ends(interval)})
        count = 2 * len(points) + 1
        toggles: list[list[int]] = [[] for _ in range(count + 1)]
        for cell, rules in cells:
            for start, end in segments(cell, points):
                toggles[start].extend(rules)
                toggles[end].extend(rules)
        bytes_a_set = size // 8 + 32
        self._points = points
        self._size = size
        self._stride = max(1, -(-count * bytes_a_set // max(max_bytes, bytes_a_set)))
        self._toggles = toggles if self._stride > 1 else []
        self._kept: list[Bits] = []
        current = bytearray((size + 7) // 8)
        for segment in range(count):
            _toggle(current, toggles[segment])
            if segment % self._stride == 0:
                same = self._kept and not toggles[segment] and self._stride == 1
                self._kept.append(self._kept[-1] if same else int.from_bytes(current, "little"))

    def find(self, value: object) -> Bits:
        points = self._points
        place = bisect_left(points, value)
        segment = 2 * place
        if place < len(points) and points[place] == value:
            segment += 1
        stride = self._stride
        if stride == 1:
            return self._kept[segment]
        nearest = segment // stride
        bits = self._kept[nearest]
        changed = [rule for toggles in self._toggles[nearest * stride + 1 : segment + 1] for rule in toggles]
        if not changed:
            return bits
        difference = bytearray((self._size + 7) // 8)
        _toggle(difference, changed)
        return bits ^ int.from_bytes(difference, "little")

    def bitsets(self) -> Iterable[Bits]:
        return self._kept


def _toggle(buffer: bytearray, rules: Iterable[int]) -> None:
    for rule in rules:
        buffer[rule >> 3] ^= 1 << (rule & 7)


def _ends(interval: Interval) -> Iterable[Ordered]:
    if interval.low is not None:
        yield interval.low
    if interval.high is not None:
        yield interval.high


def segments(cell: Literal, points: Sequence[Ordered]) -> list[tuple[int, int]]:
    """The segments of `points` that the cell covers, as disjoint ascending half-open ranges.

    `points` are sorted and contain every endpoint of the cell.
    """
    last = 2 * len(points) + 1
    covered: list[tuple[int, int]] = []
    for interval in cell.intervals:
        start, end = 0, last
        if interval.low is not None:
            start = 2 * bisect_left(points, interval.low) + (1 if interval.low_included else 2)
        if interval.high is not None:
            end = 2 * bisect_left(points, interval.high) + (2 if interval.high_included else 1)
        if start < end:
            covered.append((start, end))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(covered):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return _complement(merged, last) if cell.negated else merged


def _complement(ranges: Sequence[tuple[int, int]], last: int) -> list[tuple[int, int]]:
    free: list[tuple[int, int]] = []
    position = 0
    for start, end in ranges:
        if position < start:
            free.append((position, start))
        position = end
    if position < last:
        free.append((position, last))
    return free


Lookup = PointLookup | SegmentLookup


class Column:
    """The cells of one column for the rules of one node."""

    __slots__ = ("_any", "_computed", "_lookups", "_null", "position")

    def __init__(self, position: int, cells: Sequence[tuple[Cell, Sequence[int]]], size: int, max_bytes: int) -> None:
        self.position = position
        any_rules = [rule for cell, rules in cells if isinstance(cell, AnyValue) for rule in rules]
        self._any = mask(any_rules, size)
        self._computed = [(cell, mask(rules, size)) for cell, rules in cells if isinstance(cell, Computed)]
        literals = [(cell, rules) for cell, rules in cells if isinstance(cell, Literal)]
        self._null = self._any | mask([rule for cell, rules in literals if cell.matches_null for rule in rules], size)
        by_kind: dict[type, list[tuple[Literal, Sequence[int]]]] = {}
        for cell, rules in literals:
            by_kind.setdefault(cell.kind, []).append((cell, rules))
        self._lookups: dict[type, Lookup] = {
            kind: _lookup(kind, group, any_rules, size, max_bytes // len(by_kind)) for kind, group in by_kind.items()
        }

    def find(self, value: object, evaluate: Evaluate) -> Bits:
        """The rules whose cell `value`, which is not a list, satisfies."""
        lookup = self._lookups.get(type(value))
        bits = self._of_other_kind(value) if lookup is None else lookup.find(value)
        for cell, rules in self._computed:
            if evaluate(cell, value):
                bits |= rules
        return bits

    def _of_other_kind(self, value: object) -> Bits:
        return self._null if value is None else self._any

    def memory_bytes(self) -> int:
        """What the sets of this column take; sets that several segments share count once."""
        sets = {id(bits): sys.getsizeof(bits) for lookup in self._lookups.values() for bits in lookup.bitsets()}
        return sum(sets.values())


def _lookup(
    kind: type, cells: Sequence[tuple[Literal, Sequence[int]]], any_rules: Sequence[int], size: int, max_bytes: int
) -> Lookup:
    if all(interval.is_point for cell, _ in cells for interval in cell.intervals):
        return PointLookup([(cell, mask(rules, size)) for cell, rules in cells], mask(any_rules, size))
    everything = Literal(kind, (), negated=True)
    return SegmentLookup([*cells, (everything, any_rules)], size, max_bytes)
