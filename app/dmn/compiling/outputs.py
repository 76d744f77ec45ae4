"""The output side of a decision table: one value for a single output, a context for several (DMN 1.5, 8.2.9)."""

from collections.abc import Sequence

from app import feel
from app.dmn.compiling.unit import Compiled, Scope, Unit
from app.dmn.frames import DecisionFrame, Logic
from app.dmn.model import DecisionTable, LiteralExpression, OutputClause
from app.dmn.reasons import DecisionReasonKind
from app.dmn.tables.cells import literal_value
from app.dmn.tables.hit_policies import Rank
from app.dmn.types import Constraint
from app.feel import types
from app.feel.expression import Expression
from app.feel.parser import parse_tests
from app.feel.types import Type
from app.feel.values import includes

_NO_NAMES = feel.Scope()


class Unreadable(Exception):
    """An output of a matching rule cannot be read, so the table has no value; the reason is left already."""


class Outputs:
    """The outputs of one table. Each rule's are compiled when the rule first matches."""

    def __init__(self, unit: Unit, table: DecisionTable, scope: Scope) -> None:
        self._unit = unit
        self._scope = scope
        self._rules = table.rules
        self._columns = [_Column(unit, clause, number) for number, clause in enumerate(table.outputs, start=1)]
        self._compiled: dict[int, Logic] = {}
        self._default: Logic | None = None
        self._default_entries = [clause.default for clause in table.outputs]
        self._priorities: list[list[object]] | None = None
        self.has_default = any(entry is not None for entry in self._default_entries)
        self.is_ranked = any(column.is_ranked for column in self._columns)
        self.type = self._result_type(is_list=table.hit_policy.is_multiple)

    def _result_type(self, *, is_list: bool) -> Type:
        if len(self._columns) == 1:
            result = self._columns[0].type
        else:
            result = types.ContextType({column.name: column.type for column in self._columns})
        if is_list:
            return types.ANY if result is types.ANY else types.ListType(result)
        return result

    def of_rule(self, rule: int) -> Logic:
        """The output of the rule of this index, from 0."""
        logic = self._compiled.get(rule)
        if logic is None:
            logic = self._compiled[rule] = self._row(self._rules[rule].outputs)
        return logic

    def default(self, frame: DecisionFrame, variables: dict[str, object]) -> object:
        """The default outputs, null where there are none."""
        if not self.has_default:
            return None
        if self._default is None:
            self._default = self._row(self._default_entries)
        return self._default(frame, variables)

    def compile_everything(self) -> None:
        """Compile the outputs of every rule, and the default."""
        for rule in range(len(self._rules)):
            self.of_rule(rule)
        self._row(self._default_entries)

    def rank(self, output: object) -> Rank:
        """The place of an output among the output values, first column first; what is not listed comes last."""
        if self._priorities is None:
            self._priorities = [column.priorities() for column in self._columns]
        if len(self._columns) == 1:
            return (_place_of(output, self._priorities[0]),)
        members = output if isinstance(output, dict) else {}
        return tuple(
            _place_of(members.get(column.name), values)
            for column, values in zip(self._columns, self._priorities, strict=True)
        )

    def _row(self, entries: Sequence[LiteralExpression | None]) -> Logic:
        cells = [
            column.compile(self._unit, entry, self._scope)
            for column, entry in zip(self._columns, entries, strict=False)  # another width is already reported
        ]
        if len(self._columns) == 1:
            return cells[0] if cells else _null
        named = [(column.name, cell) for column, cell in zip(self._columns, cells, strict=False)]

        def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
            return {name: cell(frame, variables) for name, cell in named}

        return logic


class _Column:
    """One output column."""

    def __init__(self, unit: Unit, clause: OutputClause, number: int) -> None:
        self.name = clause.name or clause.label or f"output {number}"
        self.type = unit.type_of(clause)
        self._place = unit.place(clause.allowed) if clause.allowed is not None else None
        self._allowed = None if clause.allowed is None else Constraint(clause.allowed.text)
        tests = None if clause.allowed is None else unit.tests(clause.allowed, _NO_NAMES)
        self._refusal = _failing(tests.logic) if isinstance(tests, Compiled) else None
        self._listed = clause.allowed.text if clause.allowed is not None else unit.allowed_text(clause.type_ref)

    def compile(self, unit: Unit, entry: LiteralExpression | None, scope: Scope) -> Logic:
        if self._refusal is not None:
            return self._refusal
        if entry is None or not entry.text.strip():
            return _null
        is_literal, value = literal_value(entry.text)
        if is_literal and self._fits(value):
            return _constant(value)
        compiled = unit.literal(entry, scope, is_output=True)
        if compiled.is_refused:
            return _failing(compiled.logic)
        return self._checked(unit.coerced(compiled, self.type))

    def _fits(self, value: object) -> bool:
        """Whether a literal can be used as it is."""
        if value is None:
            return True
        return (self.type is types.ANY or types.coerce(value, self.type) is value) and (
            self._allowed is None or self._allowed.allows(value)
        )

    def _checked(self, compiled: Compiled) -> Logic:
        allowed, place, inner, name = self._allowed, self._place, compiled.logic, self.name
        if allowed is None or place is None:
            return inner

        def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
            value = inner(frame, variables)
            if value is None or allowed.allows(value):
                return value
            message = f"Expected {name} to be one of {place.text.strip()}, but found {feel.literal(value)}."
            frame.note_decision(DecisionReasonKind.OUTPUT_NOT_ALLOWED, message, place)
            return None

        return logic

    @property
    def is_ranked(self) -> bool:
        """Whether something lists the column's values, in an order that means something."""
        return self._listed is not None

    def priorities(self) -> list[object]:
        """The output values in their order: those of the column, or else the allowed values of its type."""
        if self._listed is None:
            return []
        try:
            tests, reader = parse_tests(self._listed, _NO_NAMES)
        except feel.FeelSyntaxError:
            return []
        return [Expression(test, reader.source, _NO_NAMES).evaluate() for test in tests.tests if not tests.negated]


def _place_of(value: object, listed: Sequence[object]) -> int:
    return next((place for place, one in enumerate(listed) if includes(one, value) is True), len(listed))


def _failing(refuse: Logic) -> Logic:
    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        refuse(frame, variables)
        raise Unreadable

    return logic


def _constant(value: object) -> Logic:
    def logic(_: DecisionFrame, __: dict[str, object]) -> object:
        return value

    return logic


_null = _constant(None)
