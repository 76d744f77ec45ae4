"""Cron texts of six fields (second minute hour day-of-month month day-of-week) and macros, as Camunda 8 reads them.

Fields: ``*``, ``?``, numbers, names (JAN, MON), ranges ``1-5``, steps ``*/15``, lists ``1,15``, ``L`` for the last day
of the month, ``5L`` for the last Friday, ``MON#2`` for the second Monday. Times are UTC.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
HORIZON_YEARS = 30  # a leap day on a given weekday comes round every 28 years


@dataclass(frozen=True, slots=True)
class Cron:
    text: str
    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    days: str
    months: frozenset[int]
    weekdays: str

    @classmethod
    def parse(cls, text: str) -> "Cron":
        """Read a cron text. Raises ValueError."""
        fields = MACROS.get(text.strip().lower(), text).split()
        if len(fields) != 6:
            raise ValueError(f'Expected a cycle such as "R3/PT10S" or a cron text of six fields, but found "{text}".')
        cron = cls(
            text,
            numbers(fields[0], 0, 59),
            numbers(fields[1], 0, 59),
            numbers(fields[2], 0, 23),
            fields[3].upper(),
            numbers(fields[4], 1, 12, MONTHS),
            fields[5].upper(),
        )
        cron._read_days()
        return cron

    def _read_days(self) -> None:
        """Both fields of days are read again for every day; what is wrong in them is found here."""
        for part in self.days.split(","):
            if part != "L":
                numbers(part, 1, 31)
        for part in self.weekdays.split(","):
            name, _, ordinal = part.partition("#")
            numbers(name.removesuffix("L") or name, 0, 7, DAYS, first=0)
            if ordinal:
                numbers(ordinal, 1, 5)

    def after(self, moment: datetime) -> datetime:
        """The first matching time later than `moment`, in UTC. Raises ValueError when there is none in thirty years."""
        start = moment.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        day = start.date()
        while day.year <= start.year + HORIZON_YEARS:
            if day.month in self.months and self._fits(day):
                earliest = start.time() if day == start.date() else time()
                found = next((t for t in self._times() if t >= earliest), None)
                if found is not None:
                    return datetime.combine(day, found, UTC)
            day += timedelta(days=1)
        raise ValueError(f'Expected a cron text that comes due, but "{self.text}" never does.')

    def _times(self) -> Iterator[time]:
        for hour in sorted(self.hours):
            for minute in sorted(self.minutes):
                for second in sorted(self.seconds):
                    yield time(hour, minute, second)

    def _fits(self, day: date) -> bool:
        return self._fits_day_of_month(day) and self._fits_weekday(day)

    def _fits_day_of_month(self, day: date) -> bool:
        last = monthrange(day.year, day.month)[1]
        return any(day.day == last if part == "L" else day.day in numbers(part, 1, 31) for part in self.days.split(","))

    def _fits_weekday(self, day: date) -> bool:
        weekday = (day.weekday() + 1) % 7  # Sunday is 0 (and 7)
        last = monthrange(day.year, day.month)[1]
        for part in self.weekdays.split(","):
            name, _, ordinal = part.partition("#")
            if ordinal:
                if weekday in numbers(name, 0, 7, DAYS, first=0) and (day.day - 1) // 7 + 1 == int(ordinal):
                    return True
            elif part.endswith("L") and len(part) > 1:
                if weekday in numbers(part[:-1], 0, 7, DAYS, first=0) and day.day + 7 > last:
                    return True
            elif weekday in {number % 7 for number in numbers(part, 0, 7, DAYS, first=0)}:
                return True
        return False


def numbers(field: str, low: int, high: int, names: tuple[str, ...] = (), *, first: int = 1) -> frozenset[int]:
    """The numbers that one field means. `first` is the number of the first name. Raises ValueError."""

    def number(text: str) -> int:
        named = text.upper() in names
        value = names.index(text.upper()) + first if named else whole(text)
        if not low <= value <= high:
            raise ValueError(f'Expected a number from {low} to {high} in a cron text, but found "{text}".')
        return value

    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span in ("*", "?"):
            start, end = low, high
        else:
            begin, _, finish = span.partition("-")
            start = number(begin)
            end = number(finish) if finish else (high if step else start)
        if step and whole(step) < 1:
            raise ValueError(f'Expected a step of one or more in a cron text, but found "{part}".')
        if end < start:
            raise ValueError(f'Expected a range that rises in a cron text, but found "{part}".')
        found.update(range(start, end + 1, whole(step or "1")))
    return frozenset(found)


def whole(text: str) -> int:
    """A number as cron texts write them. Raises ValueError."""
    if re.fullmatch("[0-9]{1,4}", text) is None:
        raise ValueError(f'Expected a number in a cron text, but found "{text}".')
    return int(text)
