"""An edited workbook brought back into its model: ids and order kept, every change and every problem with its cell."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from app.dmn.checking import check
from app.dmn.decisions import File
from app.dmn.reading import xml
from app.dmn.sheets.elements import TableXml, table_elements
from app.dmn.sheets.grids import BEHIND, COLUMN_HEADS, FIRST_RULE, HEADS, Grid, Head, Row
from app.dmn.sheets.workbooks import Sheet, mark, place, read
from app.dmn.wording import near
from app.errors import Diagnostic, ModelError, Severity


class ChangeKind(StrEnum):
    EDITED = "edited"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """What an import changes. `cell` is where it stands in the workbook, "" for a rule that is gone."""

    kind: ChangeKind
    sheet: str
    cell: str
    what: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        where = f"{self.sheet}!{self.cell}: " if self.cell else f"{self.sheet}: "
        if self.kind is ChangeKind.EDITED:
            return f"{where}{self.what}: {self.before or 'nothing'} → {self.after or 'nothing'}"
        return f"{where}{self.what} {self.kind}"


@dataclass(frozen=True, slots=True)
class Imported:
    """`content` is the model with the workbook's tables, `marked` the workbook with what it changed in colour."""

    content: bytes
    changes: tuple[Change, ...]
    marked: bytes


def from_xlsx(name: str, content: bytes, workbook: str, sheets: bytes, *others: File) -> Imported:
    """The DMN file `name` with its tables as the workbook has them; `others` are the files that it may import.

    A sheet of `to_xlsx` belongs to the decision whose id it names. Texts, rules and their order may be edited, columns
    neither added nor removed. Raises ModelError with every problem at once, each with its cell.
    """
    root = xml.parse(name, content, keep_comments=True)
    merging = _Merging(workbook, {table.decision.get("id", ""): table for table in table_elements(root)})
    for sheet in read(workbook, sheets):
        merging.merge(sheet)
    merging.refuse_problems()
    merged = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    merging.refuse_what_the_check_finds(name, content, merged, others)
    changes = tuple(merging.changes)
    marks = [(sheet, row, column, note) for (sheet, row, column), note in merging.marks.items()]
    return Imported(merged if changes else content, changes, mark(sheets, marks))


class _Merging:
    def __init__(self, workbook: str, tables: Mapping[str, TableXml]) -> None:
        self.changes: list[Change] = []
        self.marks: dict[tuple[str, int, int], str] = {}
        self._workbook = workbook
        self._tables = tables
        self._problems: list[Diagnostic] = []
        self._cells: dict[str, tuple[str, int, int]] = {}  # where the elements of the model stand, by their ids
        self._seen: set[str] = set()

    def merge(self, sheet: Sheet) -> None:
        """Bring one sheet back, unless something keeps it from being understood."""
        problems = len(self._problems)
        table = self._table(sheet)
        if table is None:
            return
        grid = table.grid()
        self._check_heads(sheet, grid)
        self._check_cells(sheet, len(grid.columns))
        if len(self._problems) > problems:
            return
        self._merge_heads(sheet, table, grid)
        self._merge_rules(sheet, table, grid)

    def _table(self, sheet: Sheet) -> TableXml | None:
        decision = sheet.text(1, 3)
        table = self._tables.get(decision)
        if table is None:
            meant = near(decision, self._tables)
            known = f"Write {meant}." if meant else f"Known: {', '.join(self._tables) or 'none'}."
            self._problem(sheet, 1, 3, f'Expected the id of a decision with a table, but found "{decision}".', known)
        elif decision in self._seen:
            self._problem(sheet, 1, 3, f"Expected each table once, but found {decision} again.", "Remove one sheet.")
            return None
        self._seen.add(decision)
        return table

    def _check_heads(self, sheet: Sheet, grid: Grid) -> None:
        for row, head in enumerate(HEADS, start=1):
            if sheet.text(row, 1) != head:
                message = f'Expected "{head}", but found "{sheet.text(row, 1)}".'
                self._problem(sheet, row, 1, message, "Leave the rows above the rules where they are.")
        behind = len(grid.columns) + 2
        for head, start, expected in (
            (Head.LABEL, behind, BEHIND),
            (Head.KIND, 2, [*(str(one.kind) for one in grid.columns), "", ""]),
            (Head.KEY, 2, [*(one.key for one in grid.columns), "", ""]),
        ):
            row = HEADS.index(head) + 1
            for column, text in enumerate(expected, start=start):
                if sheet.text(row, column) != text:
                    message = f'Expected "{text}", but found "{sheet.text(row, column)}".'
                    remedy = "Add, move and remove columns in the editor, then export the table again."
                    self._problem(sheet, row, column, message, remedy)

    def _check_cells(self, sheet: Sheet, columns: int) -> None:
        """Nothing outside of the table, and no formulas in it."""
        last = columns + 3
        for row, column in sorted(sheet.formulas):
            message = f"Expected a text, but found the formula {sheet.text(row, column)}."
            self._problem(sheet, row, column, message, "Write it without = in front, or with an apostrophe before it.")
        for (row, column), text in sorted(sheet.texts.items()):
            if column > last and text.strip():
                message = f'Expected nothing beside the table, but found "{text[:40]}".'
                self._problem(sheet, row, column, message, "Remove it, or put it into an annotation.")

    def _merge_heads(self, sheet: Sheet, table: TableXml, grid: Grid) -> None:
        policy, aggregation = sheet.text(2, 2).strip(), sheet.text(2, 3).strip()
        if (policy, aggregation) != (grid.hit_policy, grid.aggregation):
            before = f"{grid.hit_policy} {grid.aggregation}".strip()
            self._change(
                ChangeKind.EDITED, sheet, (2, 2), "hit policy", before=before, after=f"{policy} {aggregation}".strip()
            )
            table.write_policy(policy, aggregation)
        self._cells[table.table.get("id") or grid.decision_id] = (sheet.title, 2, 2)
        for number, column in enumerate(grid.columns):
            self._cells[column.key] = (sheet.title, HEADS.index(Head.EXPRESSION) + 1, number + 2)
            for head, before in enumerate(column.texts):
                row = HEADS.index(COLUMN_HEADS[head]) + 1
                after = sheet.text(row, number + 2)
                if after != before:
                    what = f"{COLUMN_HEADS[head].lower()} of column {number + 1}"
                    self._change(ChangeKind.EDITED, sheet, (row, number + 2), what, before=before, after=after)
                    table.write_column(number, head, after)

    def _merge_rules(self, sheet: Sheet, table: TableXml, grid: Grid) -> None:
        known = {row.key: (row, element) for row, element in zip(grid.rows, table.rules(), strict=True)}
        rows: list[tuple[Row, etree._Element | None]] = []
        taken: dict[str, None] = {}
        for row in _rules(sheet, len(grid.columns)):
            old = known.get(row.key) if row.key not in taken else None  # a copied row brings the id of the first
            rows.append((row, None if old is None else old[1]))
            if old is None:
                self._change(ChangeKind.ADDED, sheet, (row.number, 1), f"rule {len(rows)}")
            else:
                taken[row.key] = None
                self._compare(sheet, old[0], row, len(rows))
        for place_before, key in enumerate(known, start=1):
            if key not in taken:
                self.changes.append(Change(ChangeKind.REMOVED, sheet.title, "", f"rule {place_before}"))
        self._note_moves(sheet, [key for key in known if key in taken], list(taken), rows)
        table.write_rules(rows, grid.columns)
        for (row, _), element in zip(rows, table.rules(), strict=True):
            self._cells[element.get("id", "")] = (sheet.title, row.number, 1)
            for column, entry in enumerate(table.entry_ids(element, grid.columns), start=2):
                self._cells[entry] = (sheet.title, row.number, column)

    def _compare(self, sheet: Sheet, before: Row, after: Row, number: int) -> None:
        old, new = (*before.texts, before.description), (*after.texts, after.description)
        for column, (one, other) in enumerate(zip(old, new, strict=True), start=2):
            if one.replace("\r\n", "\n") != other:
                self._change(
                    ChangeKind.EDITED, sheet, (after.number, column), f"rule {number}", before=one, after=other
                )

    def _note_moves(
        self, sheet: Sheet, before: Sequence[str], after: Sequence[str], rows: Sequence[tuple[Row, object]]
    ) -> None:
        """Of the rules that were there before, those that stand elsewhere among them."""
        stays = _in_order(before, after)
        for number, (row, element) in enumerate(rows, start=1):
            if element is not None and row.key not in stays:
                self._change(ChangeKind.MOVED, sheet, (row.number, 1), f"rule {number}")

    def refuse_problems(self) -> None:
        """Raise ModelError with every problem so far."""
        if self._problems:
            raise ModelError(sorted(self._problems, key=lambda one: (one.line or 0, one.column or 0)))

    def refuse_what_the_check_finds(self, name: str, before: bytes, after: bytes, others: Sequence[File]) -> None:
        """Raise ModelError with every error that the edited tables bring, each with its cell."""
        known = {_essence(one) for one in check(name, before, *others)}
        for one in check(name, after, *others):
            where = self._cells.get(one.element_id or "")
            if one.severity is Severity.ERROR and _essence(one) not in known:
                self._problems.append(self._placed(one, where))
        self.refuse_problems()

    def _placed(self, found: Diagnostic, where: tuple[str, int, int] | None) -> Diagnostic:
        if where is None:
            return found
        title, row, column = where
        message = f"{title}!{place(row, column)}: {found.message}"
        return Diagnostic(
            found.code, message, found.remedy, found.severity, self._workbook, found.element_id, line=row, column=column
        )

    def _change(
        self, kind: ChangeKind, sheet: Sheet, cell: tuple[int, int], what: str, *, before: str = "", after: str = ""
    ) -> None:
        change = Change(kind, sheet.title, place(*cell), what, before, after)
        self.changes.append(change)
        note = f"Was: {before or 'nothing'}" if kind is ChangeKind.EDITED else f"{what} {kind}"
        self.marks.setdefault((sheet.title, *cell), note)

    def _problem(self, sheet: Sheet, row: int, column: int, message: str, remedy: str) -> None:
        text = f"{sheet.title}!{place(row, column)}: {message}"
        self._problems.append(Diagnostic("sheet.cell", text, remedy, file=self._workbook, line=row, column=column))


def _rules(sheet: Sheet, columns: int) -> Iterator[Row]:
    """The rules of a sheet; an empty line is none, whatever number or id is left in it."""
    for number in range(FIRST_RULE, sheet.height + 1):
        texts = tuple(sheet.text(number, column) for column in range(2, columns + 2))
        description = sheet.text(number, columns + 2)
        if any(text.strip() for text in (*texts, description)):
            yield Row(sheet.text(number, columns + 3), texts, description, number)


def _in_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """A longest part of `before` that has kept its order in `after`: what is not in it was moved."""
    place_of = {key: number for number, key in enumerate(before)}
    ends: list[int] = []  # for each length, the place where the chain of that length that ends earliest does
    last: list[str] = []
    previous: dict[str, str | None] = {}
    for key in after:
        at = bisect_left(ends, place_of[key])
        ends[at : at + 1] = [place_of[key]]
        last[at : at + 1] = [key]
        previous[key] = last[at - 1] if at else None
    kept: set[str] = set()
    key_or_none = last[-1] if last else None
    while key_or_none is not None:
        kept.add(key_or_none)
        key_or_none = previous[key_or_none]
    return kept


def _essence(found: Diagnostic) -> tuple[str, str | None, str]:
    """What makes two findings one, wherever their lines are."""
    return found.code, found.element_id, found.message
