"""FEEL's values at run time: what they are called, when two are equal, which comes first (DMN 1.5, 10.3.2.13).

Numbers, strings, booleans, lists and contexts are Python's own; here are ranges and functions, which Python lacks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    getcontext,
    setcontext,
)
from typing import Any, NamedTuple

from app.feel.temporal import Date, DateAndTime, DaysAndTime, Time, YearsAndMonths
from app.feel.temporal.calendar import NANOS_PER_SECOND
from app.feel.work import Walk

ARITHMETIC = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    traps=[Overflow, InvalidOperation, DivisionByZero],
)
"""IEEE 754 decimal128, as FEEL's numbers ask (10.3.2.3.1). Operations are called on it, so that no thread's own context
is changed; its traps raise, and nobody looks at its flags."""


class _FixedContext(Context):
    """A decimal context that refuses to be changed: compiled code knows it by identity, and threads share it."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Expected FEEL's decimal context as it is, but found {name} set. Use localcontext().")

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        return dict(value) if name == "traps" else value

    def clear_traps(self) -> None:
        raise AttributeError(
            "Expected FEEL's decimal context as it is, but found its traps cleared. Use localcontext()."
        )


ENTERED = _FixedContext(
    prec=ARITHMETIC.prec,
    rounding=ARITHMETIC.rounding,
    Emin=ARITHMETIC.Emin,
    Emax=ARITHMETIC.Emax,
    capitals=ARITHMETIC.capitals,
    clamp=ARITHMETIC.clamp,
    traps=[signal for signal, traps in ARITHMETIC.traps.items() if traps],
)
"""The same arithmetic as the context of a thread: see `arithmetic`."""


@contextmanager
def arithmetic() -> Iterator[None]:
    """Let this thread compute in FEEL's decimal context for a while; afterwards in its own again.

    Nothing answers differently inside, but it is faster: compiled code may use Python's operators, which take the
    thread's context, in place of the context's methods.
    """
    before = getcontext()
    setcontext(ENTERED)
    try:
        yield
    finally:
        setcontext(before)


def whole(number: Decimal) -> int:
    """The integer part, cut where it would be long to write out: nothing that is counted comes near 10^30."""
    return int(number) if number.adjusted() < 30 else (1 if number > 0 else -1) * 10**30


class Range:
    """An interval as a value. `operator` is set where it was written as a comparison, such as ``(<10)`` (10.3.2.7)."""

    __slots__ = ("end", "end_included", "operator", "start", "start_included")

    def __init__(
        self, start: object, end: object, *, start_included: bool = True, end_included: bool = True, operator: str = ""
    ) -> None:
        self.start = start
        self.end = end
        self.start_included = start_included
        self.end_included = end_included
        self.operator = operator

    @classmethod
    def comparing(cls, operator: str, endpoint: object) -> "Range":
        """The range of the values `v` for which ``v operator endpoint`` holds."""
        if operator in ("<", "<="):
            return cls(None, endpoint, start_included=False, end_included=operator == "<=", operator=operator)
        if operator in (">", ">="):
            return cls(endpoint, None, start_included=operator == ">=", end_included=False, operator=operator)
        return cls(endpoint, endpoint, start_included=operator == "=", end_included=operator == "=", operator=operator)

    def __eq__(self, other: object) -> bool:
        return type(other) is Range and equal(self, other) is True

    def __hash__(self) -> int:
        return hash((str(self.start), str(self.end), self.start_included, self.end_included, self.operator))

    def __repr__(self) -> str:
        return (
            f"Range({'[' if self.start_included else '('}{self.start}..{self.end}{']' if self.end_included else ')'})"
        )


class Parameter(NamedTuple):
    """A parameter of a function; `type` is a `types.Type`."""

    name: str
    type: Any


class Function:
    """A function as a value. `body` is called as ``body(frame, *arguments)`` with one value for each parameter.

    `result` is the declared `types.Type` of what it answers, `steps` what a call takes from the budget of an
    evaluation. Two functions are equal only if they are the same.
    """

    __slots__ = ("body", "name", "parameters", "result", "steps")

    def __init__(
        self, name: str, parameters: tuple[Parameter, ...], body: Callable[..., object], result: Any, steps: int = 1
    ) -> None:
        self.steps = steps
        self.name = name
        self.parameters = parameters
        self.body = body
        self.result = result

    def __repr__(self) -> str:
        return f"Function({self.name or 'anonymous'}({', '.join(parameter.name for parameter in self.parameters)}))"


class Builtin(Function):
    """A built-in function; `overloads` are its forms, which `calls` chooses from."""

    __slots__ = ("overloads",)

    def __init__(
        self, name: str, parameters: tuple[Parameter, ...], body: Callable[..., object], result: Any, overloads: Any
    ) -> None:
        super().__init__(name, parameters, body, result)
        self.overloads = overloads


_TYPE_NAMES: dict[type, str] = {
    type(None): "null",
    Decimal: "a number",
    str: "a string",
    bool: "a boolean",
    list: "a list",
    dict: "a context",
    Date: "a date",
    Time: "a time",
    DateAndTime: "a date and time",
    DaysAndTime: "a days and time duration",
    YearsAndMonths: "a years and months duration",
    Range: "a range",
}


def type_name(value: object) -> str:
    """What a message calls the value's type, with its article."""
    return _TYPE_NAMES.get(type(value), "a function")


def equal(left: object, right: object, walk: Walk | None = None) -> bool | None:
    """FEEL's ``=``: null where the two are of different types; null equals only null (10.3.2.13, table 51)."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None if not (isinstance(left, Function) and isinstance(right, Function)) else left is right
    if kind in _PLAIN:
        return left == right
    if kind is list or kind is dict:
        return _equal_structures(left, right, walk or Walk())
    return _EQUALITIES.get(kind, _same)(left, right)


_PLAIN = frozenset({Decimal, str, bool, Date, DaysAndTime, YearsAndMonths})


def _same(left: object, right: object) -> bool | None:
    return left is right


def _all_of(verdicts: list[bool | None]) -> bool | None:
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _equal_structures(left: Any, right: Any, walk: Walk) -> bool | None:
    compared = _equal_lists if type(left) is list else _equal_contexts
    return walk.once(left, right, lambda: compared(left, right, walk))


def _equal_lists(left: list[object], right: list[object], walk: Walk) -> bool | None:
    if len(left) != len(right):
        return False
    return _all_of([equal(a, b, walk) for a, b in zip(left, right, strict=True)])


def _equal_contexts(left: dict[str, object], right: dict[str, object], walk: Walk) -> bool | None:
    if left.keys() != right.keys():
        return False
    return _all_of([equal(value, right[name], walk) for name, value in left.items()])


def _equal_ranges(left: Range, right: Range) -> bool | None:
    if (left.start_included, left.end_included, left.operator) != (
        right.start_included,
        right.end_included,
        right.operator,
    ):
        return False
    return _all_of([equal(left.start, right.start), equal(left.end, right.end)])


def _equal_times(left: Time, right: Time) -> bool | None:
    if left.zoned != right.zoned:
        return None
    return left.instant_nanos // NANOS_PER_SECOND == right.instant_nanos // NANOS_PER_SECOND


def _equal_dates_and_times(left: DateAndTime, right: DateAndTime) -> bool | None:
    if left.zoned != right.zoned:
        return None
    return left.instant_nanos // NANOS_PER_SECOND == right.instant_nanos // NANOS_PER_SECOND


_EQUALITIES: dict[type, Callable[[Any, Any], bool | None]] = {
    Range: _equal_ranges,
    Time: _equal_times,
    DateAndTime: _equal_dates_and_times,
}


def compare(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 as `left` comes before, with or after `right`; None where FEEL orders them not (table 52)."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _ORDERED:
        return bool(left > right) - bool(left < right)
    if kind is Time or kind is DateAndTime:
        if left.zoned != right.zoned:
            return None
        first, second = left.instant_nanos, right.instant_nanos
        return bool(first > second) - bool(first < second)
    return None


_ORDERED = frozenset({Decimal, str, Date, DaysAndTime, YearsAndMonths})


def within(value: object, range_: Range) -> bool | None:
    """Whether `value` lies in `range_`; null where it does not compare with an endpoint."""
    if range_.operator in ("=", "!="):
        same = equal(value, range_.start)
        return same if range_.operator == "=" or same is None else not same
    if not range_.operator and (range_.start is None or range_.end is None):
        return None
    verdicts: list[bool | None] = []
    if range_.start is not None:
        order = compare(value, range_.start)
        verdicts.append(None if order is None else order > 0 or (order == 0 and range_.start_included))
    if range_.end is not None:
        order = compare(value, range_.end)
        verdicts.append(None if order is None else order < 0 or (order == 0 and range_.end_included))
    return _all_of(verdicts) if verdicts else None


def includes(test: object, value: object, walk: Walk | None = None) -> bool | None:
    """``value in test``: inside a range, an element of a list (or inside one of its ranges), or equal (10.3.2.14)."""
    if type(test) is Range:
        return within(value, test)
    if type(test) is list:
        if any((within(value, item) if type(item) is Range else equal(item, value, walk)) is True for item in test):
            return True
        return type(value) is list and equal(test, value, walk) is True
    return equal(value, test, walk)
