"""Text to temporal values, strictly by XML Schema's lexical forms as FEEL extends them (DMN 1.5, 10.3.4.1).

Each function returns None for text that is not such a value; it never raises.
"""

import re

from app.feel.temporal.calendar import MAX_DURATION_MONTHS, MAX_DURATION_NANOS, NANOS_PER_DAY, NANOS_PER_SECOND
from app.feel.temporal.values import Date, DateAndTime, DaysAndTime, Temporal, Time, YearsAndMonths
from app.feel.temporal.zones import MAX_OFFSET_SECONDS, zone_named

_DATE = r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?:(?P<utc>[zZ])|(?P<sign>[+-])(?P<zh>\d\d):(?P<zm>\d\d)(?::(?P<zs>\d\d))?|@(?P<zone>[A-Za-z0-9_+\-/]+))?"
)
_DATE_FORM = re.compile(_DATE, re.ASCII)
_TIME_FORM = re.compile(_TIME, re.ASCII)
_DATE_AND_TIME_FORM = re.compile(f"{_DATE}T{_TIME}", re.ASCII)
_DAYS_AND_TIME_FORM = re.compile(
    r"(?P<sign>-)?P(?:(?P<days>\d+)D)?(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+)(?:\.(?P<fraction>\d*))?S)?)?",
    re.ASCII,
)
_YEARS_AND_MONTHS_FORM = re.compile(r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?", re.ASCII)
_MAX_DIGITS = 40  # no duration of use is longer, and int() of a huge text is slow


def read_date(text: str) -> Date | None:
    match = _DATE_FORM.fullmatch(text)
    return None if match is None else _date_of(match)


def read_time(text: str) -> Time | None:
    match = _TIME_FORM.fullmatch(text)
    if match is None:
        return None
    clock = _clock_of(match)
    return None if clock is None else Time(clock[0] % NANOS_PER_DAY, clock[1], clock[2])


def read_date_and_time(text: str) -> DateAndTime | None:
    """A date with a time; ``24:00:00`` is midnight of the next day. A mere date is its midnight, without a zone."""
    match = _DATE_AND_TIME_FORM.fullmatch(text)
    if match is None:
        date = read_date(text)
        return None if date is None else DateAndTime(date, 0)
    date, clock = _date_of(match), _clock_of(match)
    if date is None or clock is None:
        return None
    nanos, offset, zone = clock
    if nanos >= NANOS_PER_DAY:
        next_day = Date.from_day_number(date.day_number + 1)
        return None if next_day is None else DateAndTime(next_day, nanos - NANOS_PER_DAY, offset, zone)
    return DateAndTime(date, nanos, offset, zone)


def read_duration(text: str) -> DaysAndTime | YearsAndMonths | None:
    if len(text) > 4 * _MAX_DIGITS:
        return None
    match = _YEARS_AND_MONTHS_FORM.fullmatch(text)
    if match is not None and (match["years"] or match["months"]):
        months = int(match["years"] or 0) * 12 + int(match["months"] or 0)
        if months > MAX_DURATION_MONTHS:
            return None
        return YearsAndMonths(-months if match["sign"] else months)
    match = _DAYS_AND_TIME_FORM.fullmatch(text)
    if match is None or not any(match[part] for part in ("days", "hours", "minutes", "seconds")):
        return None
    seconds = (
        int(match["days"] or 0) * 86_400
        + int(match["hours"] or 0) * 3600
        + int(match["minutes"] or 0) * 60
        + int(match["seconds"] or 0)
    )
    nanos = seconds * NANOS_PER_SECOND + _nanos_of(match["fraction"])
    if nanos > MAX_DURATION_NANOS:
        return None
    return DaysAndTime(-nanos if match["sign"] else nanos)


def read_temporal(text: str) -> Temporal | None:
    """The value of the literal ``@"text"``: whichever temporal form `text` has (10.3.2.3.4)."""
    if "P" in text[:2]:
        return read_duration(text)
    if "T" in text:
        return read_date_and_time(text)
    return read_time(text) if ":" in text[:3] else read_date(text)


def _date_of(match: re.Match[str]) -> Date | None:
    return Date.of(int(match["year"]), int(match["month"]), int(match["day"]))


def _nanos_of(fraction: str | None) -> int:
    return int(fraction[:9].ljust(9, "0")) if fraction else 0


def _clock_of(match: re.Match[str]) -> tuple[int, int | None, str | None] | None:
    """Nanoseconds of the day (a whole day for 24:00:00), offset in seconds, zone name; None where there is none
    such."""
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    nanos = (hour * 3600 + minute * 60 + second) * NANOS_PER_SECOND + _nanos_of(match["fraction"])
    if hour > 24 or minute > 59 or second > 59 or nanos > NANOS_PER_DAY:
        return None
    if match["utc"]:
        return nanos, 0, None
    if match["zone"]:
        return (nanos, None, match["zone"]) if zone_named(match["zone"]) else None
    if not match["sign"]:
        return nanos, None, None
    minutes, seconds = int(match["zm"]), int(match["zs"] or 0)
    offset = int(match["zh"]) * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or offset > MAX_OFFSET_SECONDS:
        return None
    return nanos, -offset if match["sign"] == "-" else offset, None
