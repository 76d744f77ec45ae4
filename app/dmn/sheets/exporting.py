"""Decision tables out: as a workbook with a sheet for each, and one of them as CSV."""

import csv
import io
import re

from app.dmn.reading import xml
from app.dmn.sheets.elements import table_elements
from app.dmn.sheets.grids import Grid
from app.dmn.sheets.workbooks import write
from app.errors import NotFound

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN = re.compile(r"-|[+-]?\d+(\.\d+)?")


def to_xlsx(name: str, content: bytes, decision: str | None = None) -> bytes:
    """The tables of a DMN file as an XLSX workbook, or one of them by its decision's id or name.

    Raises ModelError where the file cannot be read, NotFound where there is no such table.
    """
    return write(_grids(name, content, decision))


def to_csv(name: str, content: bytes, decision: str | None = None) -> bytes:
    """One table as CSV (UTF-8 with a mark, as spreadsheets expect): the sheet of `to_xlsx` without its hidden parts.

    What a spreadsheet would take for a formula gets an apostrophe in front, so that a table from elsewhere runs
    nothing. CSV knows no ids and cannot come back. Raises as `to_xlsx` does.
    """
    grids = _grids(name, content, decision)
    if len(grids) > 1:
        known = ", ".join(grid.decision_id for grid in grids)
        raise NotFound(f"Expected the name of one decision, because the file has several tables: {known}.")
    grid = grids[0]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    labels = [column.texts[0] or column.texts[1] for column in grid.columns]
    writer.writerow([_harmless(one) for one in (grid.hit_policy, *labels, "Description")])
    for number, row in enumerate(grid.rows, start=1):
        writer.writerow([number, *(_harmless(one) for one in (*row.texts, row.description))])
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """`text`, with an apostrophe where a spreadsheet would compute it; a dash and a number are left as they are."""
    return f"'{text}" if text.startswith(_RISKY) and not _PLAIN.fullmatch(text) else text


def _grids(name: str, content: bytes, decision: str | None) -> list[Grid]:
    grids = [table.grid() for table in table_elements(xml.parse(name, content))]
    chosen = [grid for grid in grids if decision in (None, grid.decision_id, grid.decision_name)]
    if not chosen:
        known = ", ".join(grid.decision_id for grid in grids) or "none"
        wanted = "a decision table" if decision is None else f'a decision table "{decision}"'
        raise NotFound(f"Expected {wanted}, but found none. Known: {known}.")
    return chosen
