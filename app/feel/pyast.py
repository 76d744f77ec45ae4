"""Shorthand for the Python syntax trees that the compiler emits. Nothing here knows FEEL.

The nodes are subclasses with a place of their own, since `compile` asks every node for one and setting it each time
would cost as much as the rest of the emission.

The functions share what they make: they answer equal arguments with the same node, so that equal trees are one object,
as long as they are remembered. This makes emission fast, and lets the compiler know a tree that it has compiled before.
So nobody may change a node.
"""

import ast
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

Parameters = ParamSpec("Parameters")
Made = TypeVar("Made")

LOAD = ast.Load()
STORE = ast.Store()


class _Placed:
    lineno = 1
    col_offset = 0
    end_lineno: int | None = 1
    end_col_offset: int | None = 0


class Name(_Placed, ast.Name):
    pass


class Constant(_Placed, ast.Constant):
    pass


class Call(_Placed, ast.Call):
    pass


class IfExp(_Placed, ast.IfExp):
    pass


class Compare(_Placed, ast.Compare):
    pass


class BinOp(_Placed, ast.BinOp):
    pass


class BoolOp(_Placed, ast.BoolOp):
    pass


class Attribute(_Placed, ast.Attribute):
    pass


class NamedExpr(_Placed, ast.NamedExpr):
    pass


class Lambda(_Placed, ast.Lambda):
    pass


class Tuple(_Placed, ast.Tuple):
    pass


class List(_Placed, ast.List):
    pass


class Dict(_Placed, ast.Dict):
    pass


class Subscript(_Placed, ast.Subscript):
    pass


class UnaryOp(_Placed, ast.UnaryOp):
    pass


class Argument(_Placed, ast.arg):
    pass


class Assign(_Placed, ast.Assign):
    pass


class Pass(_Placed, ast.Pass):
    pass


class Return(_Placed, ast.Return):
    pass


class If(_Placed, ast.If):
    pass


class Try(_Placed, ast.Try):
    pass


class Handler(_Placed, ast.ExceptHandler):
    pass


class Def(_Placed, ast.FunctionDef):
    pass


AND, OR = ast.And(), ast.Or()
IS, IS_NOT, IN, NOT_IN = ast.Is(), ast.IsNot(), ast.In(), ast.NotIn()
COMPARISONS: dict[str, ast.cmpop] = {
    "=": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
}

OPERATORS: dict[str, ast.operator] = {"+": ast.Add(), "-": ast.Sub(), "*": ast.Mult(), "/": ast.Div()}

_MEMORIES: list[Callable[[], None]] = []


def _shared(make: Callable[Parameters, Made]) -> Callable[Parameters, Made]:
    memory = lru_cache(maxsize=1024, typed=True)(make)  # typed, for 1 and True are equal
    _MEMORIES.append(memory.cache_clear)
    return cast("Callable[Parameters, Made]", memory)


def forget() -> None:
    """Remember no node any more."""
    for clear in _MEMORIES:
        clear()


@_shared
def load(name: str) -> Name:
    return Name(name, LOAD)


@_shared
def constant(value: str | int | None) -> Constant:
    return Constant(value)


NONE, TRUE, FALSE = constant(None), constant(True), constant(False)  # noqa: FBT003 - the values themselves
LAST = constant(-1)


@_shared
def call(function: str, *arguments: ast.expr) -> Call:
    return Call(load(function), list(arguments), [])


@_shared
def assign_expression(name: str, value: ast.expr) -> NamedExpr:
    return NamedExpr(Name(name, STORE), value)


@_shared
def class_of(value: ast.expr) -> Attribute:
    return attribute(value, "__class__")


@_shared
def attribute(value: ast.expr, name: str) -> Attribute:
    return Attribute(value, name, LOAD)


@_shared
def method(value: ast.expr, name: str) -> Call:
    """``value.name()``."""
    return Call(attribute(value, name), [], [])


@_shared
def not_(value: ast.expr) -> UnaryOp:
    return UnaryOp(ast.Not(), value)


@_shared
def subscript(value: ast.expr, key: ast.expr) -> Subscript:
    return Subscript(value, key, LOAD)


@_shared
def compare(operators: tuple[ast.cmpop, ...], left: ast.expr, *rights: ast.expr) -> Compare:
    """``left operator right``, with as many right sides as operators."""
    return Compare(left, list(operators), list(rights))


def is_(*operands: ast.expr) -> Compare:
    return compare((IS,) * (len(operands) - 1), *operands)


@_shared
def operation(left: ast.expr, operator: ast.operator, right: ast.expr) -> BinOp:
    return BinOp(left, operator, right)


@_shared
def choice(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> IfExp:
    return IfExp(test, then, otherwise)


@_shared
def joined(operator: ast.boolop, *parts: ast.expr) -> ast.expr:
    return parts[0] if len(parts) == 1 else BoolOp(operator, list(parts))


@_shared
def tuple_of(*items: ast.expr) -> Tuple:
    return Tuple(list(items), LOAD)


@_shared
def list_of(*items: ast.expr) -> List:
    return List(list(items), LOAD)


@_shared
def dict_of(keys: tuple[ast.expr, ...], *values: ast.expr) -> Dict:
    return Dict(list(keys), list(values))


def arguments(names: Sequence[str]) -> ast.arguments:
    return ast.arguments([], [Argument(name) for name in names], None, [], [], None, [])


@_shared
def lambda_(names: tuple[str, ...], body: ast.expr) -> Lambda:
    return Lambda(arguments(names), body)


def last_of(*steps: ast.expr) -> ast.expr:
    """The value of the last of `steps`, all evaluated in order."""
    return subscript(tuple_of(*steps), LAST)
