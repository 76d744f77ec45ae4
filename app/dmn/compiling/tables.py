"""Decision tables as logic (DMN 1.5, chapter 8): inputs, matching rules, hit policy, outputs.

The index and the cells' tests are made when they are first needed; so is each rule's output.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

from app import feel
from app.dmn.compiling.columns import input_column, input_names, of_input
from app.dmn.compiling.misfits import report_misfits
from app.dmn.compiling.outputs import Outputs, Unreadable
from app.dmn.compiling.policies import Policy
from app.dmn.compiling.unit import Compiled, Scope, Unit
from app.dmn.frames import DecisionFrame
from app.dmn.hits import CellMiss, TableHit
from app.dmn.model import DecisionTable, HitPolicy, Text
from app.dmn.reasons import DecisionReasonKind, Place
from app.dmn.tables.cells import ANY_VALUE, AnyValue, Cell, Computed, Literal, read_cell, satisfies
from app.dmn.tables.index import Index, Matches
from app.dmn.wording import in_short


def compile_table(unit: Unit, table: DecisionTable, scope: Scope) -> Compiled:
    """The logic of a decision table."""
    compiled = CompiledTable(unit, table, scope)
    if unit.checking:
        compiled.compile_everything()
    return Compiled(compiled.trace if unit.tracing else compiled.decide, compiled.outputs.type)


_CELLS_A_STEP = 8
"""A table may be evaluated in a loop: a step of the budget pays for so many cells that FEEL computes."""

_CELLS_TRIED = 10
"""How many cells of a column are asked why they do not compare with a value; the first reason is enough."""


class CompiledTable:
    """One table, ready to be evaluated by any number of threads."""

    def __init__(self, unit: Unit, table: DecisionTable, scope: Scope) -> None:
        self.table = table
        self.outputs = Outputs(unit, table, scope)
        self.cells, self._entries = _cells(table, scope)
        self._unit = unit
        self._scope = scope
        self._place = unit.place(table)
        inputs = [input_column(unit, clause, scope) for clause in table.inputs]
        self._inputs = [one.logic for one in inputs]
        self._limits = [(column, one.limit) for column, one in enumerate(inputs) if one.limit is not None]
        self._policy = Policy(table, self.outputs, self._place)
        self._tests: dict[int, tuple[Place, feel.UnaryTests | Compiled]] = {}  # by the identity of the cell
        self._refusals = [one.refusal for one in inputs if one.refusal is not None]
        self._kinds = _kinds(self.cells)
        self._index: Index | None = None
        computed = {id(cell) for cells in self.cells for cell in cells if isinstance(cell, Computed)}
        self._is_literal = not computed
        self._steps_to_compute = len(computed) // _CELLS_A_STEP

    @property
    def index(self) -> Index:
        """The index of the rules, made at the first evaluation; with it, every cell is known to be readable or not."""
        if self._index is None:
            refusals = [self._compiled(cell) for cell in _distinct(self.cells) if isinstance(cell, Computed)]
            self._refusals.extend(one.logic for _, one in refusals if isinstance(one, Compiled))
            self._index = Index(self.cells)
        return self._index

    def decide(self, frame: DecisionFrame, variables: dict[str, object]) -> object:
        """The table's value for the variables in scope."""
        values = [value(frame, variables) for value in self._inputs]
        return self._decided(frame, variables, values, self._matching(frame, variables, values))

    def trace(self, frame: DecisionFrame, variables: dict[str, object]) -> object:
        """Like `decide`, and keeps what is needed to explain it."""
        values = [value(frame, variables) for value in self._inputs]
        matches = self._matching(frame, variables, values)
        if frame.hits is not None:
            hit = tuple(values), tuple(matches or ())
            misses = partial(self._misses, frame.afresh, variables, *hit) if matches is not None else _no_misses
            frame.hits.append(TableHit(self.table, *hit, misses))
        return self._decided(frame, variables, values, matches)

    def _decided(
        self, frame: DecisionFrame, variables: dict[str, object], values: Sequence[object], matches: Matches | None
    ) -> object:
        if matches is None:
            return None
        try:
            value = self._policy.choose(frame, variables, matches)
        except Unreadable:
            return None
        if value is None and self._policy.needs_a_rule and not matches:
            frame.note_decision(DecisionReasonKind.NO_RULE, self._no_rule(values), self._place)
        return value

    def _no_rule(self, values: Sequence[object]) -> str:
        inputs = zip(self.table.inputs, values, strict=True)
        shown = ", ".join(f"{clause.label} = {in_short(value)}" for clause, value in inputs)
        return f"Expected a rule that matches, but found none for {shown or 'any input'}."

    def _matching(self, frame: DecisionFrame, variables: dict[str, object], values: Sequence[object]) -> Matches | None:
        """The rules that match these values; None, with reasons, where the table must not be asked at all."""
        index = self.index
        if self._refusals:
            for refuse in self._refusals:
                refuse(frame, variables)
            return None
        for column, limit in self._limits:
            if not limit.admits(values[column], frame):
                return None
        for column, kind in self._kinds:
            if values[column].__class__ is not kind:
                found = self._unlike(frame, variables, values)
                if found is not None:
                    return found
                break
        if self._is_literal:
            return index.find(values, _never)
        frame.charge(self._steps_to_compute)

        def evaluate(cell: Computed, value: object) -> bool:
            return self._computed(cell, frame, value, variables)

        return index.find(values, evaluate)

    def _unlike(self, frame: DecisionFrame, variables: dict[str, object], values: Sequence[object]) -> Matches | None:
        """Leave the reasons why values of another kind than a column's literals match none of them.

        The index would pass over them in silence. A list is no value of any kind: the rules that match are answered.
        """
        has_list = False
        for column, kind in self._kinds:
            value = values[column]
            if type(value) is list:
                has_list = True
            elif type(value) is not kind:
                self._note_unlike(frame, variables, column, value)
        return self._scanned(frame, variables, values) if has_list else None

    def _note_unlike(self, frame: DecisionFrame, variables: dict[str, object], column: int, value: object) -> None:
        frame.charge(1)
        before = frame.kept()
        unlike = (cell for cell in self._literals(column) if cell.kind is not type(value))
        for cell in islice(unlike, _CELLS_TRIED):
            self._computed(cell, frame, value, variables)
            if frame.kept() > before:
                return

    def _literals(self, column: int) -> Iterator[Literal]:
        """The literal cells of a column, each once, in rule order."""
        seen: set[int] = set()
        for cells in self.cells:
            cell = cells[column]
            if isinstance(cell, Literal) and id(cell) not in seen:
                seen.add(id(cell))
                yield cell

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
                    if isinstance(cell, Literal):  # what the index finds has no reason, what FEEL finds may have
                        self._computed(cell, frame, values[column], variables)
                    yield CellMiss(rule, column, values[column], tuple(frame.located))
                    break

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
        place, tests = self._tests.get(id(cell)) or self._compiled(cell)
        frame.place = place
        return isinstance(tests, feel.UnaryTests) and tests.run(frame, value, variables) is True

    def _compiled(self, cell: Cell) -> tuple[Place, feel.UnaryTests | Compiled]:
        """A cell as FEEL's unary tests; the null that it yields where it cannot be read."""
        compiled = self._tests.get(id(cell))
        if compiled is None:
            entry = self._entries[id(cell)]
            compiled = self._tests[id(cell)] = self._unit.place(entry), self._unit.tests(entry, self._scope)
        return compiled

    def _read(self, cell: Cell) -> tuple[Text, feel.UnaryTests | None]:
        """The text of a cell; and its tests, where FEEL has to evaluate it and can read it."""
        tests = self._compiled(cell)[1] if isinstance(cell, Computed) else None
        return self._entries[id(cell)], tests if isinstance(tests, feel.UnaryTests) else None

    def compile_everything(self) -> None:
        """Compile each cell and output, so that the unit's problems are complete."""
        for cell in _distinct(self.cells):
            if isinstance(cell, Computed):
                self._compiled(cell)
        report_misfits(self._unit, self.table, self._scope, self.cells, self._read)
        if self.table.hit_policy in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER} and not self.outputs.is_ranked:
            message = f"Expected output values, which say which output comes first under {self.table.hit_policy}, "
            remedy = "List them in the output column, the first to count first, or choose another hit policy."
            self._unit.report(self.table, "dmn.no-priorities", f"{message}but found none.", remedy)
        self.outputs.compile_everything()


def _never(_: Computed, __: object) -> bool:
    return False


def _cells(table: DecisionTable, scope: Scope) -> tuple[list[tuple[Cell, ...]], dict[int, Text]]:
    """The rules' cells, and an entry for each by its identity. Equal texts are one cell; a missing one is ``-``."""
    by_text: dict[str, Cell] = {}
    entries: dict[int, Text] = {}
    names = [input_names(clause, scope) for clause in table.inputs]
    width = len(table.inputs)
    rows = []
    for rule in table.rules:
        row = []
        for written, own_names in zip(rule.inputs[:width], names, strict=False):
            entry = of_input(written, own_names) if own_names else written
            cell = by_text.get(entry.text) if entry.language is None else None
            if cell is None:
                cell = read_cell(entry.text) if entry.language is None else Computed(entry.text)
                entries[id(cell)] = entry
                if entry.language is None:
                    by_text[entry.text] = cell
            row.append(cell)
        row.extend(ANY_VALUE for _ in range(width - len(row)))
        rows.append(tuple(row))
    return rows, entries


def _distinct(rows: Iterable[tuple[Cell, ...]]) -> Iterable[Cell]:
    """Each cell once; those of equal text are one object."""
    return {id(cell): cell for cells in rows for cell in cells}.values()


def _kinds(rows: Sequence[tuple[Cell, ...]]) -> list[tuple[int, type | None]]:
    """The columns with literals, each with the kind of all of them; None where they are of several kinds."""
    found = []
    for column in range(len(rows[0]) if rows else 0):
        kinds = {
            cell.kind for cell in {id(row[column]): row[column] for row in rows}.values() if isinstance(cell, Literal)
        }
        if kinds:
            found.append((column, kinds.pop() if len(kinds) == 1 else None))
    return found


def _no_misses() -> Iterator[CellMiss]:
    """Of a table that was not asked, no rule failed."""
    return iter(())
