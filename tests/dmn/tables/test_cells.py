"""What cells say without being evaluated, and that it is what FEEL says."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import feel
from app.dmn.tables.cells import ANY_VALUE, Computed, Interval, Literal, literal_value, read_cell, satisfies


@pytest.mark.parametrize("text", ["-", " - ", "", "  \n"])
def test_a_dash_or_nothing_accepts_everything(text: str) -> None:
    """White space does not matter."""
    assert read_cell(text) is ANY_VALUE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", Literal(Decimal, (Interval.point(Decimal(5)),))),
        ("-5", Literal(Decimal, (Interval.point(Decimal(-5)),))),
        (".5", Literal(Decimal, (Interval.point(Decimal("0.5")),))),
        ('"a", "b"', Literal(str, (Interval.point("a"), Interval.point("b")))),
        ('not("a")', Literal(str, (Interval.point("a"),), negated=True)),
        ('!= "a"', Literal(str, (Interval.point("a"),), negated=True)),
        ("true", Literal(bool, (Interval.point(value=True),))),
        ("< 3", Literal(Decimal, (Interval(None, Decimal(3), low_included=False, high_included=False),))),
        (">=3", Literal(Decimal, (Interval(Decimal(3), None, low_included=True, high_included=False),))),
        ("[1..2)", Literal(Decimal, (Interval(Decimal(1), Decimal(2), low_included=True, high_included=False),))),
        ("]1..2]", Literal(Decimal, (Interval(Decimal(1), Decimal(2), low_included=False, high_included=True),))),
        ("[2..1]", Literal(Decimal, ())),
    ],
)
def test_literals_are_understood(text: str, expected: Literal) -> None:
    """Points, lists of alternatives, comparisons, intervals, negation."""
    assert read_cell(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "> x",
        "? > 3",
        '"a", 5',
        "null",
        "not(x)",
        "5 + 1",
        "[1..x]",
        'starts with(?, "a")',
        '"a\\n"',
        "1..",
        "not(",
        "5 6",
        "!= x",
        "!= 5, 6",
    ],
)
def test_everything_else_is_computed(text: str) -> None:
    """What names, calculates or is not understood is left to FEEL."""
    assert read_cell(text) == Computed(text)


def test_temporal_literals_are_ordered_values() -> None:
    """Dates and durations are literals; times, whose order depends on zones, are not."""
    assert read_cell('>= date("2024-01-01")') != Computed('>= date("2024-01-01")')
    assert read_cell('[@"P1D"..@"P2D"]') != Computed('[@"P1D"..@"P2D"]')
    assert isinstance(read_cell('@"10:00:00"'), Computed)
    assert isinstance(read_cell('@"nonsense"'), Computed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", (True, Decimal(1))), ("null", (True, None)), ('"a"', (True, "a")), ("1, 2", (False, None))],
)
def test_a_single_literal_has_a_value(text: str, expected: tuple[bool, object]) -> None:
    """Outputs that are one literal need no evaluation."""
    assert literal_value(text) == expected


numbers = st.sampled_from(["0", "1", "2", "2.0", "3", "-1", "1.5"])
strings = st.sampled_from(['"a"', '"b"', '"c"', '""', '"1"'])
booleans = st.sampled_from(["true", "false"])


def cells_of(literals: st.SearchStrategy[str], *, ordered: bool) -> st.SearchStrategy[str]:
    simple = literals
    if ordered:
        compared = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), literals).map(" ".join)
        ranges = st.tuples(st.sampled_from("[(]"), literals, literals, st.sampled_from("])[")).map(
            lambda parts: f"{parts[0]}{parts[1]}..{parts[2]}{parts[3]}"
        )
        simple = st.one_of(literals, compared, ranges)
    several = st.lists(simple, min_size=1, max_size=3).map(", ".join)
    return st.one_of(several, several.map(lambda text: f"not({text})"), literals.map(lambda text: f"!= {text}"))


cells = st.one_of(
    cells_of(numbers, ordered=True), cells_of(strings, ordered=True), cells_of(booleans, ordered=False), st.just("-")
)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["a", "b", "", "1", "zz"]),
    st.sampled_from([Decimal(n) for n in ("-1", "0", "0.5", "1", "1.5", "2", "3", "9")]),
)


@settings(max_examples=500)
@given(text=cells, value=values)
def test_a_literal_cell_holds_exactly_where_feel_says_so(text: str, value: object) -> None:
    """The index never disagrees with the language."""
    cell = read_cell(text)
    expected = feel.unary_test(text, value) is True
    if isinstance(cell, Literal):
        assert satisfies(cell, value) is expected
    elif cell is ANY_VALUE:
        assert expected
