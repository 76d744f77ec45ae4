"""Which function compiles which kind of boxed expression."""

from collections.abc import Callable
from typing import Any

from app.dmn.compiling.boxed import (
    compile_context,
    compile_function,
    compile_invocation,
    compile_list,
    compile_relation,
)
from app.dmn.compiling.control import compile_conditional, compile_filter, compile_for, compile_quantified
from app.dmn.compiling.tables import compile_table
from app.dmn.compiling.unit import Compiled, Scope, Unit
from app.dmn.model import (
    Conditional,
    Context,
    DecisionTable,
    Expression,
    Filter,
    For,
    FunctionDefinition,
    Invocation,
    ListExpression,
    LiteralExpression,
    Quantified,
    Relation,
)

_KINDS: dict[type[Expression], Callable[[Unit, Any, Scope], Compiled]] = {
    LiteralExpression: Unit.literal,
    DecisionTable: compile_table,
    Context: compile_context,
    ListExpression: compile_list,
    Relation: compile_relation,
    Invocation: compile_invocation,
    FunctionDefinition: compile_function,
    Conditional: compile_conditional,
    Filter: compile_filter,
    For: compile_for,
    Quantified: compile_quantified,
}


def compile_kind(unit: Unit, expression: Expression, scope: Scope) -> Compiled:
    """The logic of a boxed expression of any kind, before its declared type is applied."""
    return _KINDS[type(expression)](unit, expression, scope)
