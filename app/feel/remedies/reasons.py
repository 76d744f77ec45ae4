"""Remedies for nulls: what to write so that an evaluation has a value. They look at values, and are asked for only when
a reason is kept."""

import re
from collections.abc import Iterable
from decimal import Decimal

from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.names import instead_of_function, instead_of_method, instead_of_name
from app.feel.remedies.near import is_same_but_for_form, listed, near
from app.feel.remedies.temporal_texts import spelled
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
from app.feel.text import number_text, quoted
from app.feel.tokens import Span
from app.feel.values import Builtin, Function

_READERS = {
    Date: ("date", read_date),
    Time: ("time", read_time),
    DateAndTime: ("date and time", read_date_and_time),
    DaysAndTime: ("duration", read_duration),
    YearsAndMonths: ("duration", read_duration),
}
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?")
_LENGTH = 60


def of_comparison(left: object, right: object) -> str:
    """Why two values that are not null do not compare, and how they would."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, str) and (call := _converted(one, other)) is not None:
            return Mistake.CONVERTED.sentence("", f"`{call}`")
        if isinstance(one, Date) and isinstance(other, DateAndTime):
            return Mistake.DATE_OF_BOTH.sentence()
        if isinstance(one, Builtin) and not isinstance(other, Function):
            return Mistake.PARENTHESES.sentence("", f"`{one.name}()`")
    if _zone(left) is not None and type(left) is type(right) and _zone(left) is not _zone(right):
        return Mistake.ZONES.sentence()
    return ""


def _converted(text: str, other: object) -> str | None:
    """The call that makes of a text a value like the `other` one, None where none does."""
    if len(text) > _LENGTH:
        return None
    if isinstance(other, Decimal):
        return f"number({quoted(text)})" if _NUMBER.fullmatch(text) else spelled("number", text)
    if isinstance(other, bool):
        return {"true": "true", "false": "false"}.get(text.lower())
    name, reader = _READERS.get(type(other), (None, None))
    if name is None or reader is None:
        return None
    return f"{name}({quoted(text)})" if isinstance(reader(text), type(other)) else spelled(name, text)


def _zone(value: object) -> bool | None:
    return value.zoned if isinstance(value, Time | DateAndTime) else None


def of_arithmetic(operator: str, left: object, right: object) -> str:
    """How two values that are not null could be operands of one operator."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Builtin):
            return Mistake.PARENTHESES.sentence("", f"`{one.name}()`")
        if not isinstance(one, str):
            continue
        if (call := _converted(one, other)) is not None:
            return Mistake.CONVERTED.sentence("", f"`{call}`")
        if operator == "+" and isinstance(other, Decimal):
            return Mistake.TEXT_AND_NUMBER.sentence("", f"`string({number_text(other)})`"[:_LENGTH])
        if operator == "+" and not isinstance(other, str):
            return Mistake.TEXT_AND_NUMBER.sentence("", "`string(…)`")
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Date | DateAndTime) and isinstance(other, Decimal) and operator in ("+", "-"):
            days = number_text(other)
            return Mistake.DURATION.sentence("", f'`duration("P{days if days.isdecimal() else 1}D")`')
    return ""


def of_zones(left: object, right: object) -> str | None:
    """Why two points in time have no distance; None where that is not it."""
    zones = [True if isinstance(one, Date) else _zone(one) for one in (left, right)]
    return None if None in zones or zones[0] is zones[1] else Mistake.ZONES.sentence()


def of_name(name: str, span: Span, known: Iterable[object]) -> str:
    """A variable that there is not; `known` are those that there are."""
    names = [one for one in known if isinstance(one, str)]
    tokens = span.source.tokens
    if 0 < span.last < len(tokens) and tokens[span.last] == "(":
        instead = instead_of_function(name)
    else:
        instead = instead_of_name(name, names)
    return "" if instead is None else instead.remedy


def of_member(name: str, members: Iterable[str]) -> str:
    """A member that a context has not."""
    found = near(name, members)
    if found and is_same_but_for_form(name, found[0]):
        return Mistake.SPELLING.sentence("", f"`{found[0]}`")
    if found:
        return Mistake.SPELLING_CHOICE.sentence("", listed([f"`{one}`" for one in found]))
    return of_property(name)


def of_property(name: str) -> str:
    """A member that a value has not which is no context."""
    instead = instead_of_method(name)
    return "" if instead is None else instead.remedy


def of_text(function: str, text: str) -> str:
    """A text that a conversion function does not read."""
    call = spelled(function, text)
    if call is not None:
        return Mistake.TEMPORAL.sentence("", f"`{call}`")
    return Mistake.NUMBER_FORM.sentence() if function == "number" else Mistake.TEMPORAL_FORM.sentence()


def of_arguments(function: str, arguments: Iterable[object]) -> str:
    """Arguments that a built-in function does not take."""
    first = next(iter(arguments), None)
    if isinstance(first, list) and function == "contains":
        return Mistake.FUNCTION_FOR_LISTS.sentence("", "`list contains(…)`")
    if isinstance(first, list) and function == "string length":
        return Mistake.FUNCTION_FOR_LISTS.sentence("", "`count(…)`")
    return ""


def of_zero() -> str:
    """The index 0."""
    return Mistake.FIRST_INDEX.sentence("", "`[1]`")


__all__ = [
    "of_arguments",
    "of_arithmetic",
    "of_comparison",
    "of_member",
    "of_name",
    "of_property",
    "of_text",
    "of_zero",
    "of_zones",
]
