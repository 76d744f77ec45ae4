"""A decision is untrusted input: whatever its text, an evaluation ends soon, with an answer, a null or a diagnostic."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import feel

DEEP = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEP + "1" + ")" * DEEP,
        "[" * DEEP + "1" + "]" * DEEP,
        "{a:" * DEEP + "1" + "}" * DEEP,
        "-" * DEEP + "1",
        "if true then 1 else " * DEEP + "1",
        "x" + ".a" * (DEEP // 4),
        "x" + "[1]" * (DEEP // 4),
        "f" + "(1)" * (DEEP // 4),
        "1" + " = 1" * (DEEP // 4),
        "not(" * DEEP,
        "x" * 1_000_001,
        "1" + "+1" * 499_999,
        "[1" + ",1" * 499_998 + "]",
    ],
    ids=lambda text: str(text)[:12],
)
def test_what_nests_too_deeply_is_refused(text: str) -> None:
    """Depth and length are bounded; the diagnostic says where."""
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.evaluate(text)
    assert caught.value.diagnostics[0].code in {"feel.too-deep", "feel.too-long"}


def test_a_hundred_levels_are_no_problem() -> None:
    """The bound is far beyond what people write."""
    assert feel.evaluate("(" * 100 + "1" + ")" * 100) == 1
    assert feel.evaluate("[" * 100 + "]" * 100) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1" + "+1" * 3000, 3001), ("true" + " and true" * 3000, True), ('string length("a"' + '+"a"' * 3000 + ")", 3001)],
    ids=["sum", "conjunction", "text"],
)
def test_long_chains_are_not_deep(text: str, expected: object) -> None:
    """Operators in a row cost no depth."""
    assert feel.evaluate(text) == expected


def test_types_of_shared_parts_are_computed_once() -> None:
    """Where a name ends may depend on types; a context that doubles with each entry does not double the work."""
    entries = ", ".join(f"k{i}: {{day of week: k{i - 1}, y: k{i - 1}}}" for i in range(1, 60))
    assert feel.evaluate("{k0: {day of week: 1}, " + entries + ", r: k59" + ".day of week" * 60 + "}.r") == 1


def test_thousands_of_names_are_known_at_once() -> None:
    """Each entry of a context is a name for the following ones, also with spaces."""
    text = "{" + ", ".join(f"key {i}: {i}" for i in range(3000)) + ", sum: key 2998 + key 2999}.sum"
    assert feel.evaluate(text) == 5997


def test_the_callers_stack_does_not_matter() -> None:
    """Reading and compiling find room even where the caller has used up most of the stack."""

    def deeper(levels: int) -> object:
        return deeper(levels - 1) if levels else feel.evaluate("abs(" * 110 + "1" + ")" * 110)

    assert deeper(600) == 1


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "(a|a|b)*c", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_catastrophic_pattern_ends(pattern: str) -> None:
    """A match that would take for ever is null with a reason, if it is not simply false."""
    reasons: list[feel.Reason] = []
    answer = feel.evaluate("matches(text, pattern)", {"text": "a" * 60 + "!", "pattern": pattern}, reasons=reasons)
    assert answer is False or [reason.kind for reason in reasons] == [feel.ReasonKind.LIMIT]


@pytest.mark.parametrize(
    "text",
    ["[1, 2][n]", "substring(s, n)", "date(n, 1, 1)", "decimal(1.5, n)", "partition([1], n)", "odd(n)", "modulo(n, 7)",
     "string(n)", "for i in 1..n return i", "sublist([1], 1, n)", "@\"P1D\" * n", "n ** n", "floor(n)", "n = n + 1"],
)  # fmt: skip
def test_a_number_beyond_all_measure_costs_nothing(text: str) -> None:
    """A caller may bring a decimal with a billion digits; no function writes it out."""
    for number in (Decimal("1e999999999"), Decimal("1e-999999999")):
        feel.evaluate(text, {"n": number, "s": "abc"}, reasons=[])


def test_compiled_code_has_no_builtins_of_python() -> None:
    """The code that the compiler makes reaches only the runtime of FEEL."""
    expression = feel.compile("a + 1")
    expression.evaluate({"a": 1})
    assert expression.evaluate.__globals__["__builtins__"] == {}  # type: ignore[attr-defined]


TOKENS = """1 2.5 x y item partial null true "a" @"2020-01-01" + - * / ** = != < >= and or not( ( ) [ ] { } , . .. :
    in between if then else for return some every satisfies function( instance of number list< > sum( count( string(
    date( ? ]1..2["""
PIECES = st.sampled_from(TOKENS.split())


@given(st.lists(PIECES, max_size=14))
def test_no_text_makes_the_engine_fail(pieces: list[str]) -> None:
    """Any sequence of tokens is a value or a syntax error, never another exception; and the careful code agrees."""
    text = " ".join(pieces)
    try:
        expression = feel.compile(text)
    except feel.FeelSyntaxError:
        return
    value = expression.evaluate({"x": 1, "y": [1, {"x": 2}]})
    again = expression.evaluate({"x": 1, "y": [1, {"x": 2}]}, reasons=[])
    assert feel.literal(value) == feel.literal(again)


@given(st.text(max_size=30))
def test_no_characters_make_the_reader_fail(text: str) -> None:
    """Any text is an expression or a syntax error with a place."""
    places: list[int | None] = []
    try:
        feel.compile(text)
    except feel.FeelSyntaxError as error:
        places = [diagnostic.line for diagnostic in error.diagnostics]
    assert None not in places
