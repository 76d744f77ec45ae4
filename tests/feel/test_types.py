"""Types: what conforms to them, and how DMN converts a value to a declared type (DMN 1.5, 10.3.2.9)."""

from decimal import Decimal

import pytest

from app import feel
from app.feel import types

NUMBERS = types.ListType(types.NUMBER)
POINT = types.ContextType({"x": types.NUMBER})
SMALL = types.Restricted(types.NUMBER, lambda value: value < 10, "< 10")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (1, types.NUMBER, Decimal(1)),
        ("a", types.NUMBER, None),
        (None, types.NUMBER, None),
        ([1], types.NUMBER, Decimal(1)),
        ([1, 2], types.NUMBER, None),
        (["a"], types.NUMBER, None),
        ([[1]], types.NUMBER, None),
        (1, NUMBERS, [Decimal(1)]),
        ("a", NUMBERS, None),
        ([1, "a"], NUMBERS, None),
        ([1, None], NUMBERS, [Decimal(1), None]),
        (feel.Date(2026, 1, 5), types.DATE_AND_TIME, feel.DateAndTime(feel.Date(2026, 1, 5), 0, 0)),
        ([feel.Date(2026, 1, 5)], types.DATE_AND_TIME, feel.DateAndTime(feel.Date(2026, 1, 5), 0, 0)),
        (feel.DateAndTime(feel.Date(2026, 1, 5), 0, 0), types.DATE, None),
        ({"x": 1}, POINT, {"x": Decimal(1)}),
        ({"x": 1, "y": 2}, POINT, {"x": Decimal(1), "y": Decimal(2)}),
        ({"y": 2}, POINT, None),
        ({"x": None}, POINT, {"x": None}),
        ([{"x": 1}], POINT, {"x": Decimal(1)}),
        ({"x": 1}, types.ListType(POINT), [{"x": Decimal(1)}]),
        (5, SMALL, Decimal(5)),
        (50, SMALL, None),
        ([5], SMALL, Decimal(5)),
        ("anything", types.ANY, "anything"),
    ],
    ids=str,
)
def test_a_value_is_converted_or_becomes_null(value: object, type_: types.Type, expected: object) -> None:
    """List of one ↔ element and date → date and time are converted; all else that does not conform is null."""
    assert types.coerce(feel.from_python(value), type_) == expected


def test_a_value_that_does_not_fit_leaves_a_reason() -> None:
    """The reason names the type and what was found."""
    reasons: list[feel.Reason] = []
    assert types.coerce("a", NUMBERS, feel.Frame(reasons)) is None
    assert reasons[0].message == 'Expected list<number>, but found the string "a".'


def test_constraints_count_in_conversions_and_not_in_instance_of() -> None:
    """256 is an instance of "a number below 10", but no such variable may hold it."""
    assert types.conforms(Decimal(256), SMALL)
    assert types.conforms([Decimal(256)], types.ListType(SMALL))
    assert types.coerce([Decimal(256)], types.ListType(SMALL)) is None


@pytest.mark.parametrize(
    "notation",
    [
        "Any",
        "number",
        "date and time",
        "years and months duration",
        "list<list<string>>",
        "range<date>",
        "context<a: number, b c: list<string>>",
        "function<number, string> -> boolean",
        "function",
    ],
)
def test_a_type_is_written_as_it_is_read(notation: str) -> None:
    """`read_type` and `str` are each other's inverse."""
    assert str(feel.read_type(notation)) == notation


def test_a_wrong_type_notation_says_where() -> None:
    """A notation that names no type is a syntax error."""
    with pytest.raises(feel.FeelSyntaxError, match="Expected the name of a type, but found `numbr`"):
        feel.read_type("list<numbr>")


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        ("number", "Any", True),
        ("Any", "number", False),
        ("list<number>", "list<Any>", True),
        ("context<a: number, b: string>", "context<a: number>", True),
        ("context<a: number>", "context<a: number, b: string>", False),
        ("function<Any> -> number", "function<number> -> Any", True),
        ("function<number> -> number", "function<Any> -> number", False),
        ("range<number>", "range<string>", False),
    ],
)
def test_subtypes(narrow: str, wide: str, expected: bool) -> None:
    """Parameters of functions are contravariant, everything else is covariant."""
    assert types.is_subtype(feel.read_type(narrow), feel.read_type(wide)) is expected
