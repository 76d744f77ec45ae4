"""What the clock does: it asks every room what is due in it, and has it done. Any number of clocks may run."""

from collections.abc import Sequence

import structlog

from app.errors import Conflict, Unavailable
from app.runtime.clock.due import CLOCK, Batch, Due, DueThings, Place, Sweep
from app.runtime.clock.setbacks import Setbacks, Standstills
from app.runtime.transaction import CannotAdvance, Core
from app.runtime.views import DueKind, TickCounts

BY_THE_HOUR = frozenset({DueKind.TIMER, DueKind.START, DueKind.GRANT, DueKind.ESCALATION})

AT_ONCE = 25  # due things in one transaction: it holds their trees for some ten milliseconds

log = structlog.get_logger(__name__)


class Ticking:
    def __init__(self, core: Core, due: Sequence[Due], standstills: Standstills) -> None:
        self._core = core
        self._due = due
        self._setbacks = Setbacks(core, standstills)

    def tick(self, limit: int) -> TickCounts:
        """Everything that is due, once, in the order of the rooms. See `Runtime.tick`."""
        done = {each.name: self._do(each, limit) for each in self._due}
        idle = {each.name for each in self._due if isinstance(each, Sweep) and not each.is_work}
        return TickCounts(done, sum(count for name, count in done.items() if name not in idle))

    def _do(self, due: Due, limit: int) -> int:
        """What is done because of the hour is left to clocks that know it."""
        if isinstance(due, DueThings) and due.kind in BY_THE_HOUR and not self._core.punctuality.is_trusted:
            log.debug("left to a clock that is right", due=due.name)
            return 0
        return due.do(self._core, limit) if isinstance(due, Sweep) else self._each(due, limit)

    def _each(self, due: DueThings, limit: int) -> int:
        ids = due.find(self._core, limit)
        done = 0
        failed_before = self._setbacks.known(due.kind, ids) if ids else frozenset()
        alone = [each for each in ids if each in failed_before]
        first_try = [each for each in ids if each not in failed_before]
        for start in range(0, len(first_try), AT_ONCE):
            batch = self._together(due, first_try[start : start + AT_ONCE])
            done += batch.done
            alone += batch.left
        for each in alone:
            try:
                done += due.do(self._core, each)
            except Conflict as conflict:
                log.info("due thing was overtaken", subject=each, reason=str(conflict))
                if each in due.find(self._core, limit):  # nobody has overtaken it: it does not fit, and will not
                    self._failed(due, each, conflict)
            except Exception as error:
                log.exception("due thing failed", kind=due.kind.value, subject=each)
                self._failed(due, each, error)
            else:
                if each in failed_before:
                    self._setbacks.forget(CLOCK, due.kind, each)
        return done

    def _together(self, due: DueThings, ids: Sequence[str]) -> Batch:
        """Several at the price of one commit. Where one cannot be done, each is done alone: none waits for another."""
        if due.together is None or len(ids) == 1:
            return Batch(0, ids)
        try:
            return due.together(self._core, ids)
        except Exception as error:  # noqa: BLE001 - whatever it is, it meets the one that it is about when it is done alone
            log.info("due things are done one by one", kind=due.kind.value, reason=type(error).__name__)
            return Batch(0, ids)

    def _failed(self, due: DueThings, subject: str, error: Exception) -> None:
        if isinstance(error, Unavailable):  # the fault of no instance
            self._setbacks.count(CLOCK, due.kind, subject, error)
            return
        place = due.place(self._core, subject)
        if isinstance(error, CannotAdvance) and (place is None or place.instance_id != error.instance_id):
            place = Place(error.instance_id)
        self._setbacks.count(CLOCK, due.kind, subject, error, place)
