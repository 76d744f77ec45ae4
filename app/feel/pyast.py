"""Shorthand for the Python syntax trees that the compiler emits. Nothing here knows FEEL.

The nodes are subclasses with a place of their own, since `compile` asks every node for one and setting it each time
would cost as much as the rest of the emission.
"""

import ast
from collections.abc import Sequence

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
NONE, TRUE, FALSE = Constant(None), Constant(True), Constant(False)  # noqa: FBT003 - the values themselves


def load(name: str) -> Name:
    return Name(name, LOAD)


def call(function: str, *arguments: ast.expr) -> Call:
    return Call(Name(function, LOAD), list(arguments), [])


def assign_expression(name: str, value: ast.expr) -> NamedExpr:
    return NamedExpr(Name(name, STORE), value)


def class_of(value: ast.expr) -> Attribute:
    return Attribute(value, "__class__", LOAD)


def is_(left: ast.expr, right: ast.expr) -> Compare:
    return Compare(left, [IS], [right])


def all_of(parts: list[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else BoolOp(AND, parts)


def arguments(names: Sequence[str]) -> ast.arguments:
    return ast.arguments([], [Argument(name) for name in names], None, [], [], None, [])


def lambda_(names: list[str], body: ast.expr) -> Lambda:
    return Lambda(arguments(names), body)


def last_of(steps: list[ast.expr]) -> ast.expr:
    """The value of the last of `steps`, all evaluated in order."""
    return Subscript(Tuple(steps, LOAD), Constant(-1), LOAD)
