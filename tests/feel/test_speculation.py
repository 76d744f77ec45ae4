"""What operators expect of variables, which decides only how fast an expression is."""

import pytest

from app.feel.names import Scope
from app.feel.parser import parse
from app.feel.proven import Proven
from app.feel.speculation import Expectations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a > 100", {"a": Proven.NUMBER}),
        ('a = "x" and b < 5', {"a": Proven.STRING, "b": Proven.NUMBER}),
        ("a * 2 + b > c", {"a": Proven.NUMBER, "b": Proven.NUMBER, "c": Proven.NUMBER}),
        ("if a = true then b - 1 else 0", {"a": Proven.BOOLEAN, "b": Proven.NUMBER}),
        ("a between 1 and 5", {"a": Proven.NUMBER}),
        ('a > 1 or a = "x"', {}),
        ("a + b", {}),
        ('a + "x"', {}),
        ("a = null", {}),
        ("for a in list return a + 1", {}),
    ],
)
def test_operators_expect_classes(text: str, expected: dict[str, Proven]) -> None:
    """Literals tell what the names beside them should be; where they disagree, nothing is expected."""
    node, _ = parse(text, Scope(closed=False))
    assert Expectations.of(node) == expected
