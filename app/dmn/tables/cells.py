"""What an input entry says, where it can be known without evaluating it: everything, or a set of literal values.

A cell that is neither (it names a variable, calls a function …) is `Computed` and stays FEEL's business. Literal
cells are what the index and the analysis are built on. Only kinds of values with a total order are literal here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app import feel

Ordered = Any
"""A value of a kind that is totally ordered: number, string, date, either duration (and boolean, for equality only)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The values between two endpoints; None is "no limit"."""

    low: Ordered | None
    high: Ordered | None
    low_included: bool
    high_included: bool

    @classmethod
    def point(cls, value: Ordered) -> "Interval":
        return cls(value, value, low_included=True, high_included=True)

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high and self.low_included and self.high_included

    @property
    def is_descending(self) -> bool:
        """Whether it is written upside down, which makes it null (10.3.2.7)."""
        return self.low is not None and self.high is not None and bool(self.high < self.low)


@dataclass(frozen=True, slots=True)
class AnyValue:
    """The cell ``-``, or an empty one."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Values of one kind: those in one of `intervals`, or, where `negated`, all others of that kind.

    `kind` is the Python class of the values. A value of another kind never matches, but see `matches_null`.
    """

    kind: type
    intervals: tuple[Interval, ...]
    negated: bool = False

    @property
    def matches_null(self) -> bool:
        """Whether null satisfies the cell: equality with null is false rather than null, hence ``not("a")`` holds for
        null; and an interval written upside down is null itself, which only null equals (10.3.2.13).
        """
        return (self.negated or not self.intervals) and all(interval.is_point for interval in self.intervals)

    @property
    def is_points(self) -> bool:
        return not self.negated and all(interval.is_point for interval in self.intervals)


@dataclass(frozen=True, slots=True)
class Computed:
    """A cell that has to be evaluated. `text` are its unary tests."""

    text: str


Cell = AnyValue | Literal | Computed

ANY_VALUE = AnyValue()

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<string>"[^"\\]*")
    | (?P<operator><=|>=|!=|<|>|=)
    | (?P<mark>\.\.|[\[\](),])
    | (?P<word>(?:true|false|not)\b)
    | (?P<temporal>(?:date|duration)\s*\(\s*"[^"\\]*"\s*\)|@"[^"\\]*")
    )""",
    re.VERBOSE,
)
_END = ("end", "")
_NOT = ("word", "not")
_UNEQUAL = ("operator", "!=")
_COMMA = ("mark", ",")
_MAX_NUMBER_LENGTH = 30  # beyond it FEEL may round
_KINDS: tuple[type, ...] = (Decimal, str, bool, feel.Date, feel.DaysAndTime, feel.YearsAndMonths)
_UNORDERED: tuple[type, ...] = (bool,)


class _NotLiteral(Exception):
    """The cell needs FEEL."""


@lru_cache(maxsize=20_000)
def read_cell(text: str) -> Cell:
    """What the unary tests `text` say (grammar rules 15 to 17 and 7 to 13, their literal part)."""
    stripped = text.strip()
    if stripped in {"", "-"}:
        return ANY_VALUE
    try:
        return _Literals(stripped).cell()
    except _NotLiteral:
        return Computed(text)


class _Literals:
    """A reader of unary tests that are made of literals only."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._token = next(self._tokens)
        self._kind: type | None = None

    def cell(self) -> Literal:
        if self._token == _UNEQUAL:
            return self._all_but_one()
        negated = self._token == _NOT
        if negated:
            self._advance()
            self._expect("(")
        intervals = [self._test()]
        while self._token == _COMMA:
            self._advance()
            intervals.append(self._test())
        if negated:
            self._expect(")")
        if self._token != _END or self._kind is None:
            raise _NotLiteral
        if any(interval.is_descending for interval in intervals):
            if negated or len(intervals) > 1:
                raise _NotLiteral
            intervals = []
        return Literal(self._kind, tuple(intervals), negated)

    def _all_but_one(self) -> Literal:
        """The only test ``!= value``, which is ``not(value)``."""
        self._advance()
        point = Interval.point(self._endpoint())
        if self._token != _END or self._kind is None:
            raise _NotLiteral
        return Literal(self._kind, (point,), negated=True)

    def _test(self) -> Interval:
        kind, opening = self._token
        if kind == "operator":
            self._advance()
            return self._comparison(opening, self._endpoint())
        if kind == "mark" and opening in "[](":
            self._advance()
            low = self._endpoint()
            self._expect("..")
            high = self._endpoint()
            closing = self._token[1]
            if closing not in {"]", "[", ")"} or bool in {type(low), type(high)}:
                raise _NotLiteral
            self._advance()
            if low == high:
                raise _NotLiteral  # an interval is no equality: null is neither inside nor outside
            return Interval(low, high, low_included=opening == "[", high_included=closing == "]")
        return Interval.point(self._endpoint())

    def _comparison(self, operator: str, endpoint: Ordered) -> Interval:
        if operator == "=":
            return Interval.point(endpoint)
        if operator == "!=" or isinstance(endpoint, _UNORDERED):
            raise _NotLiteral
        if operator.startswith("<"):
            return Interval(None, endpoint, low_included=False, high_included=operator == "<=")
        return Interval(endpoint, None, low_included=operator == ">=", high_included=False)

    def _endpoint(self) -> Ordered:
        value = _literal_value(*self._token)
        if self._kind is None:
            self._kind = type(value)
        elif self._kind is not type(value):
            raise _NotLiteral
        self._advance()
        return value

    def _expect(self, mark: str) -> None:
        if self._token != ("mark", mark):
            raise _NotLiteral
        self._advance()

    def _advance(self) -> None:
        self._token = next(self._tokens)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _NotLiteral
        yield match.lastgroup, match[match.lastgroup]
        position = match.end()
    yield _END
    yield _END


def _literal_value(kind: str, written: str) -> Ordered:
    match kind:
        case "number" if len(written) < _MAX_NUMBER_LENGTH:
            return Decimal(written)
        case "string":
            return written[1:-1]
        case "word" if written != "not":
            return written == "true"
        case "temporal":
            value = feel.evaluate(written)
            if isinstance(value, _KINDS):
                return value
    raise _NotLiteral


def satisfies(cell: Literal, value: object) -> bool:
    """Whether `value`, which is not a list, satisfies a literal cell: what the index finds, one cell at a time."""
    if type(value) is not cell.kind:
        return value is None and cell.matches_null
    return any(_contains(interval, value) for interval in cell.intervals) is not cell.negated


def _contains(interval: Interval, value: Ordered) -> bool:
    low, high = interval.low, interval.high
    if low is not None and (value < low or (value == low and not interval.low_included)):
        return False
    return high is None or not (high < value or (value == high and not interval.high_included))


def literal_value(text: str) -> tuple[bool, object]:
    """Whether `text` is one literal, and its value; ``null`` and temporal literals count."""
    stripped = text.strip()
    if stripped == "null":
        return True, None
    try:
        tokens = _tokens(stripped)
        value = _literal_value(*next(tokens))
        is_alone = next(tokens) == _END
    except _NotLiteral:
        return False, None
    return is_alone, value if is_alone else None
