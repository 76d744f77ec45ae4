"""The company's business hours: when they are, and when a duration of them has passed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST_SEARCH = timedelta(days=3660)  # a calendar without a working day within ten years is a mistake in it

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Open on `days` (Monday is 0) from `opens` to `closes` of the time zone's clock, except on `holidays`."""

    time_zone: str
    days: tuple[int, ...]
    opens: time
    closes: time
    holidays: tuple[date, ...] = ()

    def is_open(self, moment: datetime) -> bool:
        """Whether `moment` (aware) is within business hours; the closing minute is not."""
        local = moment.astimezone(ZoneInfo(self.time_zone))
        return self._is_working_day(local.date()) and self.opens <= local.time() < self.closes

    def after(self, moment: datetime, duration: timedelta) -> datetime:
        """The moment, in UTC's zone of `moment`, at which `duration` of business time has passed since `moment`.

        Time is counted as it really passes: an hour that daylight saving skips does not count.
        """
        zone = ZoneInfo(self.time_zone)
        left, day = duration, moment.astimezone(zone).date()
        last = day + LONGEST_SEARCH
        while day < last:
            if self._is_working_day(day):
                opens = max(datetime.combine(day, self.opens, zone).astimezone(moment.tzinfo), moment)
                closes = datetime.combine(day, self.closes, zone).astimezone(moment.tzinfo)
                if closes - opens >= left:
                    return opens + left
                left -= max(closes - opens, timedelta(0))
            day += timedelta(days=1)
        raise ValueError(f"Expected business hours within {LONGEST_SEARCH.days} days, but the calendar has none.")

    def _is_working_day(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.holidays
