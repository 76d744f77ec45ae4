"""Trees and code that expressions share."""

from decimal import Decimal

from app import feel
from app.feel import pyast as py
from app.feel import types


def test_expressions_that_differ_in_literals_only_keep_their_own() -> None:
    """They have one code, but each its constants, its places and its fallbacks."""
    expressions = [feel.compile(f"if a > {n} then a * {n} else a / {n}", types={"a": types.NUMBER}) for n in range(3)]
    assert [e.evaluate({"a": Decimal(1)}) for e in expressions] == [0, 1, Decimal("0.5")]
    assert [e.evaluate({"a": None}) for e in expressions] == [None] * 3
    for expression in (feel.compile(" a + 1 "), feel.compile("a + 1")):
        reasons: list[feel.Reason] = []
        assert expression.evaluate({"a": "x"}, reasons=reasons) is None
        assert [reason.span.text for reason in reasons] == ["a + 1"]
        assert reasons[0].start == expression.text.index("a")


def test_expressions_that_differ_in_names_and_strings_only_keep_their_own() -> None:
    """They have one code too, and the same fallbacks where a variable is missing or of another class."""
    for name, word in (("a", "x"), ("b", "y"), ("`long name`", "z")):
        expression = feel.compile(f'if {name} = "{word}" then {{{word}: {name}}}.{word} else "{word}{word}"')
        bare = name.strip("`")
        assert expression.names == {bare}
        assert expression.evaluate({bare: word}) == word
        assert expression.evaluate({bare: "other"}) == word * 2
        reasons: list[feel.Reason] = []
        assert expression.evaluate({"c": word}, reasons=reasons) == word * 2
        assert reasons[0].message == f"Expected a variable {bare}, but found none."


def test_lambdas_inside_shared_code_have_their_own_constants() -> None:
    """A loop that Python has adapted to one expression's constants says nothing about another's."""
    for n in range(3):
        expression = feel.compile(f"for i in 1..30 return i * {n}")
        for _ in range(3):
            assert expression.evaluate() == [Decimal(i * n) for i in range(1, 31)]


def test_equal_numbers_and_booleans_are_different_constants() -> None:
    """Python holds 1 and True for equal; a tree does not."""
    assert py.constant(1) is not py.constant(True)  # noqa: FBT003 - the value itself
    assert feel.evaluate("[true, 1]") == [True, Decimal(1)]
    assert feel.evaluate("true") is True


def test_large_trees_are_not_remembered() -> None:
    """Whoever sends one does not fill the memory with it."""
    py.load("a name")
    text = " + ".join(["a"] * 60)
    assert feel.evaluate(text, {"a": 1}) == 60
    before = py.load("a name")
    py.forget()
    assert py.load("a name") is not before
    remembered = py.load("another name")
    feel.evaluate(text + " + a", {"a": 1})
    assert py.load("another name") is not remembered
