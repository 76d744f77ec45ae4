"""Camunda 8's other forms of standard functions: more arguments, other names of parameters, older names.

They are extensions like those of `extensions`, and are switched off together with them.
"""

import decimal
from decimal import Decimal

from app.feel.builtins import contexts, conversions, lists, numbers, strings
from app.feel.builtins.registry import Registry
from app.feel.frame import MAX_LENGTH, Failure, Frame, ReasonKind
from app.feel.temporal import DaysAndTime, YearsAndMonths
from app.feel.text import quoted

FUNCTIONS = Registry()
function = FUNCTIONS.function

Context = dict[str, object]

_ROUNDINGS = {
    name.removeprefix("ROUND_"): name
    for name in (
        decimal.ROUND_UP,
        decimal.ROUND_DOWN,
        decimal.ROUND_CEILING,
        decimal.ROUND_FLOOR,
        decimal.ROUND_HALF_UP,
        decimal.ROUND_HALF_DOWN,
        decimal.ROUND_HALF_EVEN,
    )
}


# --- more arguments ---


@function("number(from: string, grouping separator: string)")
def number(text: str, grouping: str) -> Decimal:
    return conversions.number(text, grouping, None)


@function("string join(list: list, delimiter: string|null, prefix: string|null, suffix: string|null)")
def string_join(items: list[object], delimiter: str | None, prefix: str | None, suffix: str | None) -> str:
    """The strings of the list with the delimiter between, and a text before and behind all of them."""
    joined = f"{prefix or ''}{strings.string_join(items, delimiter)}{suffix or ''}"
    if len(joined) > MAX_LENGTH:
        raise Failure(f"Expected at most {MAX_LENGTH:,} characters, but found {len(joined):,}.", ReasonKind.LIMIT)
    return joined


@function(
    "context merge(context 1: context, context 2: context, *contexts: context)",
    "put all(context 1: context, context 2: context, *contexts: context)",
)
def context_merge(*merged: Context) -> Context:
    """Several contexts in place of one list; none at all are no arguments (the public kit, 1147)."""
    return contexts.context_merge(list(merged))


@function("decimal(n: number, scale: number, mode: string)")
def decimal_(value: Decimal, scale: Decimal, mode: str) -> Decimal:
    """Rounded as Java's rounding mode says; UNNECESSARY is null where digits would be lost."""
    if mode.upper() == "UNNECESSARY":
        rounded = numbers.rounded(value, scale, decimal.ROUND_DOWN)
        if rounded != value:
            raise Failure(f"Expected a number with at most {scale} decimals, but found {value}.")
        return rounded
    rounding = _ROUNDINGS.get(mode.upper())
    if rounding is None:
        raise Failure(f"Expected one of {', '.join(_ROUNDINGS)}, but found {quoted(mode[:60])}.")
    return numbers.rounded(value, scale, rounding)


# --- other names of parameters ---


@function("abs(number: number|duration)")
def absolute(value: Decimal | DaysAndTime | YearsAndMonths) -> Decimal | DaysAndTime | YearsAndMonths:
    return numbers.absolute(value)


@function("get value(context: context, key: string)", constant=True)
def get_value(context: Context, key: str) -> object:
    return contexts.get_value(context, key)


@function("get entries(context: context)", frame=True)
def get_entries(frame: Frame, context: Context) -> list[object]:
    return contexts.get_entries(frame, context)


@function("union(*lists: list)", frame=True)
def union(frame: Frame, *several: list[object]) -> list[object]:
    return lists.union(frame, *several)


@function("concatenate(*lists: list)", frame=True)
def concatenate(frame: Frame, *several: list[object]) -> list[object]:
    return lists.concatenate(frame, *several)


# --- older names ---


@function("put(context: context, key: string, value: any)")
def put(context: Context, key: str, value: object) -> Context:
    return contexts.context_put(context, key, value)


@function("put all(contexts: list)")
def put_all(merged: list[object]) -> Context:
    return contexts.context_merge(merged)


@function("and(*list: any)")
def and_(*items: object) -> bool | None:
    return lists.all_(*items)


@function("or(*list: any)")
def or_(*items: object) -> bool | None:
    return lists.any_(*items)
