"""What the clock does: timers, fast-track grants, overdue tasks, lost leases, lost announcements, circuits, expiry."""

from app.runtime.core import Core
from app.runtime.views import TickCounts


class Ticking:
    def __init__(self, core: Core) -> None:
        self._core = core

    def tick(self, limit: int) -> TickCounts:
        raise NotImplementedError
