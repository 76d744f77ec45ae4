"""A decision table to XLSX and back: nothing is lost, what was edited is named, and what cannot be is refused."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.dmn import Decisions, check
from app.errors import Diagnostic, ModelError, NotFound
from tests.dmn.notation import decision, inputs, knowledge, literal, model, table

pytest.importorskip("openpyxl", reason="an environment from before 0028: make setup")

from openpyxl import load_workbook

from app.dmn.sheets import ChangeKind, Imported, from_xlsx, to_xlsx
from app.dmn.sheets.grids import FIRST_RULE

MODELS = sorted((Path(__file__).parents[3] / "models/dmn").glob("*.dmn"))
TABLE = table(
    "FIRST",
    """
    amount: number | tier: string || rate: number | why: string
    > 10           | "gold"       || 1            | "=1+1"
    [1..5]         | -            || 2            | "b"
    -              | not("iron")  || amount / 2   | "c"
    """,
    allowed={"tier": '"gold","iron","pro"'},
    default={"rate": "0", "why": '"none"'},
)
EXTRAS = (
    '<annotation name="Source"/><rule id="r1"><description>The good ones</description>',
    '<annotationEntry><text>law 5</text></annotationEntry></rule><rule id="r2">',
)


def dmn_file() -> bytes:
    """Two tables, one of them with a description, an annotation and a comment; and a decision without a table."""
    first = TABLE.replace('<rule id="r1">', EXTRAS[0]).replace('</rule><rule id="r2">', EXTRAS[1])
    other = table("COLLECT", "x || y\n 1 || 2", aggregation="SUM").replace('"r1', '"s1').replace('"table"', '"other"')
    parts = inputs("amount: number, tier: string"), decision("Rate of it", first), decision("sum", other, needs=[])
    content = model(*parts, decision("plain", literal("1"), needs=[]))
    return content.replace(b"<decisionTable", b"<!-- mind the order --><decisionTable", 1)


def canonical(content: bytes) -> bytes:
    """The same for files that differ in how they are written only."""
    return etree.tostring(etree.fromstring(content), method="c14n", with_comments=True)


def edited(change: Callable[[Any], None], content: bytes | None = None, sheet: str = "Rate of it") -> Imported:
    """What comes back after `change` of one sheet."""
    content = content or dmn_file()
    workbook = load_workbook(io.BytesIO(to_xlsx("m.dmn", content)))
    change(workbook[sheet])
    out = io.BytesIO()
    workbook.save(out)
    return from_xlsx("m.dmn", content, "rates.xlsx", out.getvalue())


def refused(change: Callable[[Any], None], sheet: str = "Rate of it") -> list[Diagnostic]:
    with pytest.raises(ModelError) as caught:
        edited(change, sheet=sheet)
    return list(caught.value.diagnostics)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_what_nobody_edited_comes_back_as_it_was(path: Path) -> None:
    """Byte for byte, for every model of ours."""
    content = path.read_bytes()
    imported = from_xlsx(path.name, content, "sheet.xlsx", to_xlsx(path.name, content))
    assert (imported.content, imported.changes) == (content, ())


def test_comments_annotations_and_descriptions_come_back() -> None:
    """And an output that looks like a formula is a text in the workbook."""
    content = dmn_file()
    workbook = load_workbook(io.BytesIO(to_xlsx("m.dmn", content)))
    assert workbook.sheetnames == ["Rate of it", "sum"]
    sheet = workbook["Rate of it"]
    assert [cell.value for cell in sheet[FIRST_RULE]] == [
        "1", "> 10", '"gold"', "1", '"=1+1"', "law 5", "The good ones", "r1"
    ]  # fmt: skip
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert edited(lambda _: None).content == content


def test_an_edited_cell_keeps_everything_else() -> None:
    """Only the text differs; the change names cell, before and after; the workbook marks it."""

    def change(sheet: Any) -> None:
        sheet["B10"] = "> 20"

    imported = edited(change)
    (found,) = imported.changes
    assert str(found) == "Rate of it!B10: rule 1: > 10 → > 20"
    undone = imported.content.replace(b"&gt; 20", b"&gt; 10")
    assert canonical(undone) == canonical(dmn_file())
    assert b"<!-- mind the order -->" in imported.content
    marked = load_workbook(io.BytesIO(imported.marked))["Rate of it"]["B10"]
    assert (marked.comment.text, marked.fill.fgColor.rgb) == ("Was: > 10", "00FFF2B3")


def test_rules_are_added_removed_and_moved() -> None:
    """By their hidden ids; a copied row is a new rule with an id of its own, an empty row is none."""

    def change(sheet: Any) -> None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_RULE)]
        first, second, third = rows
        copy = [*third]
        copy[1] = "99"
        new = ["", "7", '"pro"', "3", '"d"', "", "", ""]
        for number, row in enumerate([third, copy, first, [""] * 8, new], start=FIRST_RULE):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value
        del second

    imported = edited(change)
    assert [(one.kind, one.cell, one.what) for one in imported.changes] == [
        (ChangeKind.ADDED, "A11", "rule 2"),
        (ChangeKind.ADDED, "A14", "rule 4"),
        (ChangeKind.REMOVED, "", "rule 2"),
        (ChangeKind.MOVED, "A10", "rule 1"),
    ]
    decisions = Decisions.read(("m.dmn", imported.content))
    hit = decisions.evaluate("Rate of it", {"amount": 8, "tier": "iron"}, explain=True)
    assert hit.decisions[0].rules == ()
    for given, rule, rate in (({"amount": 7, "tier": "pro"}, "r3", 3.5), ({"amount": 12, "tier": "gold"}, "r3", 6)):
        answer = decisions.evaluate("Rate of it", given, explain=True)
        assert answer.decisions[0].rules[0].id == rule
        assert isinstance(answer.value, dict)
        assert answer.value["rate"] == rate
    again = from_xlsx("m.dmn", imported.content, "x.xlsx", to_xlsx("m.dmn", imported.content))
    assert again.changes == ()
    assert not [one for one in check("m.dmn", imported.content) if one.code == "dmn.duplicate-id"]


def test_the_head_of_a_table_may_be_edited() -> None:
    """Hit policy and aggregation, labels, what a column tests, types, allowed values and defaults."""

    def change(sheet: Any) -> None:
        sheet["B2"], sheet["C2"] = "COLLECT", "MAX"
        sheet["B3"], sheet["B5"], sheet["B6"], sheet["B7"] = "A label", "x + 1", "number", "[0..9]"
        sheet["C8"] = ""

    imported = edited(change, sheet="sum")
    text = imported.content.decode()
    assert 'hitPolicy="COLLECT" aggregation="MAX"' in text
    assert '<input label="A label"><inputExpression typeRef="number"><text>x + 1</text></inputExpression>' in text
    assert "<inputValues><text>[0..9]</text></inputValues>" in text
    assert [one.what for one in imported.changes] == [
        "hit policy", "label of column 1", "expression or name of column 1", "type of column 1",
        "allowed values of column 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.25, "5.25"),
        (1e20, "100000000000000000000"),
        (True, "true"),
        (date(2024, 1, 5), 'date("2024-01-05")'),
        (datetime(2024, 1, 5, 10, 30), 'date and time("2024-01-05T10:30:00")'),  # noqa: DTZ001 - a spreadsheet has no zones
    ],
)
def test_what_a_spreadsheet_made_of_a_text_is_feel_again(value: object, text: str) -> None:
    """Somebody types 5 or a date into a new cell: it is the number or the date of FEEL."""
    content = model(decision("d", table("FIRST", "x || y\n 1 || 2\n - || null")))

    def change(sheet: Any) -> None:
        sheet["C10"] = value

    found = edited(change, content, "d")
    assert [one.after for one in found.changes] == [text]


def test_every_problem_is_reported_with_its_cell() -> None:
    """A formula, something beside the table: all at once, and nothing is imported."""

    def change(sheet: Any) -> None:
        sheet["B10"] = "=1+1"
        sheet["K11"] = "note to self"
        sheet["D4"] = "input"

    found = refused(change)
    assert [one.message for one in found] == [
        'Rate of it!D4: Expected "output", but found "input".',
        "Rate of it!B10: Expected a text, but found the formula =1+1.",
        'Rate of it!K11: Expected nothing beside the table, but found "note to self".',
    ]
    assert [(one.file, one.line, one.column) for one in found] == [
        ("rates.xlsx", 4, 4), ("rates.xlsx", 10, 2), ("rates.xlsx", 11, 11)
    ]  # fmt: skip
    assert all(one.remedy for one in found)


def test_what_the_check_finds_is_reported_with_its_cell() -> None:
    """FEEL that cannot be read, a cell that can never match, in an old and in a new rule; warnings are no reason."""

    def change(sheet: Any) -> None:
        sheet["B10"] = "> >"
        sheet["C11"] = "5"
        for column, text in enumerate(["", "-", '"x', "1", '"n"', "", "", ""], start=1):
            sheet.cell(13, column).value = text

    found = refused(change)
    assert [(one.code, one.message.split(":")[0]) for one in found] == [
        ("feel.syntax", "Rate of it!B10"),
        ("dmn.cell-type", "Rate of it!C11"),
        ("feel.string", "Rate of it!C13"),
    ]


def test_a_hit_policy_that_nobody_knows_is_refused() -> None:
    """With the cell of the hit policy."""

    def change(sheet: Any) -> None:
        sheet["B2"] = "SOMETIMES"

    (found,) = refused(change)
    assert (found.code, found.message.split(":")[0]) == ("dmn.hit-policy", "Rate of it!B2")


@pytest.mark.parametrize(
    ("cell", "value", "part"),
    [
        ("C1", "_Rate_of_ti", "Write _Rate_of_it."),
        ("A5", "Whatever", "Leave the rows above the rules"),
        ("B9", "another", "Add, move and remove columns in the editor"),
        ("H3", "More", "Add, move and remove columns in the editor"),
    ],
)
def test_a_sheet_that_is_not_understood_says_why(cell: str, value: str, part: str) -> None:
    """Another decision, another head, another column."""

    def change(sheet: Any) -> None:
        sheet[cell] = value

    (found, *_) = refused(change)
    assert part in found.remedy
    assert f"!{cell}: " in found.message


def test_a_sheet_twice_is_refused() -> None:
    """Which of them is meant could not be said."""
    workbook = load_workbook(io.BytesIO(to_xlsx("m.dmn", dmn_file())))
    workbook.copy_worksheet(workbook["sum"])
    out = io.BytesIO()
    workbook.save(out)
    with pytest.raises(ModelError) as caught:
        from_xlsx("m.dmn", dmn_file(), "rates.xlsx", out.getvalue())
    assert "Expected each table once" in str(caught.value)


def test_mistakes_that_were_there_before_keep_nothing_from_being_imported() -> None:
    """The sheet is not to blame for another decision."""
    content = model(decision("d", table("FIRST", "x || y\n 1 || 2")), decision("broken", literal("1 +")))

    def change(sheet: Any) -> None:
        sheet["B10"] = "3"

    assert len(edited(change, content, "d").changes) == 1


def bomb() -> bytes:
    """A small file that says it unpacks to more than anybody wants."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/{number}.xml", bytes(100_000_000))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"no workbook", "sheet.not-xlsx"), (b"PK\x03\x04 broken", "sheet.not-xlsx")],
)
def test_what_is_no_workbook_is_refused(content: bytes, code: str) -> None:
    """With a diagnostic, not with whatever the library raises."""
    with pytest.raises(ModelError) as caught:
        from_xlsx("m.dmn", dmn_file(), "x.xlsx", content)
    assert [one.code for one in caught.value.diagnostics] == [code]


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    """Before anything of it is read."""
    with pytest.raises(ModelError) as caught:
        from_xlsx("m.dmn", dmn_file(), "x.xlsx", bomb())
    assert [one.code for one in caught.value.diagnostics] == ["sheet.too-large"]


def test_a_sheet_with_a_cell_far_away_is_refused() -> None:
    """A million rows of nothing are not looked at."""

    def change(sheet: Any) -> None:
        sheet["A900000"] = "x"

    assert [one.code for one in refused(change)] == ["sheet.too-large"]


def test_a_model_without_a_table_has_no_workbook() -> None:
    """And an unknown decision is named with the known ones."""
    with pytest.raises(NotFound, match="Known: none"):
        to_xlsx("m.dmn", model(knowledge("f", "x", literal("x"))))
    with pytest.raises(NotFound, match="Known: _Rate_of_it, _sum"):
        to_xlsx("m.dmn", dmn_file(), "nothing")
