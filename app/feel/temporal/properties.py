"""The properties of temporal values (DMN 1.5, 10.3.2.15, table 65): ``date.year``, ``duration.hours``."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.feel.temporal.calendar import NANOS_PER_DAY, NANOS_PER_SECOND, iso_weekday
from app.feel.temporal.values import Date, DateAndTime, DaysAndTime, Time, YearsAndMonths

Property = Callable[[Any], object]


def _hour(value: Time | DateAndTime) -> Decimal:
    return Decimal(value.nanos // (3600 * NANOS_PER_SECOND))


def _minute(value: Time | DateAndTime) -> Decimal:
    return Decimal(value.nanos // (60 * NANOS_PER_SECOND) % 60)


def _second(value: Time | DateAndTime) -> Decimal:
    return Decimal(value.nanos // NANOS_PER_SECOND % 60)


def _offset(value: Time | DateAndTime) -> DaysAndTime | None:
    offset = value.offset
    return None if offset is None else DaysAndTime(offset * NANOS_PER_SECOND)


def _zone(value: Time | DateAndTime) -> str | None:
    return value.zone


def _seconds(nanos: int) -> Decimal:
    whole, fraction = divmod(abs(nanos), NANOS_PER_SECOND)
    return (
        Decimal(f"{'-' if nanos < 0 else ''}{whole}.{fraction:09}".rstrip("0").rstrip("."))
        if fraction
        else Decimal(nanos // NANOS_PER_SECOND)
    )


def _part(unit_nanos: int, modulus: int) -> Property:
    """How many of a unit a duration has beside its larger units, with the duration's sign."""

    def count(value: DaysAndTime) -> Decimal:
        whole = abs(value.nanos) // unit_nanos % modulus
        return Decimal(-whole if value.nanos < 0 else whole)

    return count


def _signed(months: int, part: int) -> Decimal:
    return Decimal(-part if months < 0 else part)


_CLOCK: dict[str, Property] = {
    "hour": _hour,
    "minute": _minute,
    "second": _second,
    "time offset": _offset,
    "timezone": _zone,
}
_PROPERTIES: dict[type, dict[str, Property]] = {
    Date: {
        "year": lambda value: Decimal(value.year),
        "month": lambda value: Decimal(value.month),
        "day": lambda value: Decimal(value.day),
        "weekday": lambda value: Decimal(iso_weekday(value.day_number)),
        "value": lambda value: Decimal(value.day_number * 86_400),
    },
    Time: {**_CLOCK, "value": lambda value: _seconds(value.instant_nanos)},
    DateAndTime: {
        **_CLOCK,
        "year": lambda value: Decimal(value.date.year),
        "month": lambda value: Decimal(value.date.month),
        "day": lambda value: Decimal(value.date.day),
        "weekday": lambda value: Decimal(iso_weekday(value.date.day_number)),
        "value": lambda value: _seconds(value.instant_nanos),
    },
    DaysAndTime: {
        "days": _part(NANOS_PER_DAY, 10**30),
        "hours": _part(3600 * NANOS_PER_SECOND, 24),
        "minutes": _part(60 * NANOS_PER_SECOND, 60),
        "seconds": lambda value: (
            _seconds(value.nanos) if abs(value.nanos) < 60 * NANOS_PER_SECOND else _rest(value.nanos)
        ),
        "value": lambda value: _seconds(value.nanos),
    },
    YearsAndMonths: {
        "years": lambda value: _signed(value.months, abs(value.months) // 12),
        "months": lambda value: _signed(value.months, abs(value.months) % 12),
        "value": lambda value: Decimal(value.months),
    },
}


def _rest(nanos: int) -> Decimal:
    rest = abs(nanos) % (60 * NANOS_PER_SECOND)
    return _seconds(-rest if nanos < 0 else rest)


def property_of(value: object, name: str) -> tuple[bool, object]:
    """Whether values like `value` have the property `name`, and what it is."""
    known = _PROPERTIES.get(type(value), {}).get(name)
    return (False, None) if known is None else (True, known(value))
