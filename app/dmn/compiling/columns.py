"""The input side of a decision table: what each column tests, and which values it takes (DMN 1.5, 8.2.2, 8.2.3)."""

from dataclasses import dataclass, replace

from app.dmn.compiling.unit import Compiled, Scope, Unit, never_fits
from app.dmn.frames import DecisionFrame, Logic
from app.dmn.model import InputClause, Text
from app.dmn.reasons import DecisionReasonKind, Place
from app.dmn.temporal_texts import as_declared, holds_temporals, unrestricted
from app.dmn.types import Constraint
from app.dmn.wording import in_short
from app.feel import types
from app.feel.function_names import FUNCTION_NAMES
from app.feel.tokens import Source
from app.feel.types import Type


@dataclass(frozen=True, slots=True)
class Limit:
    """The input values of a column."""

    label: str
    allowed: Constraint
    place: Place

    def admits(self, value: object, frame: DecisionFrame) -> bool:
        """Whether a value may be asked about; a null may. Of a list, every item must be allowed."""
        if value is None or self.allowed.allows(value):
            return True
        if type(value) is list and all(self.allowed.allows(item) for item in value):
            return True
        message = f"Expected {self.label} to be one of {self.place.text.strip()}, but found {in_short(value)}."
        frame.note_decision(DecisionReasonKind.INPUT_NOT_ALLOWED, message, self.place)
        return False


@dataclass(frozen=True, slots=True)
class InputColumn:
    """`logic` is what the column tests. `refusal` leaves the reason why the column cannot be read, if it cannot."""

    logic: Logic
    limit: Limit | None
    refusal: Logic | None


def input_column(unit: Unit, clause: InputClause, scope: Scope) -> InputColumn:
    """One input column, compiled."""
    compiled = _tested(unit, clause, scope)
    logic = _converted(unit, compiled, clause)
    refusal = compiled.logic if compiled.is_refused else None
    if clause.allowed is None:
        return InputColumn(logic, None, refusal)
    tests = unit.tests(clause.allowed, scope)
    if isinstance(tests, Compiled):
        return InputColumn(logic, None, refusal or tests.logic)
    return InputColumn(logic, Limit(clause.label, Constraint(clause.allowed.text), unit.place(clause.allowed)), refusal)


def _converted(unit: Unit, compiled: Compiled, clause: InputClause) -> Logic:
    """The column's type converts as that of an input data does: a column is often all that declares a type."""
    type_ = unit.type_of(clause.expression)
    if unit.checking and never_fits(compiled.type, type_) and not _is_text_of(compiled.type, type_):
        message = f"Expected a column of the type {type_}, but found an expression of the type {compiled.type}."
        unit.report(clause.expression, "dmn.expression-type", message, "Correct the expression, or the column's type.")
    if not holds_temporals(type_):
        return unit.coerced(compiled, type_).logic
    inner, place = compiled.logic, unit.place(clause.expression)

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        value = inner(frame, variables)
        if value is None:
            return None
        frame.place = place
        return as_declared(value, type_, frame)

    return logic


def _is_text_of(found: Type, declared: Type) -> bool:
    """Whether texts come where temporal values are due: they may say some."""
    return unrestricted(found) is types.STRING and holds_temporals(declared)


def _tested(unit: Unit, clause: InputClause, scope: Scope) -> Compiled:
    """The column's expression. A lone name is an input, even where a built-in function is called so."""
    name = clause.expression.text.strip()
    if not name:
        message = "Expected what the column tests, but found nothing."
        unit.report(clause.expression, "dmn.input-expression", message, "Write the name of an input, such as amount.")
        null = unit.null(unit.place(clause.expression), DecisionReasonKind.SYNTAX, message)
        return replace(null, is_refused=True)
    if clause.expression.language is not None or name not in FUNCTION_NAMES or name in scope.variables:
        return unit.literal(clause.expression, scope)
    unit.report_function_name(clause.expression, name)
    place = unit.place(clause.expression)

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        if name not in variables:
            message = f"Expected an input {name}, but found only the function of this name."
            frame.note_decision(DecisionReasonKind.INPUT_MISSING, message, place)
        return variables.get(name)

    return Compiled(logic, types.ANY)


def input_names(clause: InputClause, scope: Scope) -> frozenset[str]:
    """What the cells of a column call their input besides ``?``: the names that Camunda 7 gives it."""
    return frozenset(name for name in (_CELL_INPUT, clause.variable) if name and name not in scope.variables)


_CELL_INPUT = "cellInput"


def of_input(entry: Text, names: frozenset[str]) -> Text:
    """A cell in which those names are ``?``, every character in its place."""
    if entry.language is not None or not any(name in entry.text for name in names):
        return entry
    source = Source(entry.text)
    text = entry.text
    for number, token in enumerate(source.tokens):
        is_member = (number > 0 and source.tokens[number - 1] == ".") or source.tokens[number + 1 :][:1] == [":"]
        if token in names and not is_member:
            start, end = source.offsets(number)
            text = f"{text[:start]}{'?'.ljust(end - start)}{text[end:]}"
    return replace(entry, text=text)
