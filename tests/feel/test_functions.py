"""Function values that come from outside: those of DMN, and the host's through their registry."""

from decimal import Decimal

import pytest

from app import feel
from app.feel import types
from app.feel.builtins import FUNCTIONS, STANDARD_FUNCTIONS


def _half(_frame: feel.Frame, number: Decimal | None) -> object:
    return None if number is None else number / 2


HALF = feel.Function("half", (feel.Parameter("n", types.NUMBER),), _half, types.NUMBER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("half(8)", 4),
        ("half(n: 8)", 4),
        ("half([8])", 4),
        ('half("x")', None),
        ("half(1, 2)", None),
        ("half(m: 1)", None),
    ],
)
def test_a_function_value_is_called_by_position_and_by_name(text: str, expected: object) -> None:
    """Arguments are coerced to the parameters' types; what does not fit is null."""
    assert feel.compile(text, ["half"]).run(feel.Frame(), {"half": HALF}) == expected


def test_the_result_is_coerced_to_its_type() -> None:
    """A function that breaks its promise answers null, with a reason."""
    liar = feel.Function("liar", (), lambda _frame: "text", types.NUMBER)
    reasons: list[feel.Reason] = []
    assert feel.call(feel.Frame(reasons), liar) is None
    assert reasons[0].kind is feel.ReasonKind.WRONG_TYPE


def test_a_python_function_is_reachable_through_its_registry_only() -> None:
    """What is registered is callable under its name; nothing else of Python is."""
    host = feel.HostFunctions()
    host.register("vat rate", lambda country: Decimal("0.19") if country == "DE" else Decimal("0.2"))
    assert feel.evaluate('vat rate("DE") + vat rate(country: "FR")', {**host}) == Decimal("0.39")
    assert feel.evaluate("__import__(1)") is None
    assert feel.evaluate('"a".__class__') is None
    assert feel.evaluate("x.upper", {"x": "a"}) is None


def test_a_python_function_that_refuses_is_null_with_its_reason() -> None:
    """ValueError and its like are the host's way to say that there is no answer."""

    def refuse(value: object) -> object:
        raise ValueError(f"no answer for {value}")

    host = feel.HostFunctions()
    host.register("ask", refuse)
    reasons: list[feel.Reason] = []
    assert feel.evaluate("ask(5)", {**host}, reasons=reasons) is None
    assert reasons[0].message == "ask: no answer for 5"


def test_a_name_is_registered_once() -> None:
    """Registering a name again is a mistake of the host."""
    host = feel.HostFunctions()
    host.register("f", abs)
    with pytest.raises(ValueError, match="registered already"):
        host.register("f", abs)


def test_a_function_outlives_the_evaluation_that_made_it() -> None:
    """A closure that another evaluation calls notes its reasons there, and its errors stay nulls."""
    made = feel.evaluate("{d: 0, f: function(n) n / d}.f")
    reasons: list[feel.Reason] = []
    assert feel.evaluate("f(1)", {"f": made}, reasons=reasons) is None
    assert reasons[0].kind is feel.ReasonKind.DIVISION_BY_ZERO


def test_extensions_are_kept_apart() -> None:
    """Camunda's functions are no part of the standard's, and replace none of them."""
    assert "trim" in FUNCTIONS
    assert "trim" not in STANDARD_FUNCTIONS
    assert all(
        FUNCTIONS[name].overloads[: len(own.overloads)] == own.overloads for name, own in STANDARD_FUNCTIONS.items()
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is defined(x)", False),
        ("is defined(x.y)", False),
        ("is defined(1 / 0)", False),
        ("if is defined(x) then x + 1 else 0", 0),
        ("if false then x else 1", 1),
        ("get or else(x.y, 5)", 5),
        ("for i in [1] return is defined(x)", [False]),
    ],
)
def test_what_is_asked_for_null_gives_no_reason(text: str, expected: object) -> None:
    """Where a null is the question, or does no harm, nothing went wrong."""
    reasons: list[feel.Reason] = []
    assert feel.evaluate(text, reasons=reasons) == expected
    assert reasons == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("[x, is defined(x)]", ["x"]),
        ("[is defined(x), x]", ["x"]),
        ("get or else(x, y)", ["x", "y"]),
        ("is defined([x])", ["x"]),
        ("is defined(value: x)", ["x"]),
    ],
)
def test_other_nulls_keep_their_reasons(text: str, missing: list[str]) -> None:
    """What is null elsewhere, or in spite of a default, says why."""
    reasons: list[feel.Reason] = []
    feel.evaluate(text, reasons=reasons)
    assert [reason.span.text for reason in reasons] == missing
