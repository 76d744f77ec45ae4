"""How right this process's clock is: measured against the database's, which all processes share."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

WORTH_A_WARNING = timedelta(seconds=1)
BOUND = timedelta(seconds=10)  # beyond it nothing may be done because of the time

log = structlog.get_logger(__name__)


class Punctuality:
    """Remembers the last measurement; before the first one a clock counts as right. `host_now` is the host's time."""

    def __init__(self, host_now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._host_now = host_now
        self._lock = threading.Lock()
        self._offset = timedelta(0)
        self._warned = False

    @property
    def offset(self) -> timedelta:
        """How far this process's clock is ahead (behind: less than zero)."""
        return self._offset

    @property
    def is_trusted(self) -> bool:
        """Whether timers may fire and approvals be granted because of what this process's clock says."""
        return abs(self._offset) <= BOUND

    def measure(self, other_now: Callable[[], datetime]) -> timedelta:
        """Ask the other clock; how long the question took is shared between there and back. Warns once per change."""
        began, before = time.monotonic(), self._host_now()
        there = other_now()
        here = before + timedelta(seconds=(time.monotonic() - began) / 2)
        with self._lock:
            self._offset = here - there
            is_wrong = abs(self._offset) >= WORTH_A_WARNING
            changed, self._warned = is_wrong is not self._warned, is_wrong
        if changed:
            say = log.warning if is_wrong else log.info
            say("clock differs from the database's", seconds=round(self._offset.total_seconds(), 3))
        return self._offset
