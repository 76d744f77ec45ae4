"""Decision tables as CSV: readable anywhere, and harmless in a spreadsheet."""

import csv
import io

import pytest

from app.errors import NotFound
from tests.dmn.notation import decision, model, table

pytest.importorskip("openpyxl", reason="an environment from before 0028: make setup")

from app.dmn.sheets import to_csv


def lines(content: bytes, name: str | None = None) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv("m.dmn", content, name).decode("utf-8-sig"), newline="")))


def test_a_table_has_a_line_for_each_rule() -> None:
    """Hit policy, labels, then the rules; umlauts survive a spreadsheet because of the mark in front."""
    content = model(decision("d", table("FIRST", 'größe || y\n > 1 || "ä, b"\n - || 2')))
    assert to_csv("m.dmn", content).startswith(b"\xef\xbb\xbf")
    assert lines(content) == [["FIRST", "größe", "y", "Description"], ["1", "> 1", '"ä, b"', ""], ["2", "-", "2", ""]]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("=cmd|'/c calc'!A0", "'=cmd|'/c calc'!A0"),
        ("+1+cmd", "'+1+cmd"),
        ("-1+cmd|x", "'-1+cmd|x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ('@"2024-01-01"', '\'@"2024-01-01"'),
        ("\tx", "'\tx"),
        ("-", "-"),
        ("-5", "-5"),
        ("-5.25", "-5.25"),
        ("> 5", "> 5"),
        ("1-10", "1-10"),
    ],
)
def test_what_a_spreadsheet_would_compute_is_a_text(text: str, written: str) -> None:
    """In cells, outputs and labels; what is no formula is left as it is."""
    content = model(decision("d", table("FIRST", "x || y\n CELL || OUT"))).replace(b"CELL", text.encode())
    escaped = text.replace('"', "&quot;").replace("\t", "&#9;").encode()
    content = content.replace(b"OUT", text.encode()).replace(
        b'<output name="y"', b'<output label="' + escaped + b'" name="y"'
    )
    head, row = lines(content)
    assert (head[2], row[1], row[2]) == (written, written, written)


def test_one_table_of_several_must_be_named() -> None:
    """A CSV file is one table."""
    content = model(decision("a", table("FIRST", "x || y\n 1 || 2")), decision("b", table("FIRST", "x || y\n 3 || 4")))
    assert lines(content, "b")[1] == ["1", "3", "4", ""]
    with pytest.raises(NotFound, match="_a, _b"):
        to_csv("m.dmn", content)
