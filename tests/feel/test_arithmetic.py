"""The decimal context in which expressions compute, whatever the thread's own is: `feel.arithmetic`."""

from collections.abc import Iterator
from decimal import ROUND_UP, Context, Decimal, Inexact, getcontext, localcontext, setcontext
from threading import Thread

import pytest

from app import feel
from app.feel import types

THIRD = Decimal("0." + "3" * 34)
NARROW = Context(prec=2, rounding=ROUND_UP)
TYPES = {"a": types.NUMBER, "b": types.NUMBER}
VARIABLES = {"a": THIRD, "b": Decimal(2)}
DOUBLED = Decimal("0." + "6" * 34)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a * b", DOUBLED),
        ("a + a", DOUBLED),
        ("a - b + b", Decimal("0." + "3" * 33)),
        ("b / 3", Decimal("0." + "6" * 33 + "7")),
        ("(for i in 1..2 return a * b)[2]", DOUBLED),
        ("a / (b - b)", None),
        ('a * b + "x"', None),
    ],
)
def test_the_context_of_the_thread_changes_no_value(text: str, value: object) -> None:
    """Compiled inside or outside of `arithmetic`, evaluated there or under any other context: one value."""
    outside = feel.compile(text, types=TYPES)
    outside.evaluate(VARIABLES)
    with feel.arithmetic():
        inside = feel.compile(text, types=TYPES)
        assert (inside.evaluate(VARIABLES), outside.evaluate(VARIABLES)) == (value, value)
    with localcontext(NARROW):
        assert (inside.evaluate(VARIABLES), outside.evaluate(VARIABLES)) == (value, value)


@pytest.mark.parametrize("number", ["9e6144", "1e-6143"])
def test_what_leaves_the_numbers_of_feel_does_so_inside_too(number: str) -> None:
    """Beyond 10^6145 there is null with a reason, below 10^-6176 there is zero."""
    answers = []
    for text in ("a * a", "(function(x) x * x)(a)"):
        with feel.arithmetic():
            reasons: list[feel.Reason] = []
            value = feel.compile(text, types=TYPES).evaluate({"a": Decimal(number)}, reasons=reasons)
            answers.append((value, [reason.kind for reason in reasons]))
    assert answers[0] == answers[1]
    assert answers[0] == ((None, [feel.ReasonKind.OUT_OF_RANGE]) if number == "9e6144" else (Decimal("0e-6176"), []))


def test_the_thread_has_its_own_context_again_afterwards() -> None:
    """Also where the block ends by an exception, and where blocks nest."""
    with localcontext(NARROW) as own:
        with feel.arithmetic(), feel.arithmetic():
            assert getcontext() is not own
        assert getcontext() is own
        with pytest.raises(LookupError), feel.arithmetic():
            raise LookupError
        assert getcontext() is own


def test_an_evaluation_leaves_the_context_alone() -> None:
    """Neither object nor contents change, outside of `arithmetic`."""
    with localcontext(NARROW) as own:
        feel.evaluate("a / 3 + a ** 2", {"a": 10})
        assert getcontext() is own
        assert (own.prec, own.rounding) == (2, ROUND_UP)


def test_another_thread_is_not_inside() -> None:
    """An expression that was compiled inside is right in a thread that has a context of its own."""
    values: list[object] = []
    with feel.arithmetic():
        expression = feel.compile("a * b", types=TYPES)
        expression.evaluate(VARIABLES)

        def work() -> None:
            setcontext(NARROW.copy())
            values.append(expression.evaluate(VARIABLES))

        thread = Thread(target=work)
        thread.start()
        thread.join()
    assert values == [DOUBLED]


def test_a_suspended_generator_may_be_inside() -> None:
    """Its context is the thread's while it waits, as with `localcontext`; values stay right, and so does the end."""

    def numbers() -> Iterator[object]:
        with feel.arithmetic():
            yield feel.evaluate("a * b", VARIABLES)
            yield feel.evaluate("a * b", VARIABLES)

    with localcontext(NARROW) as own:
        expression = feel.compile("a * b", types=TYPES)
        assert [(value, expression.evaluate(VARIABLES)) for value in numbers()] == [(DOUBLED, DOUBLED)] * 2
        assert getcontext() is own


def test_functions_of_the_host_may_change_the_context_and_evaluate() -> None:
    """What follows such a call in the same expression is right, whoever made the call."""

    def narrowing(first: object, second: object) -> bool:
        setcontext(NARROW.copy())
        return feel.evaluate("a * b", VARIABLES) == DOUBLED and first < second  # type: ignore[operator]

    host = feel.HostFunctions()
    host.register("narrowing", narrowing)
    for call in ("sort([1, 2], narrowing)[1]", "if narrowing(1, 2) then 1 else 0"):
        with feel.arithmetic():
            expression = feel.compile(f"[{call}, a * b][2]", types=TYPES)
            assert expression.evaluate({**VARIABLES, **host}) == DOUBLED


def test_the_context_refuses_to_be_changed() -> None:
    """Threads share it and compiled code relies on it; a changed copy is what `localcontext` gives."""
    with feel.arithmetic():
        with pytest.raises(AttributeError, match="localcontext"):
            getcontext().prec = 5
        with pytest.raises(AttributeError, match="localcontext"):
            getcontext().clear_traps()
        getcontext().traps[Inexact] = True
        assert feel.evaluate("1 / 3") == THIRD
        with localcontext() as copy:
            copy.prec = 2
            assert Decimal(1) / 3 == Decimal("0.33")
