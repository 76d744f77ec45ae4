"""Whatever the text is, there is an expression or a diagnostic with its place."""

import string
from time import thread_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app import feel
from tests.feel.case_files import FOLDER, read_cases
from tests.feel.test_mistakes import NAMES, ROWS

_PIECES = st.sampled_from(
    [
        *(
            "a",
            "b",
            "Order Total",
            "list",
            "1",
            "1,000",
            "05.01.2024",
            "'x'",
            '"',
            '"x"',
            "“",
            "=",
            "==",
            "<",
            ">",
            "!",
        ),
        *(
            "&&",
            "|",
            "?",
            ":",
            ";",
            ",",
            ".",
            "..",
            "...",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "@",
            "`",
            "//",
            "/*",
            "%",
            "$",
        ),
        *("#", "->", "=>", "-", "+", "*", "if", "then", "else", "for", "in", "return", "some", "satisfies", "function"),
        *(
            "not",
            "and",
            "or",
            "between",
            "instance",
            "of",
            "is",
            "null",
            "like",
            "case",
            "when",
            "end",
            "lambda",
            "new",
        ),
        *("empty", "each", " ", "\n", "€", "\u200b", "\U0001f600", "\ud800"),
    ]
)
_KNOWN = [case.text for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path)] + [row.text for row in ROWS]
TEXTS = st.one_of(
    st.lists(_PIECES, max_size=25).map(" ".join),
    st.lists(_PIECES, max_size=25).map("".join),
    st.text(max_size=60),
    st.text(string.printable, max_size=60),
    st.tuples(st.sampled_from(_KNOWN), st.integers(0, 80), st.integers(0, 6), _PIECES).map(
        lambda one: one[0][: one[1]] + one[3] + one[0][one[1] + one[2] :]
    ),
)
SECONDS = 2.0
"""Of processor time: a hundred times what the slowest of such texts takes on a quiet machine."""


@pytest.mark.parametrize("compile_", [feel.compile, feel.compile_unary_tests], ids=["expression", "tests"])
@given(text=TEXTS)
@example(text="(" * 200)
@example(text="[" * 119 + "a == ")
@example(text="if " * 119)
@example(text="'" * 500)
@example(text="{{" * 60)
@example(text="a ? " * 100)
@example(text="{" * 100 + "a:" * 100)
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused_with_its_place(compile_: object, text: str) -> None:
    """No text raises anything but FeelSyntaxError, whose diagnostics have a place within the text and a remedy; advice
    on what can be read raises nothing."""
    begun = thread_time()
    try:
        found = feel.advice(compile_(text, NAMES))  # type: ignore[operator]
    except feel.FeelSyntaxError as error:
        _has_places(error, text)
    else:
        assert all(one.remedy and 0 <= one.start < one.end <= len(text) for one in found)
    assert thread_time() - begun < SECONDS


def _has_places(error: feel.FeelSyntaxError, text: str) -> None:
    lines = text.split("\n")
    assert error.diagnostics
    for one in error.diagnostics:
        assert one.message.startswith("Expected ")
        assert one.remedy
        assert one.line is not None
        assert one.column is not None
        assert 1 <= one.line <= len(lines)
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1
