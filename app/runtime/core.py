"""What every use case is given: the database, the time, the handlers, the announcer and the settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from app.clock import Clock
from app.handlers import HandlerRegistry
from app.store import Store


class Announcer(Protocol):
    """Tells workers that there is something to do. A hint after the commit: the rows are the truth, and a sweep repeats it."""

    def announce_jobs(self, job_ids: tuple[str, ...]) -> None: ...

    def announce_delivery(self, delivery_id: str) -> None: ...


class NobodyToTell:
    """An announcer for set-ups in which workers only poll."""

    def announce_jobs(self, job_ids: tuple[str, ...]) -> None:
        pass

    def announce_delivery(self, delivery_id: str) -> None:
        pass


@dataclass(frozen=True, slots=True)
class RuntimeSettings:
    """Bounds and secrets of the runtime; `bailiwick.toml` sets them through `app.settings`."""

    hook_secrets: Mapping[str, str] = field(default_factory=dict)  # by the name in the hook's document
    lease: timedelta = timedelta(minutes=2)
    backoff: timedelta = timedelta(seconds=1)  # before the first retry; doubles with each, plus jitter
    longest_backoff: timedelta = timedelta(minutes=10)
    announce_again_after: timedelta = timedelta(seconds=15)
    circuit_failures: int = 3  # in a row, that open a circuit
    circuit_cool_down: timedelta = timedelta(seconds=30)
    fast_track: timedelta = timedelta(minutes=30)
    approval_due: timedelta = timedelta(hours=4)  # a full review is overdue after this, if the routing decision says nothing else


@dataclass(frozen=True, slots=True)
class Core:
    store: Store
    clock: Clock
    registry: HandlerRegistry
    announcer: Announcer
    settings: RuntimeSettings
    random: Callable[[], float]  # in [0, 1): the jitter of retries
