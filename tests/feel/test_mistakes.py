"""The table of mistakes: what people write out of habit, and the message that they get."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app import feel
from app.feel import remedies
from app.feel.remedies import Mistake

TABLE = Path(__file__).parent / "mistakes.txt"
NAMES = ["a", "b", "c", "x", "Order Total", "list", "d", "status", "amount"]
"""What is declared where the table's texts stand."""


NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
GIVEN: dict[str, object] = {
    "amount": 6,
    "status": "gold",
    "list": [1, 2, 3],
    "d": date(2024, 1, 5),
    "when": feel.DateAndTime(feel.Date(2024, 1, 5), 36_000_000_000_000),
    "moment": datetime(2024, 1, 5, 10, 0, tzinfo=UTC),
    "Order Total": 10,
    "customer": {"name": "Ann", "Order Total": 3},
    "xs": ["1", "7"],
}
"""The variables with which a text is evaluated whose place is ``value``."""


@dataclass(frozen=True, slots=True)
class Row:
    """`place` is ``expression``, ``cell`` or ``value``; `messages` have line and column in front, those of a value
    start and end."""

    line: int
    place: str
    text: str
    messages: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.line}: {self.text}"


def rows() -> Iterator[Row]:
    """A text begins its line, its messages are indented below."""
    lines = TABLE.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines):
        match = re.fullmatch(r"(expression|cell|value) +(.*)", line)
        if match is not None:
            messages = []
            for below in lines[number + 1 :]:
                if not below.startswith("  "):
                    break
                messages.append(below.strip())
            yield Row(number + 1, match[1], match[2].replace("(nothing)", ""), tuple(messages))


ROWS = list(rows())


def said(row: Row) -> list[str]:
    """What the language says about the text of a row: its syntax errors, or else the advice; or why it has no value."""
    if row.place == "value":
        reasons: list[feel.Reason] = []
        feel.evaluate(row.text, GIVEN, reasons=reasons, now=NOW)
        return [f"{one.start}:{one.end} {one.message}" for one in reasons]
    try:
        compiled: feel.Expression | feel.UnaryTests = (
            feel.compile(row.text, NAMES) if row.place == "expression" else feel.compile_unary_tests(row.text, NAMES)
        )
    except feel.FeelSyntaxError as error:
        return [f"{one.line}:{one.column} {one.message} {one.remedy}" for one in error.diagnostics]
    return [f"{one.line}:{one.column} {one.message} {one.remedy}" for one in feel.advice(compiled)]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_mistake_has_its_message(row: Row) -> None:
    """Each text of the table gets the messages beside it, in the order of the text, each with place and remedy."""
    assert said(row) == list(row.messages)
    assert row.messages


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_a_message_writes_in_full_can_be_read(row: Row) -> None:
    """A corrected text is FEEL, and nothing is said about it any more."""
    for message in row.messages:
        match = re.search(r" In full: `(.*)`\.$", message, re.DOTALL)
        if match is not None:
            assert said(Row(0, row.place, match[1], ())) == []


def test_the_table_has_enough_rows_and_uses_the_whole_catalogue() -> None:
    """At least 120 mistakes, and no sentence of the catalogue that no row shows."""
    assert len(ROWS) >= 120
    assert len({(row.place, row.text) for row in ROWS}) == len(ROWS)
    everything = "\n".join(message for row in ROWS for message in row.messages)
    unused = [one.name for one in Mistake if re.search(_pattern(one), everything) is None]
    assert unused == []


def _pattern(mistake: Mistake) -> str:
    pieces = re.split(r"\{(?:found|instead|quoted)\}", mistake.value.replace("{{", "{").replace("}}", "}"))
    return ".+".join(map(re.escape, pieces))


def test_near_names_are_near() -> None:
    """Case, blanks, underscores and a letter or two are forgiven; other words are not suggested."""
    known = ["Order Total", "amount", "status", "customer name"]
    assert remedies.near("order_total", known) == ["Order Total"]
    assert remedies.near("customerName", known) == ["customer name"]
    assert remedies.near("ammount", known) == ["amount"]
    assert remedies.near("color", known) == []
    assert remedies.near("amount", ["amount"]) == []


def test_each_mistake_of_a_text_is_told_at_its_place() -> None:
    """Three habits in three lines are three diagnostics, whose lines and columns are those of the text as written."""
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile("a == 1\n  && status = 'gold'\n  || !b", NAMES)
    assert [(one.line, one.column) for one in caught.value.diagnostics] == [(1, 3), (2, 3), (2, 15), (3, 3), (3, 6)]
    assert caught.value.diagnostics[0].remedy.endswith('In full: `a = 1\n  and status = "gold"\n  or not(b)`.')


@pytest.mark.parametrize("text", ["1 + ' " * 4_000, "(" * 120 + "'x'" + ")" * 119, "a == " * 900 + "1", "x " * 2_000])
def test_a_long_text_is_refused_soon(text: str) -> None:
    """However many mistakes a text has, only some are mended, and there is always a diagnostic with its place."""
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(text, NAMES)
    assert 1 <= len(caught.value.diagnostics) <= 8
    assert caught.value.diagnostics[0].line == 1


def test_extensions_are_not_suggested_where_they_are_unknown() -> None:
    """`get or else` is Camunda's: without extensions, an if does the same."""
    with pytest.raises(feel.FeelSyntaxError, match="if a != null then a else b"):
        feel.compile("a ?? b", NAMES, extensions=False)
    (advice,) = feel.advice(feel.compile("coalesce(a, b)", NAMES, extensions=False))
    assert advice.corrected == "if a != null then a else b"


def test_a_loop_tells_the_values_of_the_first_null_only() -> None:
    """Reasons that differ in their values alone are one reason, told with the values that were met first."""
    reasons: list[feel.Reason] = []
    feel.evaluate('for i in 7..100 return i + "a"', reasons=reasons)
    found = 'Expected two values to add, but found the number 7 and the string "a".'
    assert [one.message for one in reasons] == [f"{found} Write `string(7)`: texts are joined with texts."]


def test_a_value_is_shown_briefly() -> None:
    """Long texts are cut, lists are counted, and a context tells the first of its keys."""
    shown = {
        "1 - x": ("x" * 1_000, f'the string "{"x" * 40}…".'),
        "2 + x": (list(range(10_000)), "a list of 10000."),
        "3 + x": ({f"key {number}": number for number in range(9)}, "a context with key 0, key 1, key 2 and more."),
    }
    for text, (value, end) in shown.items():
        reasons: list[feel.Reason] = []
        feel.evaluate(text, {"x": value}, reasons=reasons)
        assert reasons[0].message.endswith(end)
