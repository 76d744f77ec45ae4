"""FEEL's types (DMN 1.5, 10.3.2): what a value is an instance of, and how DMN converts a value to a declared type.

`conforms` is `instance of`; `coerce` is DMN's implicit conversion (10.3.2.9.4). Both are pure; nothing is parsed here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from app.feel.frame import QUIET, Frame, ReasonKind
from app.feel.temporal import Date, DateAndTime, DaysAndTime, Time, YearsAndMonths
from app.feel.text import shown
from app.feel.values import Builtin, Function, Range, type_name
from app.feel.work import Budget, Walk


class Type:
    """A FEEL type. `str(type)` is FEEL's notation."""

    __slots__ = ()


class Simple(Type, Enum):
    """The types without parts. ANY accepts every value, NULL only null."""

    ANY = "Any"
    NULL = "Null"
    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATE_AND_TIME = "date and time"
    DAYS_AND_TIME = "days and time duration"
    YEARS_AND_MONTHS = "years and months duration"

    def __str__(self) -> str:
        return str(self.value)


ANY = Simple.ANY
NULL = Simple.NULL
NUMBER = Simple.NUMBER
STRING = Simple.STRING
BOOLEAN = Simple.BOOLEAN
DATE = Simple.DATE
TIME = Simple.TIME
DATE_AND_TIME = Simple.DATE_AND_TIME
DAYS_AND_TIME = Simple.DAYS_AND_TIME
YEARS_AND_MONTHS = Simple.YEARS_AND_MONTHS


@dataclass(frozen=True, slots=True)
class ListType(Type):
    element: Type

    def __str__(self) -> str:
        return f"list<{self.element}>"


@dataclass(frozen=True, slots=True)
class RangeType(Type):
    element: Type

    def __str__(self) -> str:
        return f"range<{self.element}>"


@dataclass(frozen=True, slots=True)
class ContextType(Type):
    """`entries` maps each member to its type. Further members are allowed, and a member may be null."""

    entries: Mapping[str, Type]

    def __str__(self) -> str:
        return f"context<{', '.join(f'{name}: {type_}' for name, type_ in self.entries.items())}>"


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    """`parameters` is None where any parameters will do (the bare word ``function``)."""

    parameters: tuple[Type, ...] | None
    result: Type

    def __str__(self) -> str:
        if self.parameters is None:
            return "function"
        return f"function<{', '.join(map(str, self.parameters))}> -> {self.result}"


@dataclass(frozen=True, slots=True)
class Restricted(Type):
    """`base` with a constraint, such as the allowed values of an item definition; `allows` never sees null."""

    base: Type
    allows: Callable[[object], bool]
    description: str = ""

    def __str__(self) -> str:
        return f"{self.base} ({self.description})" if self.description else str(self.base)


@dataclass(frozen=True, slots=True)
class Reference(Type):
    """A type known by its name and looked up when it is needed, so that item definitions may refer to themselves."""

    name: str
    resolve: Callable[[], Type]

    def __str__(self) -> str:
        return self.name


SIMPLE_BY_NAME: Mapping[str, Simple] = {
    **{simple.value: simple for simple in Simple},
    "dayTimeDuration": DAYS_AND_TIME,
    "yearMonthDuration": YEARS_AND_MONTHS,
    "dateTime": DATE_AND_TIME,
}

_PYTHON_CLASSES: Mapping[Simple, type] = {
    NUMBER: Decimal,
    STRING: str,
    BOOLEAN: bool,
    DATE: Date,
    TIME: Time,
    DATE_AND_TIME: DateAndTime,
    DAYS_AND_TIME: DaysAndTime,
    YEARS_AND_MONTHS: YearsAndMonths,
}


def conforms(value: object, expected: Type, budget: Budget | None = None) -> bool:
    """Whether `value` is an instance of `expected` (10.3.2.9.2, table 53).

    Null is an instance of Null only, but a null member of a list or of a context conforms to any type. Constraints such
    as allowed values are no part of a type's identity: 256 is an instance of a type "number below 255". `budget` pays
    for looking into long lists.
    """
    if value is None:
        return expected is NULL
    return _fits(value, unconstrained(expected), Walk(budget))


def _fits(value: object, expected: Type, walk: Walk) -> bool:
    if value is None or expected is ANY:
        return True
    if isinstance(expected, Simple):
        return expected is not NULL and type(value) is _PYTHON_CLASSES[expected]
    return _STRUCTURES[type(expected)](value, expected, walk)


def _list_fits(value: object, expected: ListType, walk: Walk) -> bool:
    if type(value) is not list:
        return False
    element = expected.element
    return walk.once(value, expected, lambda: all(_fits(item, element, walk) for item in value))


def _context_fits(value: object, expected: ContextType, walk: Walk) -> bool:
    if type(value) is not dict:
        return False
    entries = expected.entries.items()
    members_fit = lambda: all(name in value and _fits(value[name], type_, walk) for name, type_ in entries)  # noqa: E731
    return walk.once(value, expected, members_fit)


def _range_fits(value: object, expected: RangeType, walk: Walk) -> bool:
    return (
        type(value) is Range and _fits(value.start, expected.element, walk) and _fits(value.end, expected.element, walk)
    )


def _function_fits(function: object, expected: FunctionType, _walk: Walk) -> bool:
    if not isinstance(function, Function) or expected.parameters is None:
        return isinstance(function, Function)
    if isinstance(function, Builtin):
        return any(overload.takes(len(expected.parameters)) for overload in function.overloads)
    own = function.parameters
    return (
        len(own) == len(expected.parameters)
        and all(is_subtype(wanted, have.type) for wanted, have in zip(expected.parameters, own, strict=True))
        and (function.result is ANY or is_subtype(function.result, expected.result))
    )


_STRUCTURES: Mapping[type[Type], Callable[[object, Any, Walk], bool]] = {
    ListType: _list_fits,
    ContextType: _context_fits,
    RangeType: _range_fits,
    FunctionType: _function_fits,
    Restricted: lambda value, expected, walk: _fits(value, expected.base, walk) and expected.allows(value),
    Reference: lambda value, expected, walk: _fits(value, expected.resolve(), walk),
}


def is_subtype(narrow: Type, wide: Type) -> bool:
    """Whether every instance of `narrow` is one of `wide` (10.3.2.9.1, conforms to)."""
    narrow, wide = resolved(narrow), resolved(wide)
    if wide is ANY or narrow is NULL or narrow == wide:
        return True
    if isinstance(narrow, Restricted):
        return is_subtype(narrow.base, wide)
    if isinstance(narrow, ListType | RangeType) and type(narrow) is type(wide):
        return is_subtype(narrow.element, wide.element)
    if isinstance(narrow, ContextType) and isinstance(wide, ContextType):
        return all(
            name in narrow.entries and is_subtype(narrow.entries[name], type_) for name, type_ in wide.entries.items()
        )
    return isinstance(narrow, FunctionType) and isinstance(wide, FunctionType) and _is_subfunction(narrow, wide)


def _is_subfunction(narrow: FunctionType, wide: FunctionType) -> bool:
    if wide.parameters is None:
        return True
    return (
        narrow.parameters is not None
        and len(narrow.parameters) == len(wide.parameters)
        and all(is_subtype(w, n) for w, n in zip(wide.parameters, narrow.parameters, strict=True))
        and is_subtype(narrow.result, wide.result)
    )


def resolved(type_: Type) -> Type:
    """`type_`, with references followed."""
    while isinstance(type_, Reference):
        type_ = type_.resolve()
    return type_


def unconstrained(type_: Type) -> Type:
    """`type_` without constraints, at its top and inside it."""
    if isinstance(type_, Restricted):
        return unconstrained(type_.base)
    if isinstance(type_, Reference):
        return Reference(type_.name, lambda: unconstrained(type_.resolve()))
    if isinstance(type_, ListType):
        return ListType(unconstrained(type_.element))
    if isinstance(type_, ContextType):
        return ContextType({name: unconstrained(entry) for name, entry in type_.entries.items()})
    return type_


def coerce(value: object, expected: Type, frame: Frame = QUIET, budget: Budget | None = None) -> object:
    """`value` as the declared type `expected` asks, or null with a reason (10.3.2.9.4).

    A one-element list becomes its element, a scalar becomes a list of one, a date becomes its midnight in UTC; a
    context keeps members that the type does not name. A value that does not fit in any of these ways becomes null.
    `budget` pays for looking into long lists.
    """
    walk = Walk(budget)
    if value is None or expected is ANY or _fits(value, expected, walk):
        return value
    converted = _converted(value, _unrestricted(expected), walk)
    if converted is not None and _fits(converted, expected, walk):
        return converted
    message = f"Expected {expected}, but found {type_name(value)}."
    frame.note(
        ReasonKind.WRONG_TYPE, message, telling=lambda: f"Expected {_listed(expected)}, but found {shown(value)}."
    )
    return None


def _listed(type_: Type) -> str:
    """A type with its restrictions, for people: ``number (allowed: [0..150], and >= 18)``."""
    descriptions: list[str] = []
    base = type_
    while isinstance(base, Restricted):
        descriptions.insert(0, base.description.removeprefix("allowed: ") if descriptions else base.description)
        base = base.base
    found = [description for description in descriptions if description]
    return f"{base} ({' and '.join(found)})" if found else str(type_)


def _unrestricted(type_: Type) -> Type:
    type_ = resolved(type_)
    while isinstance(type_, Restricted):
        type_ = resolved(type_.base)
    return type_


def _converted(value: object, wanted: Type, walk: Walk) -> object:
    if isinstance(wanted, ListType):
        return _as_list(value, wanted, walk)
    if type(value) is list and len(value) == 1 and type(value[0]) is not list:
        return value[0] if _fits(value[0], wanted, walk) else _converted(value[0], wanted, walk)
    if wanted is DATE_AND_TIME and type(value) is Date:
        return DateAndTime.at_midnight_utc(value)
    if isinstance(wanted, ContextType) and type(value) is dict:
        return _converted_members(value, wanted, walk)
    return None


def _as_list(value: object, wanted: ListType, walk: Walk) -> object:
    """A list of the one value that is an element; the one list inside a list; a list of converted items."""
    if _fits(value, wanted.element, walk):
        return [value]
    if type(value) is not list:
        return None
    if len(value) == 1 and _fits(value[0], wanted, walk):
        return value[0]
    inner = _unrestricted(wanted.element)
    items = [item if _fits(item, wanted.element, walk) else _converted(item, inner, walk) for item in value]
    return None if any(new is None and old is not None for new, old in zip(items, value, strict=True)) else items


def _converted_members(value: Mapping[str, object], wanted: ContextType, walk: Walk) -> object:
    members = dict(value)
    for name, type_ in wanted.entries.items():
        member = members.get(name)
        if name not in members:
            return None
        if not _fits(member, type_, walk):
            member = _converted(member, _unrestricted(type_), walk)
            if member is None:
                return None
            members[name] = member
    return members
