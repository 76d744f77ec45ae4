"""A few methods of java.lang, as Python functions: enough for models that call Java's arithmetic (and for the kit).

They stand for Java's in result, not in overflow: a number stays a decimal.
"""

import math
import re
from collections.abc import Callable
from decimal import Decimal

from app import feel
from app.dmn.external import ExternalFunctions


def _number(value: object) -> Decimal:
    if not isinstance(value, Decimal):
        raise TypeError("Expected a number.")
    return value


def _floating(function: Callable[[float], float]) -> Callable[[object], Decimal]:
    def apply(value: object) -> Decimal:
        return Decimal(repr(function(float(_number(value)))))

    return apply


def _max(left: object, right: object) -> Decimal:
    return max(_number(left), _number(right))


def _min(left: object, right: object) -> Decimal:
    return min(_number(left), _number(right))


def _abs(value: object) -> Decimal:
    return abs(_number(value))


def _pow(base: object, exponent: object) -> Decimal:
    return Decimal(repr(math.pow(float(_number(base)), float(_number(exponent)))))


def _integer(bits: int) -> Callable[[object], Decimal]:
    limit = Decimal(2) ** (bits - 1)

    def value_of(value: object) -> Decimal:
        number = _number(value).to_integral_value()
        if not -limit <= number < limit:
            raise ValueError(f"Expected an integer of {bits} bits.")
        return number

    return value_of


def _parsed(value: object) -> Decimal:
    if not isinstance(value, str):
        raise TypeError("Expected a string.")
    return Decimal(value.strip())


def _parsed_integer(bits: int) -> Callable[[object], Decimal]:
    bounded = _integer(bits)
    return lambda value: bounded(_parsed(value))


def _character(value: object) -> str:
    if not isinstance(value, str) or len(value) != 1:
        raise TypeError("Expected a string of one character.")
    return value


_PLACE = re.compile("%[sd%]")


def _format(template: object, argument: object) -> str:
    """String.format with %s, %d and %%, and one argument."""
    if not isinstance(template, str):
        raise TypeError("Expected a string.")
    return _PLACE.sub(lambda place: "%" if place[0] == "%%" else feel.text_of(argument), template)


def _java_lang() -> ExternalFunctions:
    functions = ExternalFunctions()
    for kind in ("double", "float", "long", "int"):
        functions.register("java.lang.Math", f"max({kind},{kind})", _max)
        functions.register("java.lang.Math", f"min({kind},{kind})", _min)
        functions.register("java.lang.Math", f"abs({kind})", _abs)
    for name in ("sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "log10", "sqrt", "cbrt"):
        functions.register("java.lang.Math", f"{name}(double)", _floating(getattr(math, name)))
    functions.register("java.lang.Math", "pow(double,double)", _pow)
    for class_name, kind, bits in (
        ("Byte", "byte", 8),
        ("Short", "short", 16),
        ("Integer", "int", 32),
        ("Long", "long", 64),
    ):
        functions.register(f"java.lang.{class_name}", f"valueOf({kind})", _integer(bits))
        functions.register(f"java.lang.{class_name}", "valueOf(java.lang.String)", _parsed_integer(bits))
    for class_name in ("Float", "Double"):
        functions.register(f"java.lang.{class_name}", "valueOf(java.lang.String)", _parsed)
    functions.register("java.lang.String", "valueOf(char)", _character)
    functions.register("java.lang.String", "format(java.lang.String,[Ljava.lang.Object;)", _format)
    return functions


JAVA_LANG = _java_lang()
"""The functions that the conformance runner allows."""
