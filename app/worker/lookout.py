"""The look-out: a worker looks for due work in the table by itself, so that it never depends on a hint.

Hints save time. What has been due for a moment and nobody has begun is taken here, whatever became of its hint: Redis
gone, flushed, restarted, or a connection that looks alive and is not. Whoever works, a hint or the look-out, holds one
of the worker's slots.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from app.runtime import Runtime
from app.worker.execution import Execution
from app.worker.pulse import Pulse

GRACE = timedelta(seconds=1)  # what a hint is given to be heard first
LOOK_SECONDS = 1.0
BUSY_SECONDS = 0.1  # between looks while there is more to do
LONGEST_PAUSE_SECONDS = 15.0

log = structlog.get_logger(__name__)


class Slots:
    """How many things a worker does at a time, whoever asks it to."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._free = threading.Semaphore(number)

    def take(self, *, wait: bool) -> bool:
        return self._free.acquire(blocking=wait)

    def give_back(self) -> None:
        self._free.release()

    def during(self, work: Callable[[str], None]) -> Callable[[str], None]:
        """The same work, in a slot."""

        def in_a_slot(subject: str) -> None:
            self.take(wait=True)
            try:
                work(subject)
            finally:
                self.give_back()

        return in_a_slot


@dataclass(frozen=True, slots=True)
class Lookout:
    runtime: Runtime
    execution: Execution
    slots: Slots
    pulse: Pulse
    grace: timedelta = GRACE
    stop: threading.Event = field(default_factory=threading.Event)

    def keep_looking(self) -> None:
        """Look and beat until `stop` is set; then finish what has begun. No failure ends it."""
        pause = LOOK_SECONDS
        with ThreadPoolExecutor(self.slots.number, thread_name_prefix="lookout") as pool:
            while not self.stop.is_set():
                try:
                    self.pulse.beat_if_due()
                    found = self.look(pool)
                except Exception:
                    log.exception("look failed", next_in_seconds=pause)
                    self.stop.wait(pause)
                    pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                    continue
                pause = LOOK_SECONDS
                self.stop.wait(BUSY_SECONDS if found else LOOK_SECONDS)
        self.pulse.end()

    def look(self, pool: ThreadPoolExecutor) -> int:
        """Begin as much of what is due as there are free slots. Returns how much was begun."""
        taken = 0
        while taken < self.slots.number and self.slots.take(wait=False):
            taken += 1
        begun: list[tuple[Callable[[str], None], str]] = []
        try:
            if taken:
                begun += [(self.runtime.hooks.process, each) for each in self.runtime.hooks.waiting(taken, self.grace)]
                if left := taken - len(begun):
                    types = self.execution.registry.keys()
                    leased = self.runtime.jobs.lease(self.execution.worker_id, left, types=types, waited=self.grace)
                    begun += [(self.execution.run_job, job_id) for job_id in leased]
        finally:
            for _ in range(taken - len(begun)):
                self.slots.give_back()
        for work, subject in begun:
            pool.submit(self._do, work, subject)
        return len(begun)

    def _do(self, work: Callable[[str], None], subject: str) -> None:
        try:
            work(subject)
        except Exception:
            log.exception("due work failed", subject=subject)
        finally:
            self.slots.give_back()
