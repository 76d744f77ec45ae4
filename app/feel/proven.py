"""What is certain about a value before it is computed: the class that a literal or a declared type proves."""

from decimal import Decimal
from enum import Enum, auto

from app.feel.types import BOOLEAN, NUMBER, STRING, Restricted, Type, resolved


class Proven(Enum):
    """What is certain about the class of a Python expression's value."""

    __hash__ = object.__hash__  # an enumeration's own is slow, and these are looked up at every operation

    NOTHING = auto()
    NUMBER = auto()
    STRING = auto()
    BOOLEAN = auto()
    TERNARY = auto()  # a boolean or null


UNPROVEN, A_NUMBER, A_STRING, A_BOOLEAN, A_TERNARY = Proven
"""The members by names of their own: to find one in its enumeration takes Python 3.11 ten times as long."""


_BY_CLASS: dict[type, Proven] = {Decimal: A_NUMBER, str: A_STRING, bool: A_BOOLEAN}
_BY_TYPE: dict[Type, Proven] = {NUMBER: A_NUMBER, STRING: A_STRING, BOOLEAN: A_BOOLEAN}
CLASS_NAMES = {A_NUMBER: "Decimal", A_STRING: "str", A_BOOLEAN: "bool"}


def kind_of_literal(value: object) -> Proven:
    return _BY_CLASS.get(value.__class__, UNPROVEN)


def proven_by(type_: Type | None) -> Proven:
    """What a declared type proves about a value that is not null."""
    while type_ is not None and not isinstance(type_, Enum):
        if isinstance(type_, Restricted):
            type_ = type_.base
        elif (followed := resolved(type_)) is not type_:
            type_ = followed
        else:
            return UNPROVEN
    return _BY_TYPE.get(type_, UNPROVEN) if type_ is not None else UNPROVEN
