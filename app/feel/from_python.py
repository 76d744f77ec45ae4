"""Python's values to FEEL's, for callers who bring ordinary ones. The way back to JSON is `json_values`."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, Overflow

from app.feel.frame import PLAIN_CLASSES
from app.feel.temporal import Date, DateAndTime, DaysAndTime, Time
from app.feel.temporal.calendar import NANOS_PER_SECOND
from app.feel.values import ARITHMETIC

_CERTAIN = PLAIN_CLASSES - {Decimal}
"""Classes of values that FEEL can hold whatever they are; a Decimal may be NaN or infinite."""


def from_python(value: object) -> object:
    """`value` as a FEEL value: int and float (through its repr) become numbers, datetime's types the temporal ones,
    sequences lists and mappings contexts. A list or context of FEEL values is given back itself, not copied.

    Raises TypeError for a value that FEEL cannot hold: another class, a number that is not finite, a list inside
    itself.
    """
    try:
        return _admitted(value)
    except RecursionError:
        raise TypeError("Expected lists and contexts that nest less deeply, but found deeper ones.") from None


def _admitted(value: object) -> object:
    kind = value.__class__
    if kind in _CERTAIN or (kind is Decimal and value.is_finite()):  # type: ignore[attr-defined]
        return value
    if kind is list:
        return _list(value)  # type: ignore[arg-type]
    if kind is dict:
        return _context(value)  # type: ignore[arg-type]
    if isinstance(value, Mapping):
        return _context(dict(value))
    if isinstance(value, tuple | set | frozenset | list):
        return _list(list(value))
    return _scalar(value)


def _list(items: list[object]) -> list[object]:
    known = _CERTAIN
    for index, item in enumerate(items):
        kind = item.__class__
        if kind not in known and not (kind is Decimal and item.is_finite()):  # type: ignore[attr-defined]
            admitted = _admitted(item)
            if admitted is not item:
                return [*items[:index], admitted, *map(_admitted, items[index + 1 :])]
    return items


def _context(entries: dict[object, object]) -> dict[str, object]:
    known = _CERTAIN
    admitted = {}
    same = True
    for name, value in entries.items():
        if name.__class__ is not str:
            raise TypeError(f"Expected names of a context that are strings, but found {name!r}.")
        kind = value.__class__
        is_certain = kind in known or (kind is Decimal and value.is_finite())  # type: ignore[attr-defined]
        new = value if is_certain else _admitted(value)
        same = same and new is value
        admitted[name] = new
    return entries if same else admitted  # type: ignore[return-value]


def _scalar(value: object) -> object:
    if isinstance(value, int | float):
        return _number(value)
    if value.__class__ is Decimal:
        raise TypeError(f"Expected a finite number, but found {value}.")
    if isinstance(value, datetime):
        nanos = ((value.hour * 60 + value.minute) * 60 + value.second) * NANOS_PER_SECOND + value.microsecond * 1000
        return DateAndTime(Date(value.year, value.month, value.day), nanos, *_zone(value))
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, time):
        nanos = ((value.hour * 60 + value.minute) * 60 + value.second) * NANOS_PER_SECOND + value.microsecond * 1000
        return Time(nanos, *_zone(value))
    if isinstance(value, timedelta):
        return DaysAndTime(((value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds) * 1000)
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"Expected a value that FEEL can hold, but found {type(value).__name__}.")


def _number(value: float) -> Decimal:
    try:
        number = ARITHMETIC.create_decimal(int(value) if isinstance(value, int) else repr(float(value)))
    except Overflow:
        raise TypeError(f"Expected a number up to 9.99E{ARITHMETIC.Emax}, but found a larger int.") from None
    if not number.is_finite():
        raise TypeError(f"Expected a finite number, but found {value!r}.")
    return number


def _zone(value: datetime | time) -> tuple[int | None, str | None]:
    key = getattr(value.tzinfo, "key", None)
    if isinstance(key, str) and key != "UTC":
        return None, key
    offset = value.utcoffset()
    return (None if offset is None else int(offset.total_seconds())), None
