"""What in a decision table can never work, column by column: the problems that a check of its model reports."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from app import feel
from app.dmn.compiling.cell_misfits import Misfit, misfits_of, thousands
from app.dmn.compiling.output_misfits import OutputColumn
from app.dmn.compiling.remedies import for_type
from app.dmn.compiling.unit import Scope, Unit
from app.dmn.model import DecisionTable, InputClause, LiteralExpression, OutputClause, Text
from app.dmn.tables.cells import Cell, Computed, Literal
from app.dmn.temporal_texts import unrestricted
from app.dmn.types import Constraint
from app.feel import types
from app.feel.tokens import Source
from app.feel.types import Type

_KINDS: Mapping[type, Type] = {
    Decimal: types.NUMBER,
    str: types.STRING,
    bool: types.BOOLEAN,
    feel.Date: types.DATE,
    feel.DaysAndTime: types.DAYS_AND_TIME,
    feel.YearsAndMonths: types.YEARS_AND_MONTHS,
}

Read = Callable[[Cell], tuple[Text, feel.UnaryTests | None]]
"""A cell's text, and its tests where FEEL has to evaluate it and can read it."""


def report_misfits(unit: Unit, table: DecisionTable, scope: Scope, cells: Sequence[Sequence[Cell]], read: Read) -> None:
    """Report everything in a table that can never work."""
    for column, clause in enumerate(table.inputs):
        distinct = {id(row[column]): row[column] for row in cells}
        _report_input(unit, clause, scope, distinct.values(), read)
    for column, output in enumerate(table.outputs):
        entries = [rule.outputs[column] for rule in table.rules if column < len(rule.outputs)]
        _report_output(unit, output, scope, entries)


def _report_input(unit: Unit, clause: InputClause, scope: Scope, cells: Iterable[Cell], read: Read) -> None:
    type_ = unrestricted(unit.type_of(clause.expression))
    if clause.allowed is not None:
        _report_tests(unit, clause.allowed, type_, scope)
    for cell in cells:
        if isinstance(cell, Computed):
            entry, tests = read(cell)
            if tests is not None:
                _report(unit, entry, misfits_of(tests.node, tests.text, type_, scope))
        elif isinstance(cell, Literal) and isinstance(type_, types.Simple) and type_ is not types.ANY:
            entry, _ = read(cell)
            _report(unit, entry, _literal_misfits(entry.text, _KINDS[cell.kind], type_))


def _literal_misfits(text: str, found: Type, type_: Type) -> Iterable[Misfit]:
    if found is not type_:
        message = f"Expected tests of the type {type_}, but found the type {found}."
        return [Misfit("dmn.cell-type", message, for_type(text.strip(), type_))]
    return thousands(text) if type_ is types.NUMBER else ()


def _report_output(unit: Unit, output: OutputClause, scope: Scope, entries: list[LiteralExpression]) -> None:
    type_ = unit.type_of(output)
    if output.allowed is not None:
        _report_tests(unit, output.allowed, unrestricted(type_), scope)
    if output.default is not None:
        entries = [*entries, output.default]
    column = OutputColumn(type_, None if output.allowed is None else Constraint(output.allowed.text), scope)
    for entry in entries:
        _report(unit, entry, column.misfits(entry))


def _report_tests(unit: Unit, tests: Text, type_: Type, scope: Scope) -> None:
    """Report what can never work in the values that a column lists. That they cannot be read is reported elsewhere."""
    try:
        compiled = feel.compile_unary_tests(tests.text, scope)
    except feel.FeelSyntaxError:
        return
    _report(unit, tests, misfits_of(compiled.node, compiled.text, type_, scope))


def _report(unit: Unit, element: Text | LiteralExpression, found: Iterable[Misfit]) -> None:
    for one in found:
        place = (1, 1) if one.node is None else Source(element.text).line_and_column(one.node.first)
        unit.report(element, one.code, one.message, one.remedy, at=place, severity=one.severity)
