"""`feel.evaluate` and `feel.unary_test`: one call from text to value, the texts being compiled once and kept."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from app.feel.expression import NO_VARIABLES, Expression, UnaryTests, compile, compile_unary_tests  # noqa: A004 - ours
from app.feel.frame import Reason
from app.feel.function_names import FUNCTION_NAMES
from app.feel.names import Scope
from app.feel.types import ANY, ContextType, Type

_LOOKS_INSIDE = 6
"""How many levels of contexts and lists are searched for names that need declaring."""

_KEPT_LENGTH = 10_000
"""Longer texts, in code points, are compiled anew each time, so that what is kept stays small."""

Shape = tuple[tuple[str, object], ...] | None
"""Names of one level that need declaring, each with its own shape; None where there are none. Hashable."""


def evaluate(
    text: str,
    variables: Mapping[str, object] = NO_VARIABLES,
    *,
    reasons: list[Reason] | None = None,
    now: datetime | None = None,
) -> object:
    """The value of the expression `text`; null (None) where it has none, and then `reasons` gains the reason.

    The names in scope are the keys of `variables` (ordinary Python values will do), names with spaces included. Raises
    FeelSyntaxError where `text` is no expression. (DMN 1.5, 10.3)
    """
    read = _expression if len(text) <= _KEPT_LENGTH else _expression.__wrapped__
    return read(text, _shape(variables, _LOOKS_INSIDE)).evaluate(variables, reasons=reasons, now=now)


def unary_test(
    text: str,
    value: object,
    variables: Mapping[str, object] = NO_VARIABLES,
    *,
    reasons: list[Reason] | None = None,
    now: datetime | None = None,
) -> bool | None:
    """Whether `value` passes the unary tests `text`, such as ``[18..65], > 100``; null (None) where that cannot be
    said.

    Raises FeelSyntaxError. (DMN 1.5, 10.3.2.8)
    """
    read = _tests if len(text) <= _KEPT_LENGTH else _tests.__wrapped__
    return read(text, _shape(variables, _LOOKS_INSIDE)).test(value, variables, reasons=reasons, now=now)


@lru_cache(maxsize=4096)
def _expression(text: str, shape: Shape) -> Expression:
    return compile(text, _scope(shape))


@lru_cache(maxsize=4096)
def _tests(text: str, shape: Shape) -> UnaryTests:
    return compile_unary_tests(text, _scope(shape))


def _scope(shape: Shape) -> Scope:
    type_ = _type(shape)
    return Scope(type_.entries if isinstance(type_, ContextType) else {}, closed=False)


def _type(shape: object) -> Type:
    if not isinstance(shape, tuple):
        return ANY
    return ContextType({name: _type(inner) for name, inner in shape})


def _shape(value: object, levels: int) -> Shape:
    """The names inside `value` that a parser must know: those that are no single word, and those of built-in
    functions."""
    if isinstance(value, list | tuple):
        return _shape(value[0], levels - 1) if value and levels else None
    if not isinstance(value, Mapping) or not levels:
        return None
    found = [
        (name, inner)
        for name, item in value.items()
        if isinstance(name, str)
        and ((inner := _shape(item, levels - 1)) is not None or not name.isidentifier() or name in FUNCTION_NAMES)
    ]
    return tuple(found) or None


__all__ = ["evaluate", "unary_test"]
