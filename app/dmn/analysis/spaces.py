"""A column as a line of segments: between the endpoints of all its cells, every value is treated alike.

With points p0 < p1 < …, segment 0 is everything below p0, segment 1 is p0 itself, segment 2 what lies between p0 and
p1, and so on. A boolean column has the segments false and true only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from app import feel
from app.dmn.tables.cells import AnyValue, Cell, Computed, Literal, Ordered
from app.dmn.tables.columns import segments

Ranges = tuple[tuple[int, int], ...]
"""Disjoint ascending half-open ranges of segments."""


@dataclass(frozen=True, slots=True)
class Space:
    """One column. `ranges` are the segments of each rule's cell; `domain` those that have values that are allowed."""

    label: str
    points: Sequence[Ordered]
    kind: type | None
    cells: tuple[Cell, ...]
    ranges: tuple[Ranges, ...]
    domain: Ranges
    has_points_only: bool = False  # then the last segment stands for all values that no cell names
    is_whole: bool = False  # then nothing lies between 0 and 1

    @property
    def is_opaque(self) -> bool:
        """Whether some cell is not made of literals of the column's one kind."""
        return self.kind is None and any(not isinstance(cell, AnyValue) for cell in self.cells)

    def value(self, segment: int) -> Ordered | None:
        """A value inside a segment; None where there is none (nothing lies between two successive days)."""
        place, is_point = divmod(segment, 2)
        if is_point:
            point = self.points[place]
            return None if self.is_whole and point != point.to_integral_value() else point
        if self.has_points_only and self.kind is str:
            return _another_string(set(self.points))
        low = self.points[place - 1] if place > 0 else None
        high = self.points[place] if place < len(self.points) else None
        if self.is_whole:
            return _whole_between(low, high)
        return between(low, high, self.points, self.kind)

    def text(self, first: int, last: int) -> str:
        """The values of the segments from `first` to `last`, as unary tests."""
        if self.has_points_only or self.kind is bool:
            return self._listed(first, last)
        low, low_is_point = divmod(first, 2)
        high, high_is_point = divmod(last, 2)
        if first == last and low_is_point:
            return feel.literal(self.points[low])
        start = self.points[low if low_is_point else low - 1] if first > 0 else None
        end = self.points[high] if high < len(self.points) else None
        if start is None and end is None:
            return "-"
        if start is None:
            return f"{'<=' if high_is_point else '<'} {feel.literal(end)}"
        if end is None:
            return f"{'>=' if low_is_point else '>'} {feel.literal(start)}"
        opening, closing = "[" if low_is_point else "(", "]" if high_is_point else ")"
        return f"{opening}{feel.literal(start)}..{feel.literal(end)}{closing}"

    def _listed(self, first: int, last: int) -> str:
        """The values of a column of single values; if the last segment is among them, those that are not."""
        inside = {s // 2 for start, end in self.domain for s in range(max(start, first), min(end, last + 1)) if s % 2}
        if last < 2 * len(self.points) or self.kind is bool:
            return ", ".join(feel.literal(self.points[place]) for place in sorted(inside))
        outside = [feel.literal(point) for place, point in enumerate(self.points) if place not in inside]
        return f"not({', '.join(outside)})" if outside else "-"


def make_space(label: str, cells: Sequence[Cell], allowed: Cell | None, *, is_whole: bool = False) -> Space:
    """The space of a column; `allowed` are its allowed values, None where everything is."""
    kinds = {cell.kind for cell in cells if isinstance(cell, Literal)}
    computed = any(isinstance(cell, Computed) for cell in cells)
    if isinstance(allowed, Literal) and not kinds and not computed:
        kinds = {allowed.kind}
    if computed or len(kinds) != 1:
        everything: Ranges = ((0, 1),)
        return Space(label, (), None, tuple(cells), tuple(everything for _ in cells), everything)
    kind = kinds.pop()
    limits = [allowed] if isinstance(allowed, Literal) and allowed.kind is kind else []
    points = _points([*(cell for cell in cells if isinstance(cell, Literal)), *limits], kind)
    known: dict[int, Ranges] = {}
    for cell in cells:
        if id(cell) not in known:
            known[id(cell)] = _ranges(cell, points)
    domain = _ranges(limits[0], points) if limits else ((0, 2 * len(points) + 1),)
    literals = [*limits, *(cell for cell in cells if isinstance(cell, Literal))]
    only_points = kind is not bool and all(one.is_point for cell in literals for one in cell.intervals)
    ranges = tuple(known[id(cell)] for cell in cells)
    is_whole = is_whole and kind is Decimal
    space = Space(label, points, kind, tuple(cells), ranges, domain, only_points, is_whole)
    last = 2 * len(points)
    inhabited = [
        segment
        for start, end in domain
        for segment in range(start, end)
        if (segment % 2 and not is_whole)
        or (segment == last if only_points and not segment % 2 else space.value(segment) is not None)
    ]
    return replace(space, domain=_joined(inhabited))


def _points(cells: Sequence[Literal], kind: type) -> list[Ordered]:
    if kind is bool:
        return [False, True]
    ends = {end for cell in cells for interval in cell.intervals for end in (interval.low, interval.high)}
    return sorted(end for end in ends if end is not None)


def _ranges(cell: Cell, points: Sequence[Ordered]) -> Ranges:
    if isinstance(cell, Literal):
        return tuple(segments(cell, points))
    return ((0, 2 * len(points) + 1),)


def _joined(numbers: Sequence[int]) -> Ranges:
    joined: list[tuple[int, int]] = []
    for number in numbers:
        if joined and joined[-1][1] == number:
            joined[-1] = (joined[-1][0], number + 1)
        else:
            joined.append((number, number + 1))
    return tuple(joined)


def between(low: Ordered | None, high: Ordered | None, points: Sequence[Ordered], kind: type | None) -> Ordered | None:
    """A value above `low` and below `high`; None where there is none."""
    candidate: Ordered | None
    if kind is str:
        candidate = _string_above(low, set(points))
    elif kind is Decimal:
        return _number_between(low, high)
    elif kind is bool:
        return None
    else:
        anchor = low if low is not None else high
        step = _STEPS.get(kind) if kind is not None else None
        if step is None:
            return None
        sign = "+" if low is not None else "-"
        candidate = feel.evaluate(f"x {sign} step", {"x": anchor, "step": step})
    if candidate is None or (high is not None and not candidate < high) or (low is not None and not low < candidate):
        return None
    return candidate


def _string_above(low: str | None, taken: set[str]) -> str:
    if low is None:
        return ""
    candidate = f"{low} "
    while candidate in taken:
        candidate += " "
    return candidate


def _another_string(taken: set[str]) -> str:
    candidate = "other"
    while candidate in taken:
        candidate += " "
    return candidate


def _whole_between(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    """A whole number above `low` and below `high`; None where there is none."""
    if low is None:
        return Decimal(0) if high is None else high.to_integral_value(ROUND_CEILING) - 1
    above = low.to_integral_value(ROUND_FLOOR) + 1
    return above if high is None or above < high else None


def _number_between(low: Decimal | None, high: Decimal | None) -> Decimal:
    if low is None:
        return Decimal(0) if high is None else (high - 1).to_integral_value()
    above = low.to_integral_value() + 1
    if high is None or (low < above < high):
        return above
    return (low + high) / 2


_STEPS: dict[type, object] = {
    feel.Date: feel.evaluate('@"P1D"'),
    feel.DaysAndTime: feel.evaluate('@"PT1S"'),
    feel.YearsAndMonths: feel.evaluate('@"P1M"'),
}
