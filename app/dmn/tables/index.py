"""A whole table as an index: from the values of its input columns to the matching rules, in time that hardly grows.

A node holds a set of rules. A small node ANDs the bits of its columns (`columns.Column`). A large node first splits
on the most selective column of single values, one smaller node a value, made when it is first needed; rules that accept
everything in that column are in every part, which is why a column with many of them is not split on.
"""

from collections.abc import Iterator, Sequence

from app.dmn.tables.cells import ANY_VALUE, Cell, Literal
from app.dmn.tables.columns import Bits, Column, Evaluate

MAX_BYTES = 64 * 1024 * 1024
"""What the index of one table may take."""

_SMALL = 256  # rules; below it, splitting costs more than it saves
_MAX_COPIES = 1.5  # how often a rule may be held on average after one split


Grouped = Sequence[tuple[Cell, Sequence[int]]]


class Matches:
    """The matching rules of one evaluation, by index from 0, ascending."""

    __slots__ = ("_bits", "_rules")

    def __init__(self, bits: Bits, rules: Sequence[int]) -> None:
        self._bits = bits
        self._rules = rules

    def first(self) -> int | None:
        bits = self._bits
        return self._rules[(bits & -bits).bit_length() - 1] if bits else None

    def only(self) -> int | None:
        """The one matching rule; None where there are none or several."""
        bits = self._bits
        return self._rules[bits.bit_length() - 1] if bits and not bits & (bits - 1) else None

    def __bool__(self) -> bool:
        return bool(self._bits)

    def __iter__(self) -> Iterator[int]:
        remaining = self._bits
        if remaining.bit_count() <= _FEW:
            while remaining:
                lowest = remaining & -remaining
                yield self._rules[lowest.bit_length() - 1]
                remaining ^= lowest
            return
        digits = bin(remaining)
        last = len(digits) - 1
        place = digits.rfind("1", 2)
        while place >= 0:
            yield self._rules[last - place]
            place = digits.rfind("1", 2, place)


_FEW = 8  # matches, up to which isolating bit by bit is faster than writing all digits


class Index:
    """The index of one table. `rules` are its rows of cells. Immutable as far as callers can see; shared by threads."""

    __slots__ = ("_root", "size")

    def __init__(self, rules: Sequence[Sequence[Cell]], max_bytes: int = MAX_BYTES) -> None:
        self.size = len(rules)
        self._root = _Node(rules, range(len(rules)), max_bytes)

    def find(self, values: Sequence[object], evaluate: Evaluate) -> Matches:
        """The rules that match `values`. Against a literal cell, only FEEL can test a list: ask it instead."""
        return self._root.find(values, evaluate)

    def memory_bytes(self) -> int:
        """What the sets made so far take."""
        return self._root.memory_bytes()


class _Node:
    __slots__ = (
        "_by_value",
        "_cells",
        "_columns",
        "_everything",
        "_kind",
        "_max_bytes",
        "_parts",
        "_position",
        "_rules",
    )

    def __init__(self, cells: Sequence[Sequence[Cell]], rules: Sequence[int], max_bytes: int) -> None:
        self._cells = cells
        self._rules = rules
        self._max_bytes = max_bytes
        self._columns: tuple[Column, ...] = ()
        self._everything = (1 << len(rules)) - 1
        self._position: int | None = None
        self._kind: type = object
        self._by_value: dict[object, Sequence[int]] = {}
        self._parts: dict[object, _Node] = {}
        width = len(cells[0]) if len(rules) else 0
        grouped = [self._grouped(position) for position in range(width)]
        if len(rules) > _SMALL:
            self._split(grouped)
        if self._position is None:
            used = [
                (position, group)
                for position, group in enumerate(grouped)
                if any(cell is not ANY_VALUE for cell, _ in group)
            ]
            used.sort(key=lambda item: len(_everywhere(item[1])))  # the most selective first
            self._columns = tuple(
                Column(position, group, len(rules), max_bytes // len(used)) for position, group in used
            )

    def _grouped(self, position: int) -> Grouped:
        """The distinct cells of a column, each with its rules as positions in this node."""
        groups: dict[int, tuple[Cell, list[int]]] = {}
        for place, rule in enumerate(self._rules):
            cell = self._cells[rule][position]
            group = groups.get(id(cell))  # equal texts are one object; hashing the cells would take most of the time
            if group is None:
                groups[id(cell)] = (cell, [place])
            else:
                group[1].append(place)
        return list(groups.values())

    def _split(self, grouped: Sequence[Grouped]) -> None:
        best = len(self._rules) // 2
        for position, groups in enumerate(grouped):
            kind, by_value = _by_value(groups)
            if kind is None:
                continue
            everywhere = _everywhere(groups)
            largest = max(len(rules) for rules in by_value.values()) + len(everywhere)
            held = sum(map(len, by_value.values())) + len(everywhere) * (len(by_value) + 1)
            if largest < best and held <= _MAX_COPIES * len(self._rules):
                best = largest
                self._position = position
                self._kind = kind
                self._by_value = {value: sorted([*rules, *everywhere]) for value, rules in by_value.items()}
                self._by_value[_OTHERWISE] = list(everywhere)

    def find(self, values: Sequence[object], evaluate: Evaluate) -> Matches:
        if self._position is not None:
            value = values[self._position]
            known = type(value) is self._kind and value in self._by_value
            return self._part(value if known else _OTHERWISE).find(values, evaluate)
        bits = self._everything
        for column in self._columns:
            bits &= column.find(values[column.position], evaluate)
            if not bits:
                break
        return Matches(bits, self._rules)

    def _part(self, value: object) -> "_Node":
        part = self._parts.get(value)
        if part is None:
            rules = [self._rules[place] for place in self._by_value[value]]
            share = max(1, len(rules)) / max(1, len(self._rules))
            part = self._parts.setdefault(value, _Node(self._cells, rules, int(self._max_bytes * share)))
        return part

    def memory_bytes(self) -> int:
        own = sum(column.memory_bytes() for column in self._columns)
        return own + sum(part.memory_bytes() for part in self._parts.copy().values())


_OTHERWISE = object()


def _everywhere(groups: Grouped) -> Sequence[int]:
    """The rules that accept every value of a column."""
    return next((rules for cell, rules in groups if cell is ANY_VALUE), ())


def _by_value(groups: Grouped) -> tuple[type | None, dict[object, set[int]]]:
    """The rules of a column by single value with the values' kind; None where its cells are anything else."""
    found: dict[object, set[int]] = {}
    kind: type | None = None
    for cell, rules in groups:
        if cell is ANY_VALUE:
            continue
        if (
            not isinstance(cell, Literal)
            or not cell.is_points
            or cell.matches_null
            or (kind or cell.kind) is not cell.kind
        ):
            return None, {}
        kind = cell.kind
        for interval in cell.intervals:
            found.setdefault(interval.low, set()).update(rules)
    return (kind, found) if found else (None, found)
