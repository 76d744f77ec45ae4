"""Literals of a decision table that are of another type than their column: they can never match or come out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app import feel
from app.dmn.compiling.unit import Unit
from app.dmn.model import DecisionTable, Text
from app.dmn.tables.cells import Cell, Literal, literal_value
from app.feel import types
from app.feel.types import Type

_KINDS: Mapping[Type, type] = {
    types.NUMBER: Decimal,
    types.STRING: str,
    types.BOOLEAN: bool,
    types.DATE: feel.Date,
    types.DAYS_AND_TIME: feel.DaysAndTime,
    types.YEARS_AND_MONTHS: feel.YearsAndMonths,
}
_NAMES: Mapping[type, Type] = {kind: type_ for type_, kind in _KINDS.items()}


def report_misfits(
    unit: Unit, table: DecisionTable, cells: Sequence[Sequence[Cell]], entries: Mapping[int, Text]
) -> None:
    """Report each literal whose type is certainly not that of its column; `entries` are by the identity of a cell."""
    for column, clause in enumerate(table.inputs):
        expected = _kind(unit.type_of(clause.expression))
        distinct = {id(row[column]): row[column] for row in cells}
        if expected is None:
            continue
        for cell in distinct.values():
            if isinstance(cell, Literal) and cell.kind is not expected:
                message = f"Expected tests of the type {_NAMES[expected]}, but found the type {_NAMES[cell.kind]}."
                unit.report(entries[id(cell)], "dmn.cell-type", message, "Correct the cell, or the type of the column.")
    for column, output in enumerate(table.outputs):
        type_ = unit.type_of(output)
        for rule in table.rules if type_ is not types.ANY else ():
            if column >= len(rule.outputs):
                continue
            is_literal, value = literal_value(rule.outputs[column].text)
            if is_literal and value is not None and types.coerce(value, type_) is None:
                message = f"Expected an output of the type {type_}, but found {feel.literal(value)}."
                unit.report(rule.outputs[column], "dmn.output-type", message, "Correct the output, or its type.")


def _kind(type_: Type) -> type | None:
    """The class of literals of a type; None where it has none."""
    type_ = types.resolved(type_)
    while isinstance(type_, types.Restricted):
        type_ = types.resolved(type_.base)
    return _KINDS.get(type_) if isinstance(type_, types.Simple) else None
