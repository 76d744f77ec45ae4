"""What type an expression certainly has, read off its tree: literals, operators, declared names, built-in functions.

Only what is certain is said, because a model is refused for it; everything else is ANY.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from app import feel
from app.feel import nodes, types
from app.feel.function_names import FUNCTION_NAMES
from app.feel.names import Scope
from app.feel.shapes import shape_of
from app.feel.types import Type

INPUT = "?"

_OF_VALUES: Mapping[type, Type] = {
    Decimal: types.NUMBER,
    str: types.STRING,
    bool: types.BOOLEAN,
    type(None): types.NULL,
    feel.Date: types.DATE,
    feel.Time: types.TIME,
    feel.DateAndTime: types.DATE_AND_TIME,
    feel.DaysAndTime: types.DAYS_AND_TIME,
    feel.YearsAndMonths: types.YEARS_AND_MONTHS,
}
_RESULTS: Mapping[str, Type] = {
    **dict.fromkeys(("date", "today"), types.DATE),
    **dict.fromkeys(("date and time", "now"), types.DATE_AND_TIME),
    "time": types.TIME,
    "years and months duration": types.YEARS_AND_MONTHS,
    **dict.fromkeys(
        ("number", "string length", "count", "sum", "mean", "median", "stddev", "product", "floor", "ceiling",
         "modulo", "sqrt", "log", "exp", "decimal", "round up", "round down", "round half up", "round half down",
         "day of year", "week of year"),
        types.NUMBER,
    ),
    **dict.fromkeys(
        ("string", "substring", "upper case", "lower case", "substring before", "substring after", "replace",
         "string join", "day of week", "month of year"),
        types.STRING,
    ),
    **dict.fromkeys(
        ("not", "contains", "starts with", "ends with", "matches", "list contains", "all", "any", "even", "odd", "is"),
        types.BOOLEAN,
    ),
}  # fmt: skip
_A_FUNCTION = types.FunctionType(None, types.ANY)
_CHANCES = frozenset({"now", "today", "random number", "uuid"})


def kind_of(node: nodes.Node, scope: Scope) -> Type:
    """The type of whatever `node` comes to, apart from null; ANY where it is not certain."""
    reader = _KINDS.get(type(node))
    return _plain(shape_of(node, None, scope) if reader is None else reader(node, scope))


def value_kind(value: object) -> Type:
    return _OF_VALUES.get(type(value), types.ANY)


def is_constant(node: nodes.Node) -> bool:
    """Whether a tree names nothing from outside, so that its value is always the same."""
    return not any(name in _CHANCES or name not in FUNCTION_NAMES for name in names_in(node)) and not any(
        isinstance(one, nodes.FunctionDefinition | nodes.For | nodes.Quantified | nodes.Filter) for one in walk(node)
    )


def names_input(node: nodes.Node) -> bool:
    """Whether a test speaks of its input itself, as ``? > 5`` does."""
    return any(name == INPUT for name in names_in(node))


def names_in(node: nodes.Node) -> Iterator[str]:
    return (one.name for one in walk(node) if isinstance(one, nodes.Name))


def walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """The node and everything below it."""
    waiting: list[object] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, nodes.Node):
            yield current
            waiting.extend(getattr(current, one.name) for one in fields(current))
        elif isinstance(current, list | tuple):
            waiting.extend(current)
        elif isinstance(current, dict):
            waiting.extend(current.values())


def _plain(type_: Type) -> Type:
    type_ = types.resolved(type_)
    while isinstance(type_, types.Restricted):
        type_ = types.resolved(type_.base)
    return type_


def _literal(node: nodes.Literal, _: Scope) -> Type:
    return value_kind(node.value)


def _truth(_: nodes.Node, __: Scope) -> Type:
    return types.BOOLEAN


def _negation(node: nodes.Negation, scope: Scope) -> Type:
    return kind_of(node.operand, scope)


def _arithmetic(node: nodes.Arithmetic, scope: Scope) -> Type:
    left, right = kind_of(node.left, scope), kind_of(node.right, scope)
    if node.operator == "+" and left is types.STRING and right is types.STRING:
        return types.STRING
    return types.NUMBER if left is types.NUMBER and right is types.NUMBER else types.ANY


def _choice(node: nodes.If, scope: Scope) -> Type:
    then, otherwise = kind_of(node.then, scope), kind_of(node.otherwise, scope)
    if otherwise is types.NULL:
        return then
    return then if then == otherwise else types.ANY


def _list(node: nodes.ListLiteral, scope: Scope) -> Type:
    kinds = [kind_of(item, scope) for item in node.items]
    return types.ListType(kinds[0] if kinds and all(kind == kinds[0] for kind in kinds) else types.ANY)


def _range(node: nodes.RangeLiteral, scope: Scope) -> Type:
    start, end = kind_of(node.start, scope), kind_of(node.end, scope)
    return types.RangeType(start if start == end else types.ANY)


def _comparison_range(node: nodes.ComparisonRange, scope: Scope) -> Type:
    return types.RangeType(kind_of(node.endpoint, scope))


def _name(node: nodes.Name, scope: Scope) -> Type:
    if node.name in FUNCTION_NAMES and node.name not in scope.variables:
        return _A_FUNCTION
    return shape_of(node, None, scope)


def _invocation(node: nodes.Invocation, scope: Scope) -> Type:
    if isinstance(node.callee, nodes.Name) and node.callee.name not in scope.variables:
        return _RESULTS.get(node.callee.name, types.ANY)
    return shape_of(node, None, scope)


_KINDS: Mapping[type[nodes.Node], Callable[[Any, Scope], Type]] = {
    nodes.Literal: _literal,
    nodes.Negation: _negation,
    nodes.Arithmetic: _arithmetic,
    nodes.Comparison: _truth,
    nodes.Logic: _truth,
    nodes.Between: _truth,
    nodes.Membership: _truth,
    nodes.InstanceOf: _truth,
    nodes.Quantified: _truth,
    nodes.If: _choice,
    nodes.ListLiteral: _list,
    nodes.RangeLiteral: _range,
    nodes.ComparisonRange: _comparison_range,
    nodes.Name: _name,
    nodes.Invocation: _invocation,
}
