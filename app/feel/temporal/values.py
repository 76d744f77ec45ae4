"""The five temporal values of FEEL. They are tuples: immutable, hashable, cheap to make.

Nothing here reads text (see `parsing`) or adds and subtracts (see `arithmetic`). `str(value)` is FEEL's notation.
"""

from typing import NamedTuple

from app.feel.temporal.calendar import (
    MAX_YEAR,
    MIN_YEAR,
    NANOS_PER_DAY,
    NANOS_PER_SECOND,
    civil,
    day_number,
    days_in_month,
)
from app.feel.temporal.zones import offset_at_instant, offset_at_local


class Date(NamedTuple):
    """A day of the proleptic Gregorian calendar. Make one of untrusted numbers with `Date.of`."""

    year: int
    month: int
    day: int

    @classmethod
    def of(cls, year: int, month: int, day: int) -> "Date | None":
        """The date, or None where the calendar has no such day."""
        if MIN_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month):
            return cls(year, month, day)
        return None

    @classmethod
    def from_day_number(cls, number: int) -> "Date | None":
        """The date `number` days after 1970-01-01, or None beyond the calendar's years."""
        year, month, day = civil(number)
        return cls(year, month, day) if MIN_YEAR <= year <= MAX_YEAR else None

    @property
    def day_number(self) -> int:
        """Days since 1970-01-01."""
        return day_number(self.year, self.month, self.day)

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"


class Time(NamedTuple):
    """A time of day: nanoseconds since midnight, with an offset in seconds, or the name of a zone, or neither."""

    nanos: int
    offset_seconds: int | None = None
    zone: str | None = None

    @property
    def zoned(self) -> bool:
        return self.offset_seconds is not None or self.zone is not None

    @property
    def offset(self) -> int | None:
        """Seconds ahead of UTC. A named zone is asked for its offset on 1970-01-01, as a time of day has no date."""
        if self.zone is not None:
            return offset_at_local(self.zone, 0, self.nanos)
        return self.offset_seconds

    @property
    def instant_nanos(self) -> int:
        """Nanoseconds since midnight in UTC; a time without a zone counts as UTC."""
        return self.nanos - (self.offset or 0) * NANOS_PER_SECOND

    def __str__(self) -> str:
        return _clock(self.nanos) + _zone_suffix(self.offset_seconds, self.zone)


class DateAndTime(NamedTuple):
    """A date with a time of day: `nanos` since its midnight, and an offset in seconds, or a zone's name, or neither."""

    date: Date
    nanos: int
    offset_seconds: int | None = None
    zone: str | None = None

    @classmethod
    def at_midnight_utc(cls, date: Date) -> "DateAndTime":
        return cls(date, 0, 0)

    @classmethod
    def from_instant(cls, instant_nanos: int, offset_seconds: int | None, zone: str | None) -> "DateAndTime | None":
        """What the wall clocks of the zone show at `instant_nanos` since 1970-01-01T00:00:00Z; None beyond the
        years."""
        offset = offset_at_instant(zone, instant_nanos) if zone is not None else offset_seconds or 0
        day, nanos = divmod(instant_nanos + offset * NANOS_PER_SECOND, NANOS_PER_DAY)
        date = Date.from_day_number(day)
        return None if date is None else cls(date, nanos, offset_seconds, zone)

    @property
    def time(self) -> Time:
        return Time(self.nanos, self.offset_seconds, self.zone)

    @property
    def zoned(self) -> bool:
        return self.offset_seconds is not None or self.zone is not None

    @property
    def offset(self) -> int | None:
        """Seconds ahead of UTC on this date and time, None without a zone."""
        if self.zone is not None:
            return offset_at_local(self.zone, self.date.day_number, self.nanos)
        return self.offset_seconds

    @property
    def instant_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00Z; without a zone the wall clock counts as UTC."""
        return self.date.day_number * NANOS_PER_DAY + self.nanos - (self.offset or 0) * NANOS_PER_SECOND

    def __str__(self) -> str:
        return f"{self.date}T{_clock(self.nanos)}{_zone_suffix(self.offset_seconds, self.zone)}"


class DaysAndTime(NamedTuple):
    """A duration of days, hours, minutes and seconds, as nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        days, rest = divmod(abs(self.nanos), NANOS_PER_DAY)
        seconds, nanos = divmod(rest, NANOS_PER_SECOND)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        text = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M")) if count)
        if seconds or nanos:
            text += f"{seconds}{_fraction(nanos)}S"
        if not days and not text:
            return "PT0S"
        return ("-P" if self.nanos < 0 else "P") + (f"{days}D" if days else "") + (f"T{text}" if text else "")


class YearsAndMonths(NamedTuple):
    """A duration of years and months, as months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        if not self.months:
            return "P0M"
        return ("-P" if self.months < 0 else "P") + (f"{years}Y" if years else "") + (f"{months}M" if months else "")


Temporal = Date | Time | DateAndTime | DaysAndTime | YearsAndMonths


def _fraction(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""


def _clock(nanos_of_day: int) -> str:
    seconds, nanos = divmod(nanos_of_day, NANOS_PER_SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{_fraction(nanos)}"


def _zone_suffix(offset_seconds: int | None, zone: str | None) -> str:
    if zone is not None:
        return f"@{zone}"
    if offset_seconds is None:
        return ""
    if offset_seconds == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset_seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if offset_seconds < 0 else '+'}{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
