"""Adding, subtracting and scaling temporal values (DMN 1.5, 10.3.2.13, tables 60 to 62).

A date and time with a zone is moved on the line of instants, so that adding two hours across a change of the clocks
takes two hours. Each function returns None where the result leaves the calendar.
"""

from app.feel.temporal.calendar import MAX_YEAR, MIN_YEAR, NANOS_PER_DAY, days_in_month
from app.feel.temporal.values import Date, DateAndTime, DaysAndTime, Time, YearsAndMonths


def add_months(date: Date, months: int) -> Date | None:
    """`date` moved by `months`; a day that the month lacks becomes the month's last day."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if not MIN_YEAR <= year <= MAX_YEAR:
        return None
    return Date(year, month + 1, min(date.day, days_in_month(year, month + 1)))


def add_to_date(date: Date, duration: DaysAndTime | YearsAndMonths) -> Date | None:
    """A date plus a duration; of a days and time duration only the result's date is kept."""
    if isinstance(duration, YearsAndMonths):
        return add_months(date, duration.months)
    return Date.from_day_number(date.day_number + duration.nanos // NANOS_PER_DAY)


def add_to_date_and_time(value: DateAndTime, duration: DaysAndTime | YearsAndMonths) -> DateAndTime | None:
    if isinstance(duration, YearsAndMonths):
        date = add_months(value.date, duration.months)
        return None if date is None else DateAndTime(date, value.nanos, value.offset_seconds, value.zone)
    return DateAndTime.from_instant(value.instant_nanos + duration.nanos, value.offset_seconds, value.zone)


def add_to_time(value: Time, duration: DaysAndTime) -> Time:
    """A time of day plus a duration, around midnight."""
    return Time((value.nanos + duration.nanos) % NANOS_PER_DAY, value.offset_seconds, value.zone)


def between_dates_and_times(later: DateAndTime, earlier: DateAndTime) -> DaysAndTime | None:
    """`later` - `earlier`; None where only one of them has a zone."""
    if later.zoned != earlier.zoned:
        return None
    return DaysAndTime(later.instant_nanos - earlier.instant_nanos)


def between_times(later: Time, earlier: Time) -> DaysAndTime | None:
    """`later` - `earlier`; None where only one of them has a zone."""
    if later.zoned != earlier.zoned:
        return None
    return DaysAndTime(later.instant_nanos - earlier.instant_nanos)


def months_between(start: Date, end: Date) -> int:
    """Whole months from `start` to `end`; negative where `end` is earlier (10.3.4.1, years and months duration)."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        return months - 1
    if months < 0 and end.day > start.day:
        return months + 1
    return months
