"""Time, passed in. Nothing below `runtime` reads a clock; `runtime` reads only the one that it was given.

`SystemClock` is production. `VirtualClock` belongs to tests. `AdjustableClock` is system time plus an offset kept in a
file, so that all processes of a demonstration agree when somebody skips half an hour.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """Stands still until it is advanced."""

    def __init__(self, now: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, duration: timedelta) -> None:
        if duration < timedelta(0):
            raise ValueError(f"Expected a duration of zero or more, but found {duration}. Time runs forward.")
        self._now += duration


class AdjustableClock:
    """System time plus an offset that is kept in the file `path` (seconds, as text) and shared between processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset()

    def offset(self) -> timedelta:
        try:
            return timedelta(seconds=float(self._path.read_text()))
        except FileNotFoundError:
            return timedelta(0)

    def advance(self, duration: timedelta) -> None:
        if duration < timedelta(0):
            raise ValueError(f"Expected a duration of zero or more, but found {duration}. Time runs forward.")
        seconds = (self.offset() + duration).total_seconds()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial")
        partial.write_text(str(seconds))
        partial.replace(self._path)
