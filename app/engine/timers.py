"""When a timer is due: ISO 8601 dates, durations and repeating intervals, and cron texts. Pure arithmetic, no clock.

Source: BPMN 2.0.2, 10.5.5.11 (timer event definition); ISO 8601-1 for the texts.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.engine.cron import Cron

DURATION = re.compile(
    r"(?P<sign>-)?P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
REPEATING = re.compile(r"R(?P<count>-?\d+)?/(?P<rest>.+)")


@dataclass(frozen=True, slots=True)
class Duration:
    """A calendar part and an exact part; `added_to` adds the calendar part first."""

    months: int = 0
    exact: timedelta = timedelta()

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read an ISO 8601 duration. Raises ValueError."""
        match = DURATION.fullmatch(text.strip())
        if match is None:
            raise ValueError(f'Expected an ISO 8601 duration such as "PT30M", but found "{text}".')
        part = {name: float(value) for name, value in match.groupdict().items() if value and name != "sign"}
        sign = -1 if match["sign"] else 1
        try:
            months = sign * int(part.pop("years", 0) * 12 + part.pop("months", 0))
            return cls(months, sign * timedelta(**part))
        except OverflowError:
            raise ValueError(f'Expected a duration of less than a thousand million days, but found "{text}".') from None

    def added_to(self, moment: datetime) -> datetime:
        """The moment after this duration; the last day of a month stays within the month. Raises ValueError."""
        months = moment.year * 12 + moment.month - 1 + self.months
        year, month = divmod(months, 12)
        try:
            day = min(moment.day, monthrange(year, month + 1)[1]) if self.months else moment.day
            return moment.replace(year=year, month=month + 1, day=day) + self.exact
        except (OverflowError, ValueError):
            raise ValueError(
                f"Expected a date within the years 1 to 9999, but {moment} plus this duration is not."
            ) from None

    def times(self, number: int) -> "Duration":
        return Duration(self.months * number, self.exact * number)

    def is_positive(self) -> bool:
        return self.months > 0 or (self.months == 0 and self.exact > timedelta())


def parse_date(text: str) -> datetime:
    """Read an ISO 8601 date and time, also with a zone as FEEL writes it (``…@Europe/Berlin``).

    Without offset and zone it is UTC. Raises ValueError.
    """
    written, _, zone = re.sub(r"\[[^\]]*\]$", "", text.strip()).partition("@")
    try:
        moment = datetime.fromisoformat(written)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
        return moment.astimezone(UTC)
    except (OverflowError, ValueError, ZoneInfoNotFoundError):
        raise ValueError(f'Expected an ISO 8601 date such as "2026-01-05T09:00:00Z", but found "{text}".') from None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a timer is due, and whether it repeats.

    `interval` is an ISO 8601 duration or a cron text; None means once. `remaining` counts the firings that are still to
    come, the one at `due` included; None means without end. `start` is where a series of months counts from: a month
    that is too short for its day takes the day from no other.
    """

    due: datetime
    interval: str | None = None
    remaining: int | None = 1
    start: datetime | None = None

    @classmethod
    def at(cls, text: str) -> "Schedule":
        return cls(parse_date(text))

    @classmethod
    def after(cls, text: str, now: datetime) -> "Schedule":
        return cls(Duration.parse(text).added_to(now))

    @classmethod
    def repeating(cls, text: str, now: datetime) -> "Schedule":
        """Read ``R5/PT10S``, ``R/2026-01-05T09:00:00Z/P1D`` or a cron text. Raises ValueError.

        A start in the past does not make up for what was missed: the first due time is the next of its series.
        """
        match = REPEATING.fullmatch(text.strip())
        if match is None:
            return cls(Cron.parse(text).after(now), text.strip(), None)
        count = None if match["count"] is None or int(match["count"]) < 0 else int(match["count"])
        if count == 0:
            raise ValueError(f'Expected at least one repetition, but found "{text}".')
        start, _, interval = match["rest"].rpartition("/")
        duration = Duration.parse(interval)
        if not duration.is_positive():
            raise ValueError(f'Expected an interval of more than zero, but found "{text}".')
        if not start:
            return cls(duration.added_to(now), interval, count, now if duration.months else None)
        first = parse_date(start)
        due = first if first >= now else next_in_series(first, duration, first, now)
        return cls(due, interval, count, first if duration.months else None)

    def next(self, now: datetime) -> "Schedule | None":
        """The schedule after it has fired at `now`; missed times are skipped, so that downtime ends in one firing.

        None: that was the last time, or the next is beyond the calendar.
        """
        if self.interval is None or self.remaining == 1:
            return None
        remaining = None if self.remaining is None else self.remaining - 1
        try:
            if self.interval.startswith("P"):
                due = next_in_series(self.start or self.due, Duration.parse(self.interval), self.due, now)
            else:
                due = Cron.parse(self.interval).after(max(now, self.due))
        except ValueError:
            return None
        return Schedule(due, self.interval, remaining, self.start)

    def to_state(self) -> list[object]:
        start = [self.start.isoformat()] if self.start else []
        return [self.due.isoformat(), self.interval, self.remaining, *start]

    @classmethod
    def from_state(cls, state: list[object]) -> "Schedule":
        due, interval, remaining, *start = state
        return cls(
            datetime.fromisoformat(str(due)),
            None if interval is None else str(interval),
            None if remaining is None else int(str(remaining)),
            datetime.fromisoformat(str(start[0])) if start else None,
        )


def next_in_series(start: datetime, duration: Duration, due: datetime, now: datetime) -> datetime:
    """The first moment of the series from `start` that is later than `due` and `now`. Raises ValueError beyond 9999."""
    if duration.months == 0:
        steps = max((now - due) // duration.exact, 0)
        return duration.added_to(due + steps * duration.exact)
    after = max(due, now)
    months = (after.year - start.year) * 12 + after.month - start.month
    step = max(months // duration.months - 1, 1)  # an exact part beside the months only makes it later
    while duration.exact and step > 1 and duration.times(step).added_to(start) > after:
        step //= 2
    while (moment := duration.times(step).added_to(start)) <= after:
        step += 1
    return moment
