"""Time zones: a fixed offset in seconds, or a name of the IANA database.

`zoneinfo` knows the years 1 to 9999 only; a year outside is mapped to one within that has the same calendar.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.feel.temporal.calendar import NANOS_PER_DAY, NANOS_PER_SECOND, civil

MAX_OFFSET_SECONDS = 18 * 3600
_CYCLE_YEARS = 400  # the calendar repeats, weekdays included


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone called `name`, or None where the database has none."""
    if not name or name.startswith(("/", ".")) or ".." in name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


_OFFSET = re.compile(r"Z|([+-])(\d\d):(\d\d)(?::(\d\d))?", re.ASCII)


def read_offset(text: str) -> int | None:
    """The seconds of an offset, ``Z`` or ``+02:00``; None where the text spells none."""
    match = _OFFSET.fullmatch(text)
    if match is None or match[1] is None:
        return None if match is None else 0
    seconds = (int(match[2]) * 60 + int(match[3])) * 60 + int(match[4] or 0)
    if seconds > MAX_OFFSET_SECONDS or int(match[3]) > 59 or int(match[4] or 0) > 59:
        return None
    return -seconds if match[1] == "-" else seconds


def _datetime_of(day: int, nanos: int) -> datetime:
    year, month, day_of_month = civil(day)
    if not 2 <= year <= 9998:
        year = 2000 + year % _CYCLE_YEARS if year > 9998 else 2 + (year - 2) % _CYCLE_YEARS
    return datetime(year, month, day_of_month) + timedelta(seconds=nanos // NANOS_PER_SECOND)  # noqa: DTZ001 - a wall clock


def offset_at_local(name: str, day: int, nanos: int) -> int:
    """Seconds that the zone `name` is ahead of UTC when its wall clocks show day number `day` and `nanos` of that day.

    In the hour that a clock shows twice, the earlier moment is meant; a skipped hour is read with the offset before it.
    """
    zone = zone_named(name)
    offset = None if zone is None else zone.utcoffset(_datetime_of(day, nanos))
    return 0 if offset is None else int(offset.total_seconds())


def offset_at_instant(name: str, instant_nanos: int) -> int:
    """Seconds that the zone `name` is ahead of UTC at `instant_nanos` (nanoseconds since 1970-01-01T00:00:00Z)."""
    zone = zone_named(name)
    if zone is None:
        return 0
    day, nanos = divmod(instant_nanos, NANOS_PER_DAY)
    utc = _datetime_of(day, nanos).replace(tzinfo=zone)
    offset = zone.fromutc(utc).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
