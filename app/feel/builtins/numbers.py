"""Numeric functions (DMN 1.5, 10.3.4.5). Results outside FEEL's numbers are null."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from app.feel.builtins.registry import Registry
from app.feel.frame import Failure, ReasonKind
from app.feel.temporal import DaysAndTime, YearsAndMonths
from app.feel.values import ARITHMETIC, whole

FUNCTIONS = Registry()
function = FUNCTIONS.function

MIN_SCALE, MAX_SCALE = -6111, 6176
_WIDE = Context(prec=7000, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999, traps=[])


def rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """`number` with `scale` digits after the point; `scale` is truncated and may be negative."""
    digits = whole(scale)
    if not MIN_SCALE <= digits <= MAX_SCALE:
        message = f"Expected a scale from {MIN_SCALE} to {MAX_SCALE}, but found {digits}."
        raise Failure(message, ReasonKind.OUT_OF_RANGE)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -digits:
        return number
    return ARITHMETIC.plus(number.quantize(Decimal((0, (1,), -digits)), rounding, _WIDE))


@function("decimal(n: number, scale: number)")
def decimal_(number: Decimal, scale: Decimal) -> Decimal:
    return rounded(number, scale, ROUND_HALF_EVEN)


@function("floor(n: number, scale?: number)")
def floor(number: Decimal, scale: Decimal | None) -> Decimal:
    return rounded(number, scale or Decimal(0), ROUND_FLOOR)


@function("ceiling(n: number, scale?: number)")
def ceiling(number: Decimal, scale: Decimal | None) -> Decimal:
    return rounded(number, scale or Decimal(0), ROUND_CEILING)


@function("round up(n: number, scale: number)")
def round_up(number: Decimal, scale: Decimal) -> Decimal:
    return rounded(number, scale, ROUND_UP)


@function("round down(n: number, scale: number)")
def round_down(number: Decimal, scale: Decimal) -> Decimal:
    return rounded(number, scale, ROUND_DOWN)


@function("round half up(n: number, scale: number)")
def round_half_up(number: Decimal, scale: Decimal) -> Decimal:
    return rounded(number, scale, ROUND_HALF_UP)


@function("round half down(n: number, scale: number)")
def round_half_down(number: Decimal, scale: Decimal) -> Decimal:
    return rounded(number, scale, ROUND_HALF_DOWN)


@function("abs(n: number|duration)")
def absolute(value: Decimal | DaysAndTime | YearsAndMonths) -> Decimal | DaysAndTime | YearsAndMonths:
    if isinstance(value, DaysAndTime):
        return DaysAndTime(abs(value.nanos))
    if isinstance(value, YearsAndMonths):
        return YearsAndMonths(abs(value.months))
    return ARITHMETIC.abs(value)


@function("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the divisor's sign: ``dividend - divisor * floor(dividend / divisor)``."""
    if not divisor:
        raise Failure("Expected a divisor other than zero, but found 0.", ReasonKind.DIVISION_BY_ZERO)
    if dividend.adjusted() - divisor.adjusted() > 6000:
        raise Failure("Expected operands of like size, but found others.", ReasonKind.OUT_OF_RANGE)
    remainder = _WIDE.remainder(dividend, divisor)
    if remainder and (remainder < 0) is not (divisor < 0):
        remainder = _WIDE.add(remainder, divisor)
    return ARITHMETIC.plus(remainder)


@function("sqrt(number: number)")
def sqrt(number: Decimal) -> Decimal:
    if number < 0:
        raise Failure(f"Expected a number from 0, but found {number}.", ReasonKind.OUT_OF_RANGE)
    return ARITHMETIC.sqrt(number)


@function("log(number: number)")
def log(number: Decimal) -> Decimal:
    if number <= 0:
        raise Failure(f"Expected a number above 0, but found {number}.", ReasonKind.OUT_OF_RANGE)
    return ARITHMETIC.ln(number)


@function("exp(number: number)")
def exp(number: Decimal) -> Decimal:
    return ARITHMETIC.exp(number)


@function("odd(number: number)")
def odd(number: Decimal) -> bool:
    return _is_integer(number) and _last_digit(number) % 2 == 1


@function("even(number: number)")
def even(number: Decimal) -> bool:
    return _is_integer(number) and _last_digit(number) % 2 == 0


def _is_integer(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _last_digit(number: Decimal) -> int:
    """The last digit of an integer, without writing out one that ends in thousands of zeros."""
    exponent = number.as_tuple().exponent
    return 0 if isinstance(exponent, int) and exponent > 0 else int(number) % 10
