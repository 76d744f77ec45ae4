"""The JSON codec: numbers keep every digit, and what FEEL adds to JSON becomes text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import feel

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=6)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    """JSON is a lossless notation of null, booleans, numbers, strings, lists and contexts."""
    assert feel.json_loads(feel.json_dumps(value)) == value


def test_no_digit_is_lost() -> None:
    """Numbers do not pass through float."""
    text = '{"n":1234567890.1234567890123456789,"tenth":0.10}'
    assert feel.json_dumps(feel.json_loads(text)) == text


def test_python_numbers_enter_through_their_repr() -> None:
    """A float is what it prints, not what it is in binary."""
    assert feel.json_dumps({"a": 0.1, "b": 3, "c": (True, None)}) == '{"a":0.1,"b":3,"c":[true,null]}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-01-05"', "2026-01-05"),
        ('@"2026-01-05T10:00:00@Europe/Paris"', "2026-01-05T10:00:00@Europe/Paris"),
        ('@"PT36H"', "P1DT12H"),
        ('@"P14M"', "P1Y2M"),
        ("[1..3)", "[1..3)"),
        ("function(x) x", None),
        ('{a: [@"10:00:00"], b: 1.5}', {"a": ["10:00:00"], "b": Decimal("1.5")}),
    ],
)
def test_values_that_json_lacks_become_text(text: str, expected: object) -> None:
    """As in Camunda 8, a temporal value that is put into a variable is ISO text."""
    assert feel.to_json(feel.evaluate(text)) == expected


@pytest.mark.parametrize("text", ["NaN", "[1, Infinity]", "{", "", '"\\ud800"', '["a\\udc00\\ud83d"]'])
def test_what_is_not_json_is_refused(text: str) -> None:
    """Python's own extensions of JSON are errors here, and so is half of a character."""
    with pytest.raises(ValueError, match="Expect"):
        feel.json_loads(text)


def test_escaped_surrogates_that_belong_together_are_one_character() -> None:
    """A pair is a character, and an escaped backslash before a u is none of the two."""
    assert feel.json_loads(b'["\\ud83d\\ude00", "\\\\ud800"]') == ["😀", "\\ud800"]


def test_a_value_that_shares_its_parts_is_bounded() -> None:
    """A small value can stand for an enormous text; writing it ends with an error."""
    value: object = [1]
    for _ in range(60):
        value = [value, value]
    assert feel.to_json(value) is not None
    with pytest.raises(ValueError, match="pieces"):
        feel.json_dumps(value)


@pytest.mark.parametrize("text", ["[" * 100_000, "1e999999", '{"a":' * 100_000], ids=["lists", "number", "objects"])
def test_hostile_json_is_refused(text: str) -> None:
    """A body from outside may nest or count beyond all measure; it is an error like any other that is not JSON."""
    with pytest.raises(ValueError, match="Expected"):
        feel.json_loads(text)
