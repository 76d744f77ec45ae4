"""Camunda 8's additions to FEEL (docs.camunda.io, FEEL built-in functions). They can be switched off per expression."""

import base64
from collections import Counter
from decimal import Decimal
from random import SystemRandom
from uuid import UUID

from app.feel.builtins.identities import Identities
from app.feel.builtins.lists import distinct
from app.feel.builtins.patterns import groups_found, pattern_of
from app.feel.builtins.registry import Registry
from app.feel.frame import Failure, Frame, ReasonKind
from app.feel.json_values import json_dumps, json_loads
from app.feel.temporal import Date, DateAndTime
from app.feel.temporal.calendar import days_in_month
from app.feel.temporal.zones import read_offset, zone_named
from app.feel.text import quoted
from app.feel.values import ARITHMETIC, whole

FUNCTIONS = Registry()
function = FUNCTIONS.function

_MAX_JSON = 1_000_000


@function("is defined(value: any)", constant=True)
def is_defined(value: object) -> bool:
    """Whether the value is not null; a missing variable or member is null."""
    return value is not None


@function("get or else(value: any, default: any)", constant=True)
def get_or_else(value: object, default: object) -> object:
    return default if value is None else value


@function("assert(value: any, condition: any, cause?: string)", constant=True)
def assert_(value: object, condition: object, cause: str | None) -> object:
    """The value if the condition is true."""
    if condition is not True:
        raise Failure(cause or "Expected the condition to be true, but found that it is not.", ReasonKind.ASSERTION)
    return value


@function("is blank(string: string)")
def is_blank(string: str) -> bool:
    return not string.strip()


@function("trim(string: string)")
def trim(string: str) -> str:
    return string.strip()


@function("to base64(value: string)")
def to_base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode("ascii")


@function("extract(string: string, pattern: string)", frame=True)
def extract(frame: Frame, string: str, pattern: str) -> list[object]:
    """All matches of the pattern; of one with groups, the groups."""
    return groups_found(frame, pattern_of(pattern, ""), string)


@function("from base64(value: string)")
def from_base64(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (ValueError, UnicodeDecodeError):
        raise Failure(f"Expected a text in base64, but found {quoted(value[:60])}.") from None


@function("uuid()", frame=True)
def uuid(frame: Frame) -> str:
    return str(UUID(int=(frame.random or SystemRandom()).getrandbits(128), version=4))


@function("random number()", frame=True)
def random_number(frame: Frame) -> Decimal:
    """A number from 0, included, to 1, excluded."""
    return ARITHMETIC.divide(Decimal((frame.random or SystemRandom()).getrandbits(53)), Decimal(2**53))


@function("from json(value: string)", frame=True)
def from_json(frame: Frame, text: str) -> object:
    frame.spend(len(text) // 8)
    if len(text) > _MAX_JSON:
        raise Failure(f"Expected at most {_MAX_JSON:,} characters, but found {len(text):,}.", ReasonKind.LIMIT)
    try:
        return json_loads(text)
    except (ValueError, RecursionError):
        raise Failure(f"Expected JSON, but found {text[:60]!r}.") from None


@function("to json(value: any)")
def to_json_text(value: object) -> str:
    try:
        return json_dumps(value)
    except ValueError as problem:
        raise Failure(str(problem), ReasonKind.LIMIT) from None


@function("is empty(list: list)", constant=True)
def is_empty(items: list[object]) -> bool:
    return not items


@function("duplicate values(list: list)", frame=True)
def duplicate_values(frame: Frame, items: list[object]) -> list[object]:
    """Each value that occurs more than once, once."""
    identities = Identities(frame)
    times = Counter(map(identities.of, items))
    return [item for item in distinct(frame, items) if times[identities.of(item)] > 1]


@function("partition(list: list, size: number)")
def partition(items: list[object], size: Decimal) -> list[object]:
    """The list in lists of `size` items; the last one may be shorter."""
    if size < 1:
        raise Failure(f"Expected a size from 1, but found {size}.", ReasonKind.OUT_OF_RANGE)
    width = whole(size)
    return [items[start : start + width] for start in range(0, len(items), width)]


@function("last day of month(date: date|date and time)")
def last_day_of_month(value: Date | DateAndTime) -> Date:
    date = value.date if isinstance(value, DateAndTime) else value
    return Date(date.year, date.month, days_in_month(date.year, date.month))


@function("date and time(date: date and time, timezone: string)")
def date_and_time_in_zone(value: DateAndTime, timezone: str) -> DateAndTime | None:
    """The same moment as the wall clocks of another zone show it, or those at an offset from UTC, such as ``Z``."""
    offset = read_offset(timezone)
    if offset is not None:
        return DateAndTime.from_instant(value.instant_nanos, offset, None)
    if zone_named(timezone) is None:
        raise Failure(f"Expected the name of a time zone, or an offset, but found {quoted(timezone[:60])}.")
    return DateAndTime.from_instant(value.instant_nanos, None, timezone)


@function("get value(context: context, keys: list)", constant=True)
def get_value_at(context: dict[str, object], keys: list[object]) -> object:
    """The value at the end of a path of keys."""
    value: object = context
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            raise Failure(f"Expected the entry {key}, but found none.", ReasonKind.NO_SUCH_MEMBER)
        value = value[key]
    return value


@function("fromAi(value: any, description?: string, type?: string, schema?: context, options?: context)", constant=True)
def from_ai(value: object, *_hints: object) -> object:
    """The value itself: the rest tells an agent what to put there."""
    return value
