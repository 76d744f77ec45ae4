"""One expression has up to three codes: expecting, guarded and careful. They may differ in speed only."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import feel
from app.feel import types

ATOMS = st.sampled_from(
    ["1", "2.5", '"a"', "true", "null", "a", "b", "c", '@"2020-01-01"', '@"P1D"', "[1, 2]", "{x: 1}"]
)
OPERATORS = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or"])
TEXTS = st.recursive(
    ATOMS,
    lambda part: (
        st.builds("({} {} {})".format, part, OPERATORS, part)
        | st.builds("(if {} then {} else {})".format, part, part, part)
        | st.builds("({} between {} and {})".format, part, part, part)
        | st.builds("({} in [1..3])".format, part)
        | st.builds("(-{})".format, part)
        | st.builds("is defined({})".format, part)
        | st.builds("get or else({}, {})".format, part, part)
        | st.builds("({} instance of number)".format, part)
        | st.builds("(for i in [{}] return {})".format, part, part)
        | st.builds("[{}][{}]".format, part, part)
        | st.builds("{{d: {}, e: d}}.e".format, part)
    ),
    max_leaves=8,
)
TYPES = {"a": types.NUMBER, "b": types.STRING, "c": types.BOOLEAN}
VARIABLES: list[dict[str, object]] = [
    {"a": Decimal(1), "b": "a", "c": True},
    {"a": None, "b": Decimal(0), "c": "x"},
    {"a": "q", "b": True},
    {},
]


@pytest.mark.parametrize("variables", VARIABLES, ids=str)
@given(text=TEXTS)
def test_declared_types_and_reasons_change_nothing(variables: dict[str, object], text: str) -> None:
    """Undeclared, declared, careful, and asked for reasons: the same value, and no reason twice."""
    plain = feel.compile(text, ["a", "b", "c"])
    value = feel.literal(plain.evaluate(variables))
    assert feel.literal(feel.compile(text, types=TYPES).evaluate(variables)) == value
    assert feel.literal(feel.compile(f"(function() {text})()").evaluate(variables)) == value  # careful throughout
    reasons: list[feel.Reason] = []
    assert feel.literal(plain.evaluate(variables, reasons=reasons)) == value
    assert len(set(reasons)) == len(reasons)
