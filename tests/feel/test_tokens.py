"""The first stage: pieces of text, and where they stand."""

import pytest

from app.feel.tokens import END, Source, Span, pieces


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("1..5", ["1", "..", "5"]),
        ("1.5e-3", ["1.5e-3"]),
        ("a.b", ["a", ".", "b"]),
        ("x**-.5", ["x", "**", "-", ".5"]),
        ("Tax's+1", ["Tax", "'", "s", "+", "1"]),
        ('"a \\" b" "', ['"a \\" b"', '"']),
        ("a /* b */ // c\n d", ["a", "d"]),
        ('"// no comment"', ['"// no comment"']),
        ("`a b`c", ["`a b`", "c"]),
        ("a\u00a0b\ufeffc", ["a", "b", "c"]),
        ("é_1🐎", ["é_1🐎"]),
        ("function<a>->b", ["function", "<", "a", ">", "->", "b"]),
    ],
)
def test_text_falls_into_tokens(text: str, tokens: list[str]) -> None:
    """Names, numbers, strings, operators; comments and white space fall away."""
    assert Source(text).tokens == [*tokens, END]


def test_a_place_is_counted_in_code_points_lines_and_columns() -> None:
    """Comments do not disturb the positions of what follows them."""
    source = Source("💩 + /* x */\n  rate")
    assert source.tokens == ["💩", "+", "rate", END]
    assert (Span(source, 2, 3).start, Span(source, 2, 3).end, Span(source, 2, 3).text) == (14, 18, "rate")
    assert source.line_and_column(2) == (2, 3)
    assert source.line_and_column(3) == (2, 7)


def test_a_name_has_the_tokens_that_its_text_would_have() -> None:
    """Names are matched token by token, so white space inside them does not matter."""
    assert pieces("Monthly Fee+Tax") == pieces("Monthly  Fee + Tax") == ("Monthly", "Fee", "+", "Tax")
