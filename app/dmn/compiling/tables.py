"""Decision tables as logic (DMN 1.5, chapter 8): inputs, matching rules, hit policy, outputs.

The index and the cells' tests are made when they are first needed; so is each rule's output.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from app import feel
from app.dmn.compiling.misfits import report_misfits
from app.dmn.compiling.outputs import Outputs
from app.dmn.compiling.unit import Compiled, Scope, Unit
from app.dmn.frames import DecisionFrame, Logic
from app.dmn.hits import CellMiss, TableHit
from app.dmn.model import Aggregation, DecisionTable, HitPolicy, InputClause, Text
from app.dmn.reasons import DecisionReasonKind, Place
from app.dmn.tables import hit_policies
from app.dmn.tables.cells import ANY_VALUE, AnyValue, Cell, Computed, Literal, read_cell, satisfies
from app.dmn.tables.index import Index, Matches
from app.dmn.types import Constraint
from app.feel import types

Decide = Callable[[DecisionFrame, dict[str, object], Matches], object]


def compile_table(unit: Unit, table: DecisionTable, scope: Scope) -> Compiled:
    """The logic of a decision table."""
    compiled = CompiledTable(unit, table, scope)
    if unit.checking:
        compiled.compile_everything()
    return Compiled(compiled.trace if unit.tracing else compiled.decide, compiled.outputs.type)


_CELLS_A_STEP = 8
"""A table may be evaluated in a loop: a step of the budget pays for so many cells or outputs that FEEL computes."""


class CompiledTable:
    """One table, ready to be evaluated by any number of threads."""

    def __init__(self, unit: Unit, table: DecisionTable, scope: Scope) -> None:
        self.table = table
        self.outputs = Outputs(unit, table, scope)
        self.cells, self._entries = _cells(table)
        self._unit = unit
        self._scope = scope
        self._place = unit.place(table)
        self._inputs = [self._input(clause) for clause in table.inputs]
        self._policy = self._policy_logic()
        self._tests: dict[int, tuple[Place, feel.UnaryTests | None]] = {}  # by the identity of the cell
        self._is_checked = any(clause.allowed is not None for clause in table.inputs)
        self._index: Index | None = None
        computed = {id(cell) for cells in self.cells for cell in cells if isinstance(cell, Computed)}
        self._is_literal = not computed
        self._steps_to_compute = len(computed) // _CELLS_A_STEP

    @property
    def index(self) -> Index:
        """The index of the rules, made at the first evaluation."""
        if self._index is None:
            self._index = Index(self.cells)
        return self._index

    def decide(self, frame: DecisionFrame, variables: dict[str, object]) -> object:
        """The table's value for the variables in scope."""
        values = [value(frame, variables) for value in self._inputs]
        if self._is_checked and any(value is NOT_ALLOWED for value in values):
            return None
        return self._policy(frame, variables, self.matches(frame, variables, values))

    def trace(self, frame: DecisionFrame, variables: dict[str, object]) -> object:
        """Like `decide`, and keeps what is needed to explain it."""
        values = [value(frame, variables) for value in self._inputs]
        if self._is_checked and any(value is NOT_ALLOWED for value in values):
            return None
        matches = self.matches(frame, variables, values)
        if frame.hits is not None:
            hit = tuple(values), tuple(matches)
            frame.hits.append(TableHit(self.table, *hit, partial(self._misses, frame.afresh, variables, *hit)))
        return self._policy(frame, variables, matches)

    def _misses(
        self,
        new_frame: Callable[[], DecisionFrame],
        variables: dict[str, object],
        values: Sequence[object],
        matched: Sequence[int],
    ) -> Iterator[CellMiss]:
        """Every other rule, in order, with the first cell that failed and why it did, where that is not plain."""
        frame = new_frame()
        hits = set(matched)
        for rule, cells in enumerate(self.cells):
            if rule in hits:
                continue
            for column, cell in enumerate(cells):
                frame.forget(0)
                if not self.holds(cell, frame, values[column], variables):
                    yield CellMiss(rule, column, values[column], tuple(frame.located))
                    break

    def matches(self, frame: DecisionFrame, variables: dict[str, object], values: Sequence[object]) -> Matches:
        """The rules that match these input values."""
        if self._is_literal:
            found = self.index.find(values, _never)
        else:
            frame.charge(self._steps_to_compute)

            def evaluate(cell: Computed, value: object) -> bool:
                return self._computed(cell, frame, value, variables)

            found = self.index.find(values, evaluate)
        return self._scanned(frame, variables, values) if found is None else found

    def _scanned(self, frame: DecisionFrame, variables: dict[str, object], values: Sequence[object]) -> Matches:
        """Like the index, rule by rule; for lists, which only FEEL can test."""
        frame.charge(len(self.cells) // _CELLS_A_STEP)
        verdicts: dict[tuple[int, int], bool] = {}

        def holds(column: int, cell: Cell) -> bool:
            verdict = verdicts.get((column, id(cell)))
            if verdict is None:
                verdict = verdicts[column, id(cell)] = self.holds(cell, frame, values[column], variables)
            return verdict

        rules = [
            number
            for number, cells in enumerate(self.cells)
            if all(holds(column, cell) for column, cell in enumerate(cells))
        ]
        return Matches((1 << len(rules)) - 1, rules)

    def holds(self, cell: Cell, frame: DecisionFrame, value: object, variables: dict[str, object]) -> bool:
        """Whether an input value satisfies one cell."""
        if isinstance(cell, AnyValue):
            return True
        if isinstance(cell, Literal) and type(value) is not list:
            return satisfies(cell, value)
        return self._computed(cell, frame, value, variables)

    def _computed(self, cell: Cell, frame: DecisionFrame, value: object, variables: dict[str, object]) -> bool:
        place, tests = self._tests.get(id(cell)) or self._compile_tests(cell)
        if tests is None:
            return False
        frame.place = place
        return tests.run(frame, value, variables) is True

    def _compile_tests(self, cell: Cell) -> tuple[Place, feel.UnaryTests | None]:
        """A cell as FEEL's unary tests; None where it cannot be read."""
        entry = self._entries[id(cell)]
        compiled = self._tests[id(cell)] = self._unit.place(entry), self._unit.tests(entry, self._scope)
        return compiled

    def compile_everything(self) -> None:
        """Compile each cell and output, so that the unit's problems are complete."""
        for cells in self.cells:
            for cell in cells:
                if isinstance(cell, Computed) and id(cell) not in self._tests:
                    self._compile_tests(cell)
        for clause in self.table.inputs:
            if clause.allowed is not None:
                self._unit.tests(clause.allowed, self._scope)
        report_misfits(self._unit, self.table, self.cells, self._entries)
        self.outputs.compile_everything()

    def _input(self, clause: InputClause) -> Logic:
        unit = self._unit
        compiled = unit.literal(clause.expression, self._scope)
        logic = unit.coerced(compiled, unit.type_of(clause.expression)).logic
        if clause.allowed is None:
            return logic
        allowed = Constraint(clause.allowed.text)
        place = unit.place(clause.allowed)

        def checked(frame: DecisionFrame, variables: dict[str, object]) -> object:
            value = logic(frame, variables)
            if value is None or allowed.allows(value):
                return value
            if type(value) is list and all(allowed.allows(item) for item in value):
                return value
            message = f"Expected {clause.label} to be one of {place.text.strip()}, but found {feel.literal(value)}."
            frame.note_decision(DecisionReasonKind.INPUT_NOT_ALLOWED, message, place)
            return NOT_ALLOWED

        return checked

    def _policy_logic(self) -> Decide:
        policies: dict[HitPolicy, Decide] = {
            HitPolicy.UNIQUE: self._unique,
            HitPolicy.FIRST: self._first,
            HitPolicy.ANY: self._any,
            HitPolicy.PRIORITY: self._priority,
            HitPolicy.RULE_ORDER: self._rule_order,
            HitPolicy.OUTPUT_ORDER: self._output_order,
            HitPolicy.COLLECT: self._collect,
        }
        return policies[self.table.hit_policy]

    def _unique(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        rule = matches.only()
        if rule is not None:
            return self.outputs.of_rule(rule)(frame, variables)
        if not matches:
            return self.outputs.default(frame, variables)
        message = f"Expected at most one matching rule, but found {_numbers(matches)}."
        frame.note_decision(DecisionReasonKind.SEVERAL_RULES, message, self._place)
        return None

    def _first(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        rule = matches.first()
        if rule is None:
            return self.outputs.default(frame, variables)
        return self.outputs.of_rule(rule)(frame, variables)

    def _any(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        if not matches:
            return self.outputs.default(frame, variables)
        found = self._all(frame, variables, matches)
        if hit_policies.agree(found, feel.equal):
            return found[0]
        message = f"Expected matching rules with equal outputs, but found different ones in {_numbers(matches)}."
        frame.note_decision(DecisionReasonKind.OUTPUTS_DISAGREE, message, self._place)
        return None

    def _priority(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        if not matches:
            return self.outputs.default(frame, variables)
        return hit_policies.by_priority(self._all(frame, variables, matches), self.outputs.rank)[0]

    def _rule_order(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        return self._all(frame, variables, matches) if matches else self._defaults(frame, variables)

    def _output_order(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        if not matches:
            return self._defaults(frame, variables)
        return hit_policies.by_priority(self._all(frame, variables, matches), self.outputs.rank)

    def _collect(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        found = self._all(frame, variables, matches) if matches else self._defaults(frame, variables)
        aggregation = self.table.aggregation
        if aggregation is Aggregation.LIST:
            return found
        if aggregation is not Aggregation.COUNT and len(self.table.outputs) > 1:
            message = f"Expected one output for the aggregation {aggregation}, but found {len(self.table.outputs)}."
            frame.note_decision(DecisionReasonKind.NOT_SUPPORTED, message, self._place)
            return None
        if aggregation is not Aggregation.COUNT and not found:
            return None
        frame.place = self._place
        return _AGGREGATIONS[aggregation].run(frame, {"outputs": found})

    def _all(self, frame: DecisionFrame, variables: dict[str, object], matches: Iterable[int]) -> list[object]:
        of_rule = self.outputs.of_rule
        found = [of_rule(rule)(frame, variables) for rule in matches]
        frame.charge(len(found) // _CELLS_A_STEP)
        return found

    def _defaults(self, frame: DecisionFrame, variables: dict[str, object]) -> list[object]:
        return [self.outputs.default(frame, variables)] if self.outputs.has_default else []


class _NotAllowed:
    """The value of an input outside of its inputValues."""


NOT_ALLOWED = _NotAllowed()


def _never(_: Computed, __: object) -> bool:
    return False


_COLLECTED = feel.Scope({"outputs": types.ListType(types.ANY)})
_AGGREGATIONS = {
    Aggregation.SUM: feel.compile("sum(outputs)", _COLLECTED),
    Aggregation.COUNT: feel.compile("count(outputs)", _COLLECTED),
    Aggregation.MIN: feel.compile("min(outputs)", _COLLECTED),
    Aggregation.MAX: feel.compile("max(outputs)", _COLLECTED),
}


def _cells(table: DecisionTable) -> tuple[list[tuple[Cell, ...]], dict[int, Text]]:
    """The rules' cells, and an entry for each by its identity. Equal texts are one cell; a missing one is ``-``."""
    by_text: dict[str, Cell] = {}
    entries: dict[int, Text] = {}
    width = len(table.inputs)
    rows = []
    for rule in table.rules:
        row = []
        for entry in rule.inputs[:width]:
            cell = by_text.get(entry.text)
            if cell is None:
                cell = by_text[entry.text] = read_cell(entry.text)
                entries[id(cell)] = entry
            row.append(cell)
        row.extend(ANY_VALUE for _ in range(width - len(row)))
        rows.append(tuple(row))
    return rows, entries


def _numbers(matches: Iterable[int]) -> str:
    numbers = [str(rule + 1) for rule in matches]
    shown = ", ".join(numbers[:_SHOWN])
    return f"rules {shown}" + (f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else "")


_SHOWN = 10
