"""Conversion functions (DMN 1.5, 10.3.4.1) and the boolean function `not` (10.3.4.2)."""

import re
from decimal import Decimal
from functools import partial
from typing import TypeVar

from app.feel.builtins.registry import Registry
from app.feel.frame import Failure, ReasonKind
from app.feel.range_text import read_range
from app.feel.remedies import reasons
from app.feel.temporal import (
    Date,
    DateAndTime,
    DaysAndTime,
    Time,
    YearsAndMonths,
    read_date,
    read_date_and_time,
    read_duration,
    read_time,
)
from app.feel.temporal.calendar import NANOS_PER_SECOND
from app.feel.temporal.zones import MAX_OFFSET_SECONDS
from app.feel.text import quoted, text_of
from app.feel.values import ARITHMETIC, Range, whole

FUNCTIONS = Registry()
function = FUNCTIONS.function

Found = TypeVar("Found")

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_MAX_NUMBER_TEXT = 10_000


@function("not(negand: boolean)")
def not_(negand: bool) -> bool:  # noqa: FBT001 - FEEL calls it
    return not negand


@function("string(from: value)")
def string(value: object) -> str:
    return text_of(value)


@function("number(from: string)")
def number_of_text(text: str) -> Decimal:
    if len(text) > _MAX_NUMBER_TEXT or _NUMBER.fullmatch(text) is None:
        remedy = partial(reasons.of_text, "number", text)
        raise Failure(f"Expected the text of a number, but found {quoted(text[:60])}.", remedy=remedy)
    return ARITHMETIC.create_decimal(text)


@function("number(from: string, grouping separator: string|null, decimal separator: string|null)")
def number(text: str, grouping: str | None, decimal_separator: str | None) -> Decimal:
    """The number with the separators taken away: grouping one of space, comma, period; decimal one of comma, period."""
    if (
        grouping not in (None, " ", ",", ".")
        or decimal_separator not in (None, ",", ".")
        or (grouping and grouping == decimal_separator)
    ):
        raise Failure("Expected two different separators out of space, comma and period, but found others.")
    if grouping:
        text = text.replace(grouping, "")
    return number_of_text(text.replace(decimal_separator, ".") if decimal_separator else text)


@function("date(from: string)")
def date_of_text(text: str) -> Date:
    return _found(read_date(text), "a date", text, "date")


@function("date(from: date|date and time)")
def date_of_value(value: Date | DateAndTime) -> Date:
    return value.date if isinstance(value, DateAndTime) else value


@function("date(year: number, month: number, day: number)")
def date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Date:
    return _found(
        Date.of(_integer(year), _integer(month), _integer(day)), "a date of the calendar", f"{year}, {month}, {day}"
    )


def _found(value: Found | None, expected: str, text: str, function_name: str = "") -> Found:
    if value is None:
        remedy = partial(reasons.of_text, function_name, text) if function_name else None
        raise Failure(f"Expected {expected}, but found {quoted(text[:60])}.", remedy=remedy)
    return value


def _integer(number: Decimal) -> int:
    integer = whole(number)
    if integer != number:
        raise Failure(f"Expected an integer, but found {number}.")
    return integer


@function("time(from: string)")
def time_of_text(text: str) -> Time:
    return _found(read_time(text), "a time", text, "time")


@function("time(from: time|date and time|date)")
def time_of_value(value: Time | DateAndTime | Date) -> Time:
    """A date's time is midnight in UTC."""
    if isinstance(value, DateAndTime):
        return value.time
    return Time(0, 0) if isinstance(value, Date) else value


@function("time(hour: number, minute: number, second: number, offset?: days and time duration|null)")
def time_of_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysAndTime | None) -> Time:
    hours, minutes = _integer(hour), _integer(minute)
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= second < 60):
        raise Failure(f"Expected a time of day, but found {hour}, {minute}, {second}.", ReasonKind.OUT_OF_RANGE)
    nanos = (hours * 60 + minutes) * 60 * NANOS_PER_SECOND + int(ARITHMETIC.multiply(second, Decimal(NANOS_PER_SECOND)))
    if offset is None:
        return Time(nanos)
    seconds = abs(offset.nanos) // NANOS_PER_SECOND
    if seconds > MAX_OFFSET_SECONDS:
        raise Failure(f"Expected an offset within 18 hours, but found {offset}.", ReasonKind.OUT_OF_RANGE)
    return Time(nanos, -seconds if offset.nanos < 0 else seconds)


@function("date and time(from: string)")
def date_and_time_of_text(text: str) -> DateAndTime:
    return _found(read_date_and_time(text), "a date and time", text, "date and time")


@function("date and time(from: date and time)")
def date_and_time_of_value(value: DateAndTime) -> DateAndTime:
    return value


@function("date and time(from: date)")
def date_and_time_of_date(value: Date) -> DateAndTime:
    return DateAndTime.at_midnight_utc(value)


@function("date and time(date: date|date and time, time: time)")
def date_and_time_of_parts(date: Date | DateAndTime, time: Time) -> DateAndTime:
    """The date of the first and the time, with its zone, of the second."""
    return DateAndTime(date_of_value(date), time.nanos, time.offset_seconds, time.zone)


@function("duration(from: string)")
def duration_of_text(text: str) -> DaysAndTime | YearsAndMonths:
    duration: DaysAndTime | YearsAndMonths | None = read_duration(text)
    if duration is None:
        raise Failure(
            f"Expected a duration, but found {quoted(text[:60])}.", remedy=partial(reasons.of_text, "duration", text)
        )
    return duration


@function("duration(from: duration)")
def duration_of_value(value: DaysAndTime | YearsAndMonths) -> DaysAndTime | YearsAndMonths:
    return value


@function("range(from: string)")
def range_(text: str) -> Range:
    """The range that the text spells, its endpoints being literals."""
    return _found(read_range(text), "a range with literal endpoints", text)
