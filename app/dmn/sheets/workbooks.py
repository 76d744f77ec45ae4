"""Grids as cells of a workbook, and back. Texts are texts: nothing that a table says is ever a formula.

A workbook is untrusted input: its size, unpacked, and the size of its sheets are bounded before anything is read.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app.dmn.sheets.grids import FIRST_RULE, HEADS, MAX_COLUMNS, MAX_RULES, Grid, Head
from app.errors import Diagnostic, ModelError

MAX_BYTES = 32 * 1024 * 1024
MAX_UNPACKED = 256 * 1024 * 1024
_MAX_TEXT = 32_767  # of one cell, in Excel
_HEADING = PatternFill("solid", fgColor="E8EEF7")
_CHANGED = PatternFill("solid", fgColor="FFF2B3")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was read: texts by row and column, both from 1; `formulas` are the cells that hold one."""

    title: str
    texts: Mapping[tuple[int, int], str]
    formulas: frozenset[tuple[int, int]]
    height: int
    width: int

    def text(self, row: int, column: int) -> str:
        return self.texts.get((row, column), "")


def place(row: int, column: int) -> str:
    """A cell as spreadsheets name it, such as B12."""
    return f"{get_column_letter(column)}{row}"


def write(grids: Iterable[Grid]) -> bytes:
    """A workbook with a sheet for each grid. Raises ModelError where a text is longer than a cell may be."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    titles: set[str] = set()
    for grid in grids:
        sheet = workbook.create_sheet(_title(grid, titles))
        for row, line in enumerate(grid.lines(), start=1):
            for column, text in enumerate(line, start=1):
                _put(sheet.cell(row, column), text, is_head=row < FIRST_RULE or column == 1)
        width = len(grid.columns) + 3
        for column in range(1, width):
            sheet.column_dimensions[get_column_letter(column)].width = 24 if column > 1 else 18
        sheet.column_dimensions[get_column_letter(width)].hidden = True
        sheet.row_dimensions[HEADS.index(Head.KEY) + 1].hidden = True
        sheet.freeze_panes = sheet.cell(FIRST_RULE, 2)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _put(cell: Cell, text: str, *, is_head: bool) -> None:
    if len(text) > _MAX_TEXT:
        message = f"Expected at most {_MAX_TEXT:,} characters in a cell, but found {len(text):,}."
        raise ModelError([Diagnostic("sheet.too-long", message, "Export the model as DMN.")])
    cell.value = text
    cell.data_type = "s"  # also where it begins with an equals sign
    cell.number_format = "@"  # so that 1-10 stays what it is when somebody edits it
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_head:
        cell.font = Font(bold=True)
        cell.fill = _HEADING


def _title(grid: Grid, taken: set[str]) -> str:
    """A name that spreadsheets allow, and that no other sheet has."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", grid.decision_name or grid.decision_id).strip()[:28] or "Table"
    title, number = plain, 1
    while title.casefold() in taken:
        number += 1
        title = f"{plain[:25]} {number}"
    taken.add(title.casefold())
    return title


def read(file: str, content: bytes) -> list[Sheet]:
    """The sheets of a workbook. Raises ModelError where it is none, or too large."""
    _check_size(file, content)
    try:
        workbook = load_workbook(io.BytesIO(content))
    except Exception as error:  # the library raises what its parts raise, for any damage
        raise _refused(file, "sheet.not-xlsx", f"Expected an XLSX workbook, but found: {error}.") from error
    if not workbook.worksheets:
        raise _refused(file, "sheet.not-xlsx", "Expected an XLSX workbook with a sheet, but found none.")
    return [_sheet(file, one) for one in workbook.worksheets]


def _sheet(file: str, sheet: Worksheet) -> Sheet:
    height, width = sheet.max_row, sheet.max_column
    title = str(sheet.title)
    if height > MAX_RULES + FIRST_RULE or width > MAX_COLUMNS:
        message = f"Expected at most {MAX_RULES:,} rules and {MAX_COLUMNS} columns, but found {height} and {width}."
        raise _refused(file, "sheet.too-large", f"{title}: {message}")
    texts: dict[tuple[int, int], str] = {}
    formulas = set()
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            if cell.data_type in {"f", "e"}:
                formulas.add((cell.row, cell.column))
            texts[cell.row, cell.column] = _text_of(cell.value)
    return Sheet(title, texts, frozenset(formulas), height, width)


def _text_of(value: object) -> str:
    """A cell's value as FEEL writes it: what spreadsheets made a number or a date is one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, date | time):
        return _temporal_text(value)
    return str(value).replace("\r\n", "\n").replace("_x000D_", "")


def _temporal_text(value: date | time) -> str:
    if isinstance(value, datetime):
        is_date = value.time() == time()
        return f'date("{value.date().isoformat()}")' if is_date else f'date and time("{value.isoformat()}")'
    return f'{"time" if isinstance(value, time) else "date"}("{value.isoformat()}")'


def mark(content: bytes, cells: Sequence[tuple[str, int, int, str]]) -> bytes:
    """The workbook with these cells (sheet, row, column, what to say) coloured and commented."""
    workbook = load_workbook(io.BytesIO(content))
    for title, row, column, note in cells:
        cell = workbook[title].cell(row, column)
        cell.fill = _CHANGED
        cell.comment = Comment(note[:1_000], "Bailiwick")
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _check_size(file: str, content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise _refused(file, "sheet.too-large", f"Expected at most {MAX_BYTES:,} bytes, but found {len(content):,}.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _refused(file, "sheet.not-xlsx", f"Expected an XLSX workbook, but found: {error}.") from error
    if size > MAX_UNPACKED:
        message = f"Expected at most {MAX_UNPACKED:,} bytes unpacked, but found {size:,}."
        raise _refused(file, "sheet.too-large", message)


def _refused(file: str, code: str, message: str) -> ModelError:
    return ModelError([Diagnostic(code, message, "Export the table again and edit that workbook.", file=file)])
