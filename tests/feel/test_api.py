"""What a Python developer calls: evaluate, unary_test, compile, and what goes in and comes out."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, getcontext
from zoneinfo import ZoneInfo

import pytest

from app import feel
from app.feel import types

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def test_the_names_in_scope_are_the_keys_of_the_variables() -> None:
    """evaluate() knows names with spaces without being told, inside contexts and lists too."""
    variables = {"Order Total": 10, "lines": [{"Unit Price": 3}, {"Unit Price": 4}]}
    assert feel.evaluate("Order Total + sum(lines.Unit Price)", variables) == 17


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, Decimal(1)),
        (0.1, Decimal("0.1")),
        (True, True),
        ("a", "a"),
        (None, None),
        ((1, 2.5), [Decimal(1), Decimal("2.5")]),
        ({"a": [1]}, {"a": [Decimal(1)]}),
        (date(2026, 1, 5), feel.Date(2026, 1, 5)),
        (time(9, 30), feel.Time(34_200_000_000_000)),
        (NOW, feel.DateAndTime(feel.Date(2026, 1, 5), 34_200_000_000_000, 0)),
        (
            datetime(2026, 1, 5, tzinfo=ZoneInfo("Europe/Paris")),
            feel.DateAndTime(feel.Date(2026, 1, 5), 0, None, "Europe/Paris"),
        ),
        (timedelta(hours=1), feel.DaysAndTime(3_600_000_000_000)),
    ],
    ids=repr,
)
def test_ordinary_python_values_become_feel_values(value: object, expected: object) -> None:
    """int, float through its repr, tuples and datetime's types are admitted wherever they stand."""
    assert feel.evaluate("x", {"x": value}) == expected
    assert type(feel.evaluate("x", {"x": value})) is type(expected)
    assert feel.evaluate("x.y[1]", {"x": {"y": [value, value]}}) == (
        expected if not isinstance(expected, list) or len(expected) > 1 else expected[0]
    )


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 10**7000, object(), {1: 2}],
    ids=["nan", "inf", "large-int", "object", "number-key"],
)
def test_what_feel_cannot_hold_is_an_error_of_the_caller(value: object) -> None:
    """A value without a FEEL counterpart raises TypeError instead of becoming something else."""
    with pytest.raises(TypeError, match="Expected"):
        feel.evaluate("[x][1]", {"x": [value]})


def test_a_mistake_in_the_text_says_where_and_why() -> None:
    """FeelSyntaxError carries a diagnostic with line and column from 1."""
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile("1 +\n  then")
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.line, diagnostic.column) == (2, 3)
    assert diagnostic.message == "Expected an expression, but found `then`."


def test_a_null_says_why_and_where() -> None:
    """A reason has a kind, a sentence, and the place in the expression."""
    reasons: list[feel.Reason] = []
    assert feel.evaluate("1 + (2 / zero)", {"zero": 0}, reasons=reasons) is None
    assert [(reason.kind, reason.start, reason.end) for reason in reasons] == [
        (feel.ReasonKind.DIVISION_BY_ZERO, 5, 13),
        (feel.ReasonKind.NULL_OPERAND, 0, 14),
    ]
    assert reasons[0].message == "Expected a divisor other than zero, but found 0."


def test_each_reason_is_given_once() -> None:
    """A division by zero lets the engine evaluate once more, in careful code; its reasons are not told twice."""
    reasons: list[feel.Reason] = []
    feel.evaluate('["a" + 1, x / y, null < 1]', {"x": 1, "y": 0}, reasons=reasons)
    assert [reason.kind.value for reason in reasons] == ["wrong-type", "division-by-zero", "null-operand"]


def test_a_reason_that_arises_again_is_kept_once() -> None:
    """A loop that meets the same null a thousand times says so once for each place, in the order of appearance."""
    reasons: list[feel.Reason] = []
    feel.evaluate("some i in 1..1000 satisfies i + none > 1", {"none": None}, reasons=reasons)
    assert [(reason.kind.value, reason.start) for reason in reasons] == [
        ("null-operand", 28),
        ("null-operand", 28),
        ("wrong-type", 0),
    ]
    assert len(set(reasons)) == 3


def test_the_same_words_at_another_place_are_another_reason() -> None:
    """Two divisions by zero in one expression are two reasons."""
    reasons: list[feel.Reason] = []
    feel.evaluate("for i in 1..3 return [1 / 0, 2 / 0]", reasons=reasons)
    assert [(reason.start, reason.end) for reason in reasons] == [(22, 27), (29, 34)]


def test_reasons_are_bounded() -> None:
    """However many nulls arise, only so many reasons are kept."""
    reasons: list[feel.Reason] = []
    feel.evaluate("for i in 2..50000 return [0][i]", reasons=reasons)
    assert len(reasons) == 10_000


def test_now_and_today_are_what_they_are_told() -> None:
    """An evaluation with `now` reads no clock, and answers the same moment throughout."""
    expression = feel.compile("[string(now()), string(today()), now() = now()]")
    assert expression.evaluate(now=NOW) == ["2026-01-05T09:30:00Z", "2026-01-05", True]


def test_an_expression_knows_its_names() -> None:
    """`names` are the free names, `unknown` those that the scope does not declare."""
    expression = feel.compile("for x in list return x + rate + count(list)", ["list"])
    assert expression.names == {"list", "rate"}
    assert expression.unknown == {"rate"}


def test_extensions_can_be_switched_off() -> None:
    """Without extensions, Camunda's functions are unknown and the standard ones remain."""
    assert feel.compile('trim(" a ")').evaluate() == "a"
    reasons: list[feel.Reason] = []
    assert feel.compile('trim(" a ")', extensions=False).evaluate(reasons=reasons) is None
    assert reasons[-1].kind is feel.ReasonKind.UNKNOWN_FUNCTION
    assert feel.compile('upper case("a")', extensions=False).evaluate() == "A"


@pytest.mark.parametrize(
    "text",
    [
        'number("1,5", ",")',
        'date and time(@"2020-01-01T00:00:00Z", "Z")',
        'string join(["a"], "", "<", ">")',
        "context merge({a: 1}, {b: 2})",
        "union(lists: [[1], [2]])",
        'get value(context: {a: 1}, key: "a")',
        "abs(number: -1)",
        'put({}, "a", 1)',
        "put all([{a: 1}])",
        'from base64("YQ==")',
        'decimal(2.5, 0, "UP")',
    ],
)
def test_forms_of_standard_functions_are_extensions_too(text: str) -> None:
    """What Camunda adds to a standard function has a value with extensions, and none without."""
    assert feel.compile(text).evaluate() is not None
    assert feel.compile(text, extensions=False).evaluate() is None


def test_and_and_or_are_no_functions_without_extensions() -> None:
    """The reserved words begin an expression only as Camunda's functions."""
    assert feel.compile("and([true])").evaluate() is True
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile("and([true])", extensions=False)


def test_declared_types_change_the_speed_and_not_the_answer() -> None:
    """With and without declared types, and whatever the values turn out to be, the answers agree."""
    text = 'if amount > 100 and status = "gold" then amount * 0.9 else amount'
    declared = feel.compile(text, types={"amount": types.NUMBER, "status": types.STRING})
    for amount in (150, 50, None, "x", True, [1]):
        for status in ("gold", "silver", None, 5):
            variables = {"amount": amount, "status": status}
            assert declared.evaluate(variables) == feel.compile(text).evaluate(variables)
    assert declared.evaluate({}) is None


def test_a_variable_of_an_unexpected_class_is_no_obstacle() -> None:
    """The compiler guesses what operators expect; a wrong guess still yields FEEL's answer."""
    expression = feel.compile("due - 1")
    assert expression.evaluate({"due": 3}) == 2
    assert expression.evaluate({"due": feel.Date(2026, 1, 1)}) is None
    assert feel.compile("due - step").evaluate(
        {"due": feel.Date(2026, 1, 2), "step": feel.DaysAndTime(86_400_000_000_000)}
    ) == feel.Date(2026, 1, 1)


def test_the_callers_decimal_context_is_neither_read_nor_changed() -> None:
    """34 digits are FEEL's, whatever precision the thread has chosen for itself."""
    before = getcontext().copy()
    getcontext().prec = 5
    try:
        assert str(feel.evaluate("1 / 3")) == "0." + "3" * 34
        assert str(feel.evaluate("-(1 / 3)")) == "-0." + "3" * 34
        assert str(feel.evaluate("sum([1/3, 1/3])")) == "0." + "6" * 34
        assert getcontext().prec == 5
    finally:
        getcontext().prec = before.prec


def test_one_expression_serves_many_threads() -> None:
    """An expression is shared between threads from its first evaluation on."""
    expression = feel.compile("count(for i in 1..n return i / 7)")
    answers: list[object] = []

    def work() -> None:
        answers.extend(expression.evaluate({"n": n}) for n in range(1, 30))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(Decimal(n) for n in range(1, 30) for _ in range(4))  # type: ignore[type-var]


def test_a_result_that_a_caller_changes_does_not_change_the_next() -> None:
    """Literals in an expression are made anew by each evaluation."""
    expression = feel.compile('[1, {a: "x"}]')
    first = expression.evaluate()
    assert isinstance(first, list)
    first.append("changed")
    first[1]["a"] = "changed"
    assert expression.evaluate() == [1, {"a": "x"}]


def test_unary_tests_are_compiled_once_and_asked_often() -> None:
    """`test` answers true, false, or null with a reason."""
    tests = feel.compile_unary_tests("[18..limit], > 100", ["limit"])
    assert [tests.test(value, {"limit": 65}) for value in (18, 66, 101)] == [True, False, True]
    reasons: list[feel.Reason] = []
    assert tests.test(None, {"limit": 65}, reasons=reasons) is None
    assert reasons[0].kind is feel.ReasonKind.NULL_OPERAND


def test_a_kept_method_compiles_once() -> None:
    """Whoever keeps `evaluate` from before the first evaluation runs the same code as everybody."""
    expression = feel.compile("a + 1")
    kept = expression.evaluate
    assert [kept({"a": 1}), kept({"a": 2}), expression.evaluate({"a": 3})] == [2, 3, 4]
    code = expression.evaluate
    kept({"a": 1})
    assert expression.evaluate is code


def test_a_syntax_error_pickles() -> None:
    """Errors travel between processes."""
    import pickle  # noqa: PLC0415 - only this test needs it

    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile("1 +")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own bytes


@pytest.mark.parametrize("call", [feel.compile, feel.compile_unary_tests], ids=["expression", "tests"])
def test_compiling_only_reads(call: Callable[[str], object]) -> None:
    """Compiling evaluates nothing: an expression that cannot be evaluated compiles."""
    assert call("1 / 0") is not None


@pytest.mark.parametrize("text", ['"a', '"a\\"', '"', '"a\\\\\\"'])
def test_a_string_that_is_not_closed_is_refused(text: str) -> None:
    """An escaped quotation mark closes nothing."""
    with pytest.raises(feel.FeelSyntaxError, match="closing quotation mark"):
        feel.compile(text)
