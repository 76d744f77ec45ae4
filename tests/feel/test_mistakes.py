"""The table of mistakes: what people write out of habit, and the message that they get."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import feel
from app.feel import remedies
from app.feel.remedies import Mistake

TABLE = Path(__file__).parent / "mistakes.txt"
NAMES = ["a", "b", "c", "x", "Order Total", "list", "d", "status", "amount"]
"""What is declared where the table's texts stand."""


@dataclass(frozen=True, slots=True)
class Row:
    """`place` is ``expression`` or ``cell``; `messages` have line and column in front."""

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
        match = re.fullmatch(r"(expression|cell) +(.*)", line)
        if match is not None:
            messages = []
            for below in lines[number + 1 :]:
                if not below.startswith("  "):
                    break
                messages.append(below.strip())
            yield Row(number + 1, match[1], match[2].replace("(nothing)", ""), tuple(messages))


ROWS = list(rows())


def said(row: Row) -> list[str]:
    """What the language says about the text of a row: its syntax errors, or else the advice."""
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
