"""FEEL's speed: ``python -m bench.feel``. Medians of one run; compare ratios, not machines.

The expression is the one that the issue names, evaluated through `Expression.evaluate`: first in the thread's own
decimal context, as any caller does, then within `feel.arithmetic()`, as a program does that evaluates much. For scale,
the same rule is measured as plain Python on decimals, the least that any engine on these values could take.

To compile is to read the text and to make the code object. An expression of a known shape, that is, one that differs
from an earlier one in its numbers, strings and names only, has its code already. The mix are the distinct expressions
of `tests/feel/cases`, which were written to prove the language, each compiled once, from an empty memory; of the new
shapes, made from the issue's expression with other operators, no two are alike.
"""

import gc
from collections.abc import Callable
from decimal import Decimal
from itertools import count, product
from statistics import median
from time import thread_time_ns

from app import feel
from app.feel import types
from app.feel.compiler import forget
from app.feel.names import Scope
from app.feel.parser import parse
from app.feel.values import ARITHMETIC
from tests.feel.case_files import FOLDER, read_cases

TEXT = 'if amount > 100 and status = "gold" then amount * 0.9 else amount'
DISCOUNT: dict[str, object] = {"amount": Decimal(150), "status": "gold"}
NO_DISCOUNT: dict[str, object] = {"amount": Decimal(50), "status": "gold"}
RUNS = 75


def nanoseconds(*calls: Callable[[], object], repeat: int) -> list[float]:
    """The median processor time of one call of each, the loop's own taken away: other processes do not count.

    They are measured in turn, so that what slows the machine down for a while slows down all of them. `repeat` calls
    should last a few milliseconds. Longer samples hold pauses of the machine itself, if it is a virtual one, which
    count as processor time.
    """

    def sample(function: Callable[[], object]) -> float:
        start = thread_time_ns()
        for _ in range(repeat):
            function()
        return (thread_time_ns() - start) / repeat

    for call in calls:
        call()
    gc.collect()
    gc.disable()
    try:
        rounds = [[sample(call) for call in (_nothing, *calls)] for _ in range(RUNS)]
    finally:
        gc.enable()
    loop, *taken = (median(samples) for samples in zip(*rounds, strict=True))
    return [max(each - loop, 0.1) for each in taken]


def _nothing() -> None:
    pass


def _evaluation(variables: dict[str, object], declared: dict[str, types.Type] | None) -> tuple[float, float]:
    """The time of an evaluation, and how it compares with plain Python that computes the same."""
    expression = feel.compile(TEXT, types=declared)
    expression.evaluate(variables)
    taken, plain = nanoseconds(lambda: expression.evaluate(variables), lambda: _plain_python(variables), repeat=8_000)
    return taken, taken / plain


def _guarded() -> float:
    """The code that runs where a variable is of another class than its operators expect: here a null amount."""
    expression = feel.compile(TEXT)
    return nanoseconds(lambda: expression.evaluate({"amount": None, "status": "gold"}), repeat=3_000)[0]


_HUNDRED, _RATE, _MULTIPLY = Decimal(100), Decimal("0.9"), ARITHMETIC.multiply


def _plain_python(variables: dict[str, object]) -> object:
    amount = variables["amount"]
    if amount > _HUNDRED and variables["status"] == "gold":  # type: ignore[operator]
        return _MULTIPLY(amount, _RATE)  # type: ignore[arg-type]
    return amount


def _known() -> object:
    """Compile a text of a known shape."""
    return feel.compile(TEXT).prepare()


_serial = count()


def _renamed() -> object:
    """Compile a text whose variables nobody has named before."""
    number = next(_serial)
    return feel.compile(TEXT.replace("amount", f"amount{number}").replace("status", f"status{number}")).prepare()


def _mix() -> list[str]:
    """The distinct expressions of our own tests that are neither unary tests nor refused."""
    texts: dict[str, None] = {}
    for case in (case for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path) if case.input is None):
        try:
            feel.compile(case.text)
        except feel.FeelSyntaxError:
            continue
        texts[case.text] = None
    return list(texts)


def _shapes() -> list[str]:
    """Expressions as long as the issue's, each with operators of its own."""
    comparisons, joints, operations = ("=", "!=", "<", "<=", ">", ">="), ("and", "or"), "+-*/"
    return [
        f'if amount {one} 100 {joint} status {other} "gold" then amount {operation} 0.9 else {otherwise}'
        for one, other, joint, operation, otherwise in product(
            comparisons, comparisons, joints, operations, ("amount", "status", "null", "0")
        )
    ]


def _a_second(texts: list[str]) -> float:
    """How many of the texts a second are compiled, each once, from an empty memory."""
    samples = []
    for _ in range(7):
        forget()
        gc.collect()
        gc.disable()
        start = thread_time_ns()
        for text in texts:
            feel.compile(text).prepare()
        samples.append((thread_time_ns() - start) / len(texts))
        gc.enable()
    return 1e9 / median(samples)


def _once() -> object:
    return feel.compile(TEXT).evaluate(DISCOUNT)


def _reasons() -> tuple[float, float]:
    """A loop of 10,000 nulls, without and with somebody who listens, in microseconds."""
    expression = feel.compile("for i in 1..10000 return i + null")
    silent, heard = nanoseconds(expression.evaluate, lambda: expression.evaluate(reasons=[]), repeat=3)
    return silent / 1000, heard / 1000


def _evaluations() -> None:
    declared: dict[str, types.Type] = {"amount": types.NUMBER, "status": types.STRING}
    for title, variables, given, target in (
        ("generic, discount", DISCOUNT, None, 450),
        ("generic, no discount", NO_DISCOUNT, None, 450),
        ("declared types, discount", DISCOUNT, declared, 200),
        ("declared types, no discount", NO_DISCOUNT, declared, 200),
    ):
        taken, ratio = _evaluation(variables, given)
        print(f"evaluate, {title:35}{taken:9.0f} ns   target {target}   {ratio:.2f}x plain Python")


def main() -> None:
    """Print every figure with its target."""
    _evaluations()
    print("within feel.arithmetic():")
    with feel.arithmetic():
        _evaluations()
    print(f"evaluate, a null amount                      {_guarded():9.0f} ns")
    scope = Scope(closed=False)
    (parsing,) = nanoseconds(lambda: parse(TEXT, scope), repeat=150)
    print(f"parse                                        {1e9 / parsing:9.0f} a second   target 80,000")
    known, renamed, once = nanoseconds(_known, _renamed, _once, repeat=20)
    for title, rate in (
        ("parse and compile to code, a known shape", 1e9 / known),
        ("parse and compile to code, other names", 1e9 / renamed),
        ("parse, compile and evaluate once", 1e9 / once),
        ("parse and compile to code, the mix", _a_second(_mix())),
        ("parse and compile to code, new shapes only", _a_second(_shapes())),
    ):
        print(f"{title:45}{rate:9.0f} a second   target 10,000")
    silent, heard = _reasons()
    print(f"10,000 nulls in a loop, reasons kept         {heard:9.0f} us   {heard / silent:.2f}x without")


if __name__ == "__main__":
    main()
