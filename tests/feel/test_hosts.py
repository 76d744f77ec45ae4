"""Functions of the host in expressions."""

from decimal import Decimal

import pytest

from app import feel
from app.feel.types import ANY


def joined(first: object, second: object = None, third: object = "never seen") -> str:
    return " ".join(feel.text_of(each) for each in (first, second, third))


FUNCTIONS = feel.HostFunctions()
FUNCTIONS.register("joined", joined, parameters={"first": ANY, "second one": ANY, "third": ANY})
FUNCTIONS.register("half", lambda number: number / 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('joined("a")', "a null null"),
        ('joined("a", 2)', "a 2 null"),
        ('joined("a", 2, true)', "a 2 true"),
        ('joined(first: "a", third: [1])', "a null [1]"),
        ("half(3)", Decimal("1.5")),
    ],
)
def test_a_parameter_with_a_default_may_be_left_out(text: str, value: object) -> None:
    """By position and by name; the function sees null for what is missing."""
    assert feel.evaluate(text, dict(FUNCTIONS)) == value


@pytest.mark.parametrize("text", ["joined()", 'joined("a", 1, 2, 3)', 'joined(last: "a")', "half()", "half(1, 2)"])
def test_other_arguments_are_null_with_a_reason(text: str) -> None:
    """What is needed may not be missing, and nothing else may be given."""
    reasons: list[feel.Reason] = []
    assert feel.evaluate(text, dict(FUNCTIONS), reasons=reasons) is None
    assert reasons[0].kind is feel.ReasonKind.WRONG_ARGUMENTS


def test_they_are_no_part_of_the_language() -> None:
    """Without the registry the name is unknown."""
    reasons: list[feel.Reason] = []
    assert feel.evaluate('joined("a")', reasons=reasons) is None
    assert feel.ReasonKind.UNKNOWN_FUNCTION in {reason.kind for reason in reasons}
