"""The analysis of one table as a whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from app import feel
from app.dmn.analysis.boundaries import boundary_values
from app.dmn.analysis.gaps import Box, Search
from app.dmn.analysis.pairs import MAX_RULES, Pairs
from app.dmn.analysis.spaces import Ranges, Space, make_space
from app.dmn.model import DecisionTable, HitPolicy, Text
from app.dmn.tables.cells import ANY_VALUE, Cell, literal_value, read_cell
from app.dmn.tables.columns import Bits

MAX_FINDINGS = 100
"""How many findings of one kind are kept."""

Witness = dict[str, object]
"""An input that shows it: a value for each column, by label. A column that FEEL must evaluate is missing."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Inputs that no rule matches. `region` says for each column which values, as unary tests."""

    witness: Witness
    region: dict[str, str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rules, by index from 1, that match the same `witness`. `outputs_agree` is None where it is not known."""

    first: int
    second: int
    witness: Witness
    outputs_agree: bool | None


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Every input that `inner` matches is matched by `outer` too (indexes from 1)."""

    inner: int
    outer: int


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A rule that can never decide: its cells match nothing (`hidden_by` empty), or earlier rules always come first."""

    rule: int
    hidden_by: tuple[int, ...]
    column: int | None = None  # the column whose cell matches nothing


@dataclass(frozen=True, slots=True)
class TableAnalysis:
    """What is known about one table. Indexes of rules and columns count from 1; at most MAX_FINDINGS of a kind are
    kept.

    `disjoint` is True or False where it is certain whether two rules may match the same input, else None. `complete`
    is True where there are no gaps for certain, False where there are, else None. `boundary_values` are inputs worth
    testing, by the column's label.
    """

    table_id: str
    hit_policy: HitPolicy
    gaps: tuple[Gap, ...]
    overlaps: tuple[Conflict, ...]
    duplicates: tuple[Inclusion, ...]
    subsumed: tuple[Inclusion, ...]
    unreachable: tuple[Unreachable, ...]
    disjoint: bool | None
    complete: bool | None
    boundary_values: dict[str, tuple[object, ...]]

    def to_json(self) -> dict[str, object]:
        return {
            "table_id": self.table_id,
            "hit_policy": str(self.hit_policy),
            "disjoint": self.disjoint,
            "complete": self.complete,
            "gaps": [{"witness": feel.to_json(gap.witness), "region": gap.region} for gap in self.gaps],
            "overlaps": [
                {
                    "rules": [one.first, one.second],
                    "witness": feel.to_json(one.witness),
                    "outputs_agree": one.outputs_agree,
                }
                for one in self.overlaps
            ],
            "duplicates": [[one.outer, one.inner] for one in self.duplicates],
            "subsumed": [{"rule": one.inner, "by": one.outer} for one in self.subsumed],
            "unreachable": [
                {"rule": one.rule, "hidden_by": list(one.hidden_by), "column": one.column} for one in self.unreachable
            ],
            "boundary_values": {label: feel.to_json(list(values)) for label, values in self.boundary_values.items()},
        }


def analyse_table(
    table: DecisionTable, allowed: Sequence[str | None] = (), whole: Sequence[bool] = ()
) -> TableAnalysis:
    """Analyse a table. `allowed` are the allowed values of each column's type as they are written, where it has any;
    `whole` tells of each column whether its type holds whole numbers only.

    A table of more than `pairs.MAX_RULES` rules is searched for gaps only.
    """
    return _Analysis(table, allowed, whole).report()


class _Analysis:
    def __init__(self, table: DecisionTable, allowed: Sequence[str | None], whole: Sequence[bool]) -> None:
        self.table = table
        self.size = len(table.rules)
        self.spaces = _spaces(table, allowed, whole)

    def report(self) -> TableAnalysis:
        gaps, complete = self._gaps()
        empty = list(self._empty())
        overlaps = list(islice(self._overlaps(), MAX_FINDINGS))
        return TableAnalysis(
            self.table.id,
            self.table.hit_policy,
            tuple(gaps),
            tuple(overlaps),
            tuple(islice(self._duplicates(), MAX_FINDINGS)),
            tuple(islice(self._subsumed(), MAX_FINDINGS)),
            (*empty, *islice(self._hidden({one.rule for one in empty}), MAX_FINDINGS)),
            self._disjoint(overlaps),
            complete,
            {space.label: boundary_values(space) for space in self.spaces if space.kind is not None},
        )

    @cached_property
    def pairs(self) -> Pairs | None:
        return Pairs(self.spaces, self.size) if self.size <= MAX_RULES else None

    @cached_property
    def _order(self) -> list[int]:
        """The columns, the one with most different cells first."""
        distinct = [len(set(space.ranges)) for space in self.spaces]
        return sorted(range(len(distinct)), key=lambda column: -distinct[column])

    @cached_property
    def _is_opaque(self) -> bool:
        return any(space.is_opaque for space in self.spaces)

    def _disjoint(self, overlaps: Sequence[Conflict]) -> bool | None:
        if overlaps:
            return False
        return None if self.pairs is None or self._is_opaque else True

    def _gaps(self) -> tuple[list[Gap], bool | None]:
        if self._is_opaque or not self.spaces:
            return [], None
        search = Search(self.spaces, self._order, [space.domain for space in self.spaces])
        if not all(search.domains):
            return [], None
        boxes = islice(search.uncovered(range(self.size)), MAX_FINDINGS)
        gaps = [gap for box in boxes if (gap := self._gap(box)) is not None]
        return gaps, False if gaps else (True if search.complete else None)

    def _gap(self, box: Box) -> Gap | None:
        witness: Witness = {}
        region: dict[str, str] = {}
        for space, (first, last) in zip(self.spaces, box, strict=True):
            value = self._inhabitant(space, first, last)
            if value is None:
                return None
            witness[space.label] = value
            region[space.label] = space.text(first, last)
        return Gap(witness, region)

    @staticmethod
    def _inhabitant(space: Space, first: int, last: int) -> object:
        """A value of the domain in the segments from `first` to `last`; for a column without points, the string ""."""
        if space.kind is None:
            return ""
        for segment in range(first, last + 1):
            if any(start <= segment < end for start, end in space.domain):
                value = space.value(segment)
                if value is not None:
                    return value
        return None

    def _empty(self) -> Iterator[Unreachable]:
        """The rules with a cell that matches no value that its column may have."""
        found: dict[int, Unreachable] = {}
        for column, space in enumerate(self.spaces, start=1):
            empty = {ranges for ranges in set(space.ranges) if not _common(ranges, space.domain)}
            for rule, ranges in enumerate(space.ranges if empty else (), start=1):
                if ranges in empty:
                    found.setdefault(rule, Unreachable(rule, (), column))
        return iter(sorted(found.values(), key=lambda one: one.rule))

    def _overlaps(self) -> Iterator[Conflict]:
        if self.pairs is None:
            return
        for rule, others in enumerate(self.pairs.overlapping):
            for other in _members(others >> (rule + 1)):
                conflict = self._conflict(rule, rule + 1 + other)
                if conflict is not None:
                    yield conflict

    def _conflict(self, first: int, second: int) -> Conflict | None:
        witness: Witness = {}
        for space in self.spaces:
            if space.is_opaque:
                continue
            if space.kind is None:
                witness[space.label] = ""
                continue
            common = _common(_common(space.ranges[first], space.ranges[second]), space.domain)
            values = (space.value(segment) for start, end in common for segment in range(start, end))
            value = next((value for value in values if value is not None), None)
            if value is None:
                return None
            witness[space.label] = value
        return Conflict(first + 1, second + 1, witness, self._agree(first, second))

    def _agree(self, first: int, second: int) -> bool | None:
        """Whether two rules have equal outputs, None where they must be computed and are written differently."""
        for left, right in zip(self.table.rules[first].outputs, self.table.rules[second].outputs, strict=False):
            if left.text.strip() == right.text.strip():
                continue
            (left_known, left_value), (right_known, right_value) = literal_value(left.text), literal_value(right.text)
            if not (left_known and right_known):
                return None
            if left_value is None or right_value is None or feel.equal(left_value, right_value) is not True:
                return False
        return True

    def _duplicates(self) -> Iterator[Inclusion]:
        if self.pairs is None:
            return
        for rule, outer in enumerate(self.pairs.containing):
            for other in _members(outer & ((1 << rule) - 1)):
                if self.pairs.containing[other] >> rule & 1:
                    yield Inclusion(rule + 1, other + 1)
                    break

    def _subsumed(self) -> Iterator[Inclusion]:
        """Rules that lie inside another one and are not its duplicate; the first such rule is named."""
        if self.pairs is None:
            return
        for rule, outer in enumerate(self.pairs.containing):
            for other in _members(outer & ~(1 << rule)):
                if not self.pairs.containing[other] >> rule & 1:
                    yield Inclusion(rule + 1, other + 1)
                    break

    def _hidden(self, empty: set[int]) -> Iterator[Unreachable]:
        """Where the first match decides: rules that earlier ones, alone or together, cover."""
        if self.pairs is None or self.table.hit_policy is not HitPolicy.FIRST:
            return
        for rule in range(self.size):
            if rule + 1 in empty:
                continue
            earlier = (1 << rule) - 1
            alone = self.pairs.containing[rule] & earlier
            if alone:
                yield Unreachable(rule + 1, (_lowest(alone) + 1,))
                continue
            near = list(islice(_members(self.pairs.overlapping[rule] & earlier), _MAX_NEIGHBOURS + 1))
            if 1 < len(near) <= _MAX_NEIGHBOURS and not self._is_opaque and self._cover(near, rule):
                yield Unreachable(rule + 1, tuple(other + 1 for other in near))

    def _cover(self, rules: Sequence[int], covered: int) -> bool:
        domains = [_common(space.ranges[covered], space.domain) for space in self.spaces]
        search = Search(self.spaces, self._order, domains, _COVER_STEPS)
        found = next((box for box in search.uncovered(rules) if self._gap(box) is not None), None)
        return found is None and search.complete


_MAX_NEIGHBOURS = 32
_COVER_STEPS = 500


def _spaces(table: DecisionTable, allowed: Sequence[str | None], whole: Sequence[bool]) -> list[Space]:
    known: dict[str, Cell] = {}
    spaces = []
    labels: set[str] = set()
    for column, clause in enumerate(table.inputs):
        cells = []
        for rule in table.rules:
            text = (rule.inputs[column] if column < len(rule.inputs) else Text("-")).text
            if text not in known:
                known[text] = read_cell(text)
            cells.append(known[text])
        own = clause.allowed.text if clause.allowed is not None else None
        declared = own or (allowed[column] if column < len(allowed) else None)
        label = clause.label if clause.label not in labels else f"{clause.label} ({column + 1})"
        labels.add(label)
        limits = ANY_VALUE if declared is None else read_cell(declared)
        spaces.append(make_space(label, cells, limits, is_whole=column < len(whole) and whole[column]))
    return spaces


def _common(left: Ranges, right: Ranges) -> Ranges:
    return tuple((max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) < min(b, d))


def _members(bits: Bits) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _lowest(bits: Bits) -> int:
    return (bits & -bits).bit_length() - 1
