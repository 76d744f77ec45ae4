"""Boxed context, list, relation, invocation and function (DMN 1.5, 10.2.2.3 to 10.2.2.6)."""

from app import feel
from app.dmn.compiling.functions import compile_external, function_value
from app.dmn.compiling.unit import Compiled, Scope, Unit, inner, shared_type
from app.dmn.frames import DecisionFrame
from app.dmn.model import Context, FunctionDefinition, FunctionKind, Invocation, ListExpression, Relation
from app.feel import types
from app.feel.types import Type


def compile_context(unit: Unit, expression: Context, scope: Scope) -> Compiled:
    """Entries see those above them; an entry without a variable is the value of the whole."""
    steps = []
    entries: dict[str, Type] = {}
    result = None
    for entry in expression.entries:
        compiled = unit.expression(entry.value, scope)
        if entry.variable is None or not entry.variable.name:
            result = compiled
            break
        variable = entry.variable
        compiled = unit.coerced(compiled, unit.type_of(variable), variable)
        steps.append((variable.name, compiled.logic))
        entries[variable.name] = compiled.type
        scope = inner(scope, {variable.name: compiled.type})
    result_logic = None if result is None else result.logic

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        variables = dict(variables)
        members: dict[str, object] = {}
        for name, step in steps:
            members[name] = variables[name] = step(frame, variables)
        return members if result_logic is None else result_logic(frame, variables)

    return Compiled(logic, types.ContextType(entries) if result is None else result.type)


def compile_list(unit: Unit, expression: ListExpression, scope: Scope) -> Compiled:
    """A list of the items' values, in order."""
    compiled = [unit.expression(item, scope) for item in expression.items]
    items = [item.logic for item in compiled]

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        return [item(frame, variables) for item in items]

    return Compiled(logic, types.ListType(shared_type(compiled)))


def compile_relation(unit: Unit, expression: Relation, scope: Scope) -> Compiled:
    """A list of contexts, one a row."""
    columns = [(column.name, unit.type_of(column)) for column in expression.columns]
    rows = []
    by_column: dict[str, list[Compiled]] = {name: [] for name, _ in columns}
    for row in expression.rows:
        cells = []
        for (name, type_), cell in zip(columns, row, strict=False):  # a row of another length is already reported
            compiled = unit.coerced(unit.expression(cell, scope), type_)
            cells.append((name, compiled.logic))
            by_column[name].append(compiled)
        rows.append(cells)

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        return [{name: cell(frame, variables) for name, cell in cells} for cells in rows]

    row_type = types.ContextType({name: shared_type(cells) for name, cells in by_column.items()})
    return Compiled(logic, types.ListType(row_type))


def compile_invocation(unit: Unit, expression: Invocation, scope: Scope) -> Compiled:
    """A call with arguments by name."""
    callee = unit.expression(expression.callee, scope)
    bindings = [(binding.parameter, unit.expression(binding.value, scope).logic) for binding in expression.bindings]
    callee_logic = callee.logic
    place = unit.place(expression)
    call = feel.call

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        function = callee_logic(frame, variables)
        arguments = {name: argument(frame, variables) for name, argument in bindings}
        frame.place = place
        return call(frame, function, (), arguments)

    type_ = types.resolved(callee.type)
    return Compiled(logic, type_.result if isinstance(type_, types.FunctionType) else types.ANY)


def compile_function(unit: Unit, expression: FunctionDefinition, scope: Scope) -> Compiled:
    """A function value that closes over the variables in scope."""
    if expression.kind is not FunctionKind.FEEL:
        return compile_external(unit, expression, unit.expression(expression.body, scope))
    parameters = unit.parameters(expression.parameters)
    body = compile_body(unit, expression, scope)
    result = unit.result_of(expression)

    def logic(_: DecisionFrame, variables: dict[str, object]) -> object:
        return function_value("", parameters, body.logic, result, variables)

    returned = body.type if result is types.ANY else result
    return Compiled(logic, types.FunctionType(tuple(parameters.values()), returned))


def compile_body(unit: Unit, definition: FunctionDefinition, scope: Scope) -> Compiled:
    """What a function does with its parameters, which its body finds among its variables."""
    return unit.expression(definition.body, inner(scope, unit.parameters(definition.parameters)))
