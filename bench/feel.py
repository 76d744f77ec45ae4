"""FEEL's speed: ``python -m bench.feel``. Medians of one run; compare ratios, not machines.

The expression is the one that the issue names, evaluated through `Expression.evaluate`: first in the thread's own
decimal context, as any caller does, then within `feel.arithmetic()`, as a program does that evaluates much. For scale,
the same rule is measured as plain Python on decimals, the least that any engine on these values could take.

To compile is to read the text and to make the code object. An expression whose tree is known, such as one that differs
from an earlier one in its numbers only, has its code already; of the others, that is `new` ones, no two are alike.
"""

import gc
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from statistics import median
from time import thread_time_ns

from app import feel
from app.feel import types
from app.feel.names import Scope
from app.feel.parser import parse
from app.feel.values import ARITHMETIC

TEXT = 'if amount > 100 and status = "gold" then amount * 0.9 else amount'
DISCOUNT: dict[str, object] = {"amount": Decimal(150), "status": "gold"}
NO_DISCOUNT: dict[str, object] = {"amount": Decimal(50), "status": "gold"}
RUNS = 75


def nanoseconds(call: Callable[[], object], repeat: int) -> float:
    """The median processor time of one call, the loop's own taken away: other processes do not count.

    `repeat` calls should last a few milliseconds. Longer samples hold pauses of the machine itself, if it is a virtual
    one, which count as processor time.
    """

    def loop(function: Callable[[], object]) -> float:
        samples = []
        for _ in range(RUNS):
            start = thread_time_ns()
            for _ in range(repeat):
                function()
            samples.append((thread_time_ns() - start) / repeat)
        return median(samples)

    call()
    gc.collect()
    gc.disable()
    try:
        return max(loop(call) - loop(_nothing), 0.1)
    finally:
        gc.enable()


def _nothing() -> None:
    pass


def _evaluation(variables: dict[str, object], declared: dict[str, types.Type] | None) -> float:
    evaluate = feel.compile(TEXT, types=declared)
    evaluate.evaluate(variables)
    return nanoseconds(lambda: evaluate.evaluate(variables), 8_000)


def _guarded() -> float:
    """The code that runs where a variable is of another class than its operators expect: here a null amount."""
    expression = feel.compile(TEXT)
    return nanoseconds(lambda: expression.evaluate({"amount": None, "status": "gold"}), 3_000)


def _plain_python() -> float:
    hundred, rate, multiply = Decimal(100), Decimal("0.9"), ARITHMETIC.multiply

    def rule(variables: dict[str, Decimal]) -> Decimal:
        amount = variables["amount"]
        return multiply(amount, rate) if amount > hundred and variables["status"] == "gold" else amount

    return nanoseconds(lambda: rule(DISCOUNT), 8_000)  # type: ignore[arg-type]


def _known() -> object:
    """Compile a text whose tree is known."""
    return feel.compile(TEXT).prepare()


_serial = count()


def _new() -> object:
    """Compile a text whose code nobody has made before: its variables have names of their own."""
    number = next(_serial)
    return feel.compile(TEXT.replace("amount", f"amount{number}").replace("status", f"status{number}")).prepare()


def _once() -> object:
    return feel.compile(TEXT).evaluate(DISCOUNT)


def _reasons() -> tuple[float, float]:
    """A loop of 10,000 nulls, without and with somebody who listens, in microseconds."""
    expression = feel.compile("for i in 1..10000 return i + null")
    silent = nanoseconds(expression.evaluate, 3)
    return silent / 1000, nanoseconds(lambda: expression.evaluate(reasons=[]), 3) / 1000


def _evaluations(plain: float) -> None:
    declared: dict[str, types.Type] = {"amount": types.NUMBER, "status": types.STRING}
    for title, variables, given, target in (
        ("generic, discount", DISCOUNT, None, 450),
        ("generic, no discount", NO_DISCOUNT, None, 450),
        ("declared types, discount", DISCOUNT, declared, 200),
        ("declared types, no discount", NO_DISCOUNT, declared, 200),
    ):
        taken = _evaluation(variables, given)
        print(f"evaluate, {title:35}{taken:9.0f} ns   target {target}   {taken / plain:.1f}x plain Python")


def main() -> None:
    """Print every figure with its target."""
    plain = _plain_python()
    print(f"plain Python on decimals, for scale          {plain:9.0f} ns")
    _evaluations(plain)
    print("within feel.arithmetic():")
    with feel.arithmetic():
        _evaluations(plain)
    print(f"evaluate, a null amount                      {_guarded():9.0f} ns")
    scope = Scope(closed=False)
    parsing = nanoseconds(lambda: parse(TEXT, scope), 150)
    print(f"parse                                        {1e9 / parsing:9.0f} a second   target 80,000")
    for title, call in (
        ("parse and compile to code, a known tree", _known),
        ("parse and compile to code, a new tree", _new),
        ("the same and evaluate once, a known tree", _once),
    ):
        print(f"{title:45}{1e9 / nanoseconds(call, 20):9.0f} a second   target 10,000")
    silent, heard = _reasons()
    print(f"10,000 nulls in a loop, reasons kept         {heard:9.0f} us   {heard / silent:.2f}x without")


if __name__ == "__main__":
    main()
