"""What the operators do with operands of any types (DMN 1.5, 10.3.2.12 to 10.3.2.15), with a reason for every null.

Compiled code inlines the common cases (two numbers, two strings) and comes here for all others. `span` is the place of
the operation in its expression.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from app.feel.frame import MAX_LENGTH, Frame, ReasonKind, weight
from app.feel.remedies import reasons
from app.feel.temporal import (
    Date,
    DateAndTime,
    DaysAndTime,
    Time,
    YearsAndMonths,
    add_to_date,
    add_to_date_and_time,
    add_to_time,
    between_dates_and_times,
    between_times,
)
from app.feel.temporal.calendar import MAX_DURATION_MONTHS, MAX_DURATION_NANOS
from app.feel.text import shown
from app.feel.tokens import Span
from app.feel.values import ARITHMETIC, Function, Range, compare, equal, includes, type_name, within
from app.feel.work import Walk

_DIVIDE = ARITHMETIC.divide
_MULTIPLY = ARITHMETIC.multiply
_POWER = ARITHMETIC.power

_STRUCTURES = frozenset({list, dict})

Operation = Callable[[Any, Any], object]


def arithmetic(frame: Frame, span: Span, operator: str, left: object, right: object) -> object:
    """``left operator right``, or null with a reason."""
    operation = _OPERATIONS[operator].get((type(left), type(right)))
    if operation is None:
        if frame.reasons is None:
            return None
        kind = ReasonKind.NULL_OPERAND if left is None or right is None else ReasonKind.WRONG_TYPE
        gist = f"Expected two values to {_VERBS[operator]}, but found {type_name(left)} and {type_name(right)}."
        frame.note(kind, gist, span, lambda: _not_operands(operator, left, right))
        return None
    if type(left) is str:
        frame.charge(weight(left) + weight(right))
    try:
        result = operation(left, right)
    except ZeroDivisionError:
        frame.note(ReasonKind.DIVISION_BY_ZERO, "Expected a divisor other than zero, but found 0.", span)
        return None
    except (ArithmeticError, ValueError, MemoryError):
        frame.note(ReasonKind.OUT_OF_RANGE, "Expected a result within FEEL's numbers, but found one beyond them.", span)
        return None
    if result is None:
        expected = f"Expected two values to {_VERBS[operator]}"
        gist = f"{_found(expected, left, right)} There is no result."
        frame.note(ReasonKind.OUT_OF_RANGE, gist, span, partial(_without_result, expected, left, right))
    return result


def _found(expected: str, *values: object) -> str:
    return f"{expected}, but found {' and '.join(map(type_name, values))}."


def _told(expected: str, remedy: str, *values: object) -> str:
    """The message with the values, and what to write instead."""
    found = f"{expected}, but found {' and '.join(map(shown, values))}."
    return f"{found} {remedy}" if remedy else found


def _not_operands(operator: str, left: object, right: object) -> str:
    remedy = "" if left is None or right is None else reasons.of_arithmetic(operator, left, right)
    return _told(f"Expected two values to {_VERBS[operator]}", remedy, left, right)


def _without_result(expected: str, left: object, right: object) -> str:
    zones = reasons.of_zones(left, right)
    return _told(expected if zones else f"{expected} within the calendar", zones or "", left, right)


def negate(frame: Frame, span: Span, value: object) -> object:
    """``-value``: a number or a duration."""
    if type(value) is Decimal:
        return arithmetic(frame, span, "-", Decimal(0), value)
    if type(value) is DaysAndTime:
        return DaysAndTime(-value.nanos)
    if type(value) is YearsAndMonths:
        return YearsAndMonths(-value.months)
    kind = ReasonKind.NULL_OPERAND if value is None else ReasonKind.WRONG_TYPE
    expected = "Expected a number or a duration after the minus"
    frame.note(kind, _found(expected, value), span, partial(_told, expected, "", value))
    return None


def equals(frame: Frame, span: Span, left: object, right: object) -> bool | None:
    """``left = right``; null where the types differ."""
    same = equal(left, right, Walk(frame.budget) if type(left) in _STRUCTURES else None)
    if same is None:
        _not_comparable(frame, span, left, right)
    return same


def differs(frame: Frame, span: Span, left: object, right: object) -> bool | None:
    """``left != right``; null where the types differ."""
    same = equals(frame, span, left, right)
    return None if same is None else not same


def _ordered(frame: Frame, span: Span, left: object, right: object) -> int | None:
    order = compare(left, right)
    if order is None:
        _not_comparable(frame, span, left, right)
    return order


def less(frame: Frame, span: Span, left: object, right: object) -> bool | None:
    order = _ordered(frame, span, left, right)
    return None if order is None else order < 0


def less_or_equal(frame: Frame, span: Span, left: object, right: object) -> bool | None:
    order = _ordered(frame, span, left, right)
    return None if order is None else order <= 0


def greater(frame: Frame, span: Span, left: object, right: object) -> bool | None:
    order = _ordered(frame, span, left, right)
    return None if order is None else order > 0


def greater_or_equal(frame: Frame, span: Span, left: object, right: object) -> bool | None:
    order = _ordered(frame, span, left, right)
    return None if order is None else order >= 0


def _not_comparable(frame: Frame, span: Span, left: object, right: object) -> None:
    if frame.reasons is None:
        return
    kind = ReasonKind.NULL_OPERAND if left is None or right is None else ReasonKind.NOT_COMPARABLE
    gist = f"Expected two values that compare, but found {type_name(left)} and {type_name(right)}."
    frame.note(kind, gist, span, lambda: _incomparable(left, right))


def _incomparable(left: object, right: object) -> str:
    remedy = "" if left is None or right is None else reasons.of_comparison(left, right)
    return _told("Expected two values that compare", remedy, left, right)


def between(frame: Frame, span: Span, value: object, low: object, high: object) -> bool | None:
    """``value between low and high``, both included; false as soon as one comparison is."""
    after, before = compare(value, low), compare(value, high)
    if (after is not None and after < 0) or (before is not None and before > 0):
        return False
    if after is None or before is None:
        _not_comparable(frame, span, value, low if after is None else high)
        return None
    return True


def member_of(frame: Frame, span: Span, value: object, tests: list[object]) -> bool | None:
    """``value in (tests)``: true if one of them includes the value; null where none does and some cannot say."""
    found: bool | None = False
    walk = Walk(frame.budget) if type(value) in _STRUCTURES else None
    for test in tests:
        if type(test) is list:
            frame.charge(weight(test))
        verdict = includes(test, value, walk)
        if verdict:
            return True
        if verdict is None:
            found = None
            if frame.reasons is None:
                continue
            kind = ReasonKind.NULL_OPERAND if value is None else ReasonKind.NOT_COMPARABLE
            expected = f"Expected a value that {type_name(test)} can include"
            frame.note(kind, _found(expected, value), span, partial(_not_included, value, test))
    return found


def _not_included(value: object, test: object) -> str:
    end = test
    if isinstance(test, Range):
        end = test.end if test.start is None else test.start
    remedy = "" if value is None or end is None else reasons.of_comparison(value, end)
    return _told(f"Expected a value that {shown(test)} can include", remedy, value)


def satisfies(frame: Frame, span: Span, value: object, test: object) -> bool | None:
    """Whether the input `value` passes a unary test that answered `test` (10.3.2.8).

    A boolean is the verdict itself, unless the input is a boolean too; everything else must include or equal the input.
    """
    if type(test) is bool and type(value) is not bool:
        return test
    return member_of(frame, span, value, [test])


def answered(frame: Frame, span: Span, value: object, test: object) -> bool | None:
    """The verdict of a unary test that names its input ``?``: its boolean, or what `satisfies` says."""
    if test is None or type(test) is bool:
        return test
    return satisfies(frame, span, value, test)


def within_range(frame: Frame, span: Span, value: object, range_: Range) -> bool | None:
    """``value in range``."""
    verdict = within(value, range_)
    if verdict is None:
        _not_comparable(frame, span, value, range_.end if range_.start is None else range_.start)
    return verdict


def both(frame: Frame, span: Span, left: object, right: object) -> bool | None:
    """``left and right`` (table 38)."""
    if left is False or right is False:
        return False
    if left is True and right is True:
        return True
    _undecided(frame, span, left, right)
    return None


def either(frame: Frame, span: Span, left: object, right: object) -> bool | None:
    """``left or right`` (table 38)."""
    if left is True or right is True:
        return True
    if left is False and right is False:
        return False
    _undecided(frame, span, left, right)
    return None


def _undecided(frame: Frame, span: Span, left: object, right: object) -> None:
    if frame.reasons is None:
        return
    odd = right if type(left) is bool else left
    kind = ReasonKind.NULL_OPERAND if odd is None else ReasonKind.WRONG_TYPE
    frame.note(kind, _found("Expected a boolean", odd), span, partial(_told, "Expected a boolean", "", odd))


_WITHOUT_ORDER = (list, dict, Function, Range, bool)


def make_range(frame: Frame, span: Span, start: object, end: object, brackets: str) -> Range | None:
    """``[start..end]`` as a value; null where the endpoints do not compare or run downwards."""
    if isinstance(start, list | dict | Function | Range | bool) or isinstance(
        end, list | dict | Function | Range | bool
    ):
        frame.note(ReasonKind.WRONG_TYPE, "Expected endpoints that have an order, but found others.", span)
        return None
    order = compare(start, end)
    if start is not None and end is not None and (order is None or order > 0):
        message = f"Expected a range that runs upwards, but found one from {type_name(start)} to {type_name(end)}."
        kind = ReasonKind.NOT_COMPARABLE if order is None else ReasonKind.OUT_OF_RANGE
        frame.note(kind, message, span, partial(_downwards, start, end))
        return None
    return Range(start, end, start_included=brackets[0] == "[", end_included=brackets[1] == "]")


def _downwards(start: object, end: object) -> str:
    message = f"Expected a range that runs upwards, but found one from {shown(start)} to {shown(end)}."
    remedy = reasons.of_comparison(start, end)
    return f"{message} {remedy}" if remedy else message


# --- tables 53 to 62: what can be added, subtracted, multiplied, divided, raised ---


def _concatenate(left: str, right: str) -> str:
    if len(left) + len(right) > MAX_LENGTH:
        raise OverflowError
    return left + right


def _divide(left: Decimal, right: Decimal) -> Decimal:
    if not right:
        raise ZeroDivisionError
    return _DIVIDE(left, right)


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """`base` raised; raises ArithmeticError where that is no number of FEEL.

    Zero to the power of zero, which libmpdec leaves undefined, is 1, as in every language around; to a negative power,
    where it answers infinity, zero divides.
    """
    if base:
        return _POWER(base, exponent)
    if exponent < 0:
        raise ZeroDivisionError
    return base if exponent else Decimal(1)


def _scaled(nanos: int, factor: Decimal) -> int:
    """A duration's integer times a number, towards zero; beyond FEEL's numbers raises ArithmeticError."""
    return int(_MULTIPLY(Decimal(nanos), factor))


def _parted(nanos: int, divisor: Decimal) -> int:
    return int(_divide(Decimal(nanos), divisor))


def _days_and_time(nanos: int) -> DaysAndTime:
    if abs(nanos) > MAX_DURATION_NANOS:
        raise OverflowError
    return DaysAndTime(nanos)


def _years_and_months(months: int) -> YearsAndMonths:
    if abs(months) > MAX_DURATION_MONTHS:
        raise OverflowError
    return YearsAndMonths(months)


def _time_minus(left: Time, right: DaysAndTime) -> Time:
    return add_to_time(left, DaysAndTime(-right.nanos))


def _opposite(duration: DaysAndTime | YearsAndMonths) -> DaysAndTime | YearsAndMonths:
    return DaysAndTime(-duration.nanos) if isinstance(duration, DaysAndTime) else YearsAndMonths(-duration.months)


def _midnight(date: Date) -> DateAndTime:
    return DateAndTime.at_midnight_utc(date)


_ADDITIONS: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): ARITHMETIC.add,
    (str, str): _concatenate,
    (DaysAndTime, DaysAndTime): lambda a, b: _days_and_time(a.nanos + b.nanos),
    (YearsAndMonths, YearsAndMonths): lambda a, b: _years_and_months(a.months + b.months),
    (Date, DaysAndTime): add_to_date,
    (Date, YearsAndMonths): add_to_date,
    (DateAndTime, DaysAndTime): add_to_date_and_time,
    (DateAndTime, YearsAndMonths): add_to_date_and_time,
    (Time, DaysAndTime): add_to_time,
    (DaysAndTime, Date): lambda a, b: add_to_date(b, a),
    (YearsAndMonths, Date): lambda a, b: add_to_date(b, a),
    (DaysAndTime, DateAndTime): lambda a, b: add_to_date_and_time(b, a),
    (YearsAndMonths, DateAndTime): lambda a, b: add_to_date_and_time(b, a),
    (DaysAndTime, Time): lambda a, b: add_to_time(b, a),
}
_SUBTRACTIONS: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): ARITHMETIC.subtract,
    (DaysAndTime, DaysAndTime): lambda a, b: _days_and_time(a.nanos - b.nanos),
    (YearsAndMonths, YearsAndMonths): lambda a, b: _years_and_months(a.months - b.months),
    (DateAndTime, DateAndTime): between_dates_and_times,
    (Date, Date): lambda a, b: between_dates_and_times(_midnight(a), _midnight(b)),
    (DateAndTime, Date): lambda a, b: between_dates_and_times(a, _midnight(b)),
    (Date, DateAndTime): lambda a, b: between_dates_and_times(_midnight(a), b),
    (Time, Time): between_times,
    (Date, DaysAndTime): lambda a, b: add_to_date(a, _opposite(b)),
    (Date, YearsAndMonths): lambda a, b: add_to_date(a, _opposite(b)),
    (DateAndTime, DaysAndTime): lambda a, b: add_to_date_and_time(a, _opposite(b)),
    (DateAndTime, YearsAndMonths): lambda a, b: add_to_date_and_time(a, _opposite(b)),
    (Time, DaysAndTime): _time_minus,
}
_MULTIPLICATIONS: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): _MULTIPLY,
    (DaysAndTime, Decimal): lambda a, b: _days_and_time(_scaled(a.nanos, b)),
    (Decimal, DaysAndTime): lambda a, b: _days_and_time(_scaled(b.nanos, a)),
    (YearsAndMonths, Decimal): lambda a, b: _years_and_months(_scaled(a.months, b)),
    (Decimal, YearsAndMonths): lambda a, b: _years_and_months(_scaled(b.months, a)),
}
_DIVISIONS: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): _divide,
    (DaysAndTime, Decimal): lambda a, b: _days_and_time(_parted(a.nanos, b)),
    (YearsAndMonths, Decimal): lambda a, b: _years_and_months(_parted(a.months, b)),
    (DaysAndTime, DaysAndTime): lambda a, b: _divide(Decimal(a.nanos), Decimal(b.nanos)),
    (YearsAndMonths, YearsAndMonths): lambda a, b: _divide(Decimal(a.months), Decimal(b.months)),
}
_OPERATIONS: dict[str, dict[tuple[type, type], Operation]] = {
    "+": _ADDITIONS,
    "-": _SUBTRACTIONS,
    "*": _MULTIPLICATIONS,
    "/": _DIVISIONS,
    "**": {(Decimal, Decimal): power},
}
_VERBS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "**": "raise"}
