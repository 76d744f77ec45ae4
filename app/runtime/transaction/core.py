"""What every use case is given: the database, the time, the handlers, the announcer and the settings."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog
from sqlalchemy.exc import IntegrityError

from app.clock import Clock
from app.errors import Conflict
from app.handlers import HandlerRegistry
from app.punctuality import Punctuality
from app.runtime.transaction import once
from app.runtime.transaction.actors import Actor
from app.runtime.transaction.faults import reach
from app.runtime.transaction.model_cache import ModelCache
from app.runtime.transaction.transaction import Transaction
from app.store import Store
from app.store.audit import Anchor
from app.store.tables import CommandReceiptRow

MOST_DOUBLINGS = 30

_FOLLOWING = threading.local()  # what this thread is about to carry out

log = structlog.get_logger(__name__)


class Announcer(Protocol):
    """Tells workers that there is something to do. A hint after the commit: rows are the truth, a sweep repeats it."""

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

    hook_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # by the name in the hook's document
    lease: timedelta = timedelta(minutes=1)  # beyond the action's own time-out
    backoff: timedelta = timedelta(seconds=1)  # before the first retry; doubles with each, plus jitter
    longest_backoff: timedelta = timedelta(minutes=10)
    unserved_for: timedelta = timedelta(minutes=10)  # how long a job waits for a worker that has its task handler
    most_deaths: int = 3  # attempts of a job in a row whose worker died or fell silent, before it is an incident
    longest_wish: timedelta = timedelta(days=1)  # of another system that asks to be left alone (Retry-After)
    most_attempts: int = 100  # of one job, even for a handler that asks for another attempt each time
    announce_again_after: timedelta = timedelta(seconds=15)
    circuit_failures: int = 2  # infrastructure failures in a row that open a circuit
    circuit_cool_down: timedelta = timedelta(seconds=30)
    review_due: timedelta = timedelta(hours=4)  # when a full review counts as overdue
    escalation_decision: str = "escalation-routing"
    start_occurrences_kept: timedelta = timedelta(days=30)  # at least, until the others have occurred
    most_follow_ups: int = 200  # that one request or answer carries out itself
    most_hops: int = 500  # messages and signals from instance to instance in a row, with nobody and nothing between
    most_nested_calls: int = 200  # how deep processes may call each other
    most_calls_at_once: int = 1000  # instances that one transaction may call
    escalation_levels: int = 4  # after this many nobody is left to escalate to
    anchor_every: timedelta | None = timedelta(hours=1)  # how often the audit log is verified anew and anchored
    keep_anchor: Callable[[Anchor], None] | None = None  # tells one to whoever keeps it outside; raises if it cannot


@dataclass(frozen=True, slots=True)
class Core:
    store: Store
    clock: Clock
    registry: HandlerRegistry
    announcer: Announcer
    settings: RuntimeSettings
    random: Callable[[], float]  # in [0, 1): the jitter of retries
    models: ModelCache = field(default_factory=ModelCache)
    punctuality: Punctuality = field(default_factory=Punctuality)
    follow: Callable[["Core", object], None] = lambda _core, _hint: None  # carries out hints: `following_up.follow`

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[Transaction]:
        """One transaction in the name of `actor`. After its commit, workers are told and follow-ups are carried out.

        Follow-ups are begun here only to save time: whatever fails or is lost is found again by the clock.
        """
        command = once.present(actor.person_id)
        with self.store.write() as session:
            transaction = Transaction(session, self.clock.now(), actor, command)
            if command is not None:
                self._receive(transaction, command)
            yield transaction
            transaction.finish()
            reach("before-transaction-end")
        if command is not None:
            command.is_done = True
        reach("after-commit")
        transaction.log()
        if transaction.jobs_to_announce:
            reach("before-announcement")
            self.announcer.announce_jobs(tuple(transaction.jobs_to_announce))
            reach("after-announcement")
        self._carry_out(transaction.hints)

    def _carry_out(self, hints: Iterable[object]) -> None:
        """One after the other, with what they cause in their turn; a bounded number. The clock does the rest."""
        if (begun := getattr(_FOLLOWING, "hints", None)) is not None:
            begun.extend(hints)
            return
        waiting = _FOLLOWING.hints = deque(hints)
        try:
            for _ in range(self.settings.most_follow_ups):
                if not waiting:
                    return
                try:
                    self.follow(self, waiting.popleft())
                except Exception:
                    log.exception("follow-up failed")
            if waiting:
                log.info("follow-ups are left to the clock", count=len(waiting))
        finally:
            _FOLLOWING.hints = None

    def _receive(self, transaction: Transaction, command: once.Command) -> None:
        """The receipt of a command comes first: of two that carry one key at the same time, the second stops here."""
        row = CommandReceiptRow(
            person_id=command.person_id, key=command.key, fingerprint=command.fingerprint, at=transaction.now
        )
        transaction.session.add(row)
        try:
            transaction.session.flush()
        except IntegrityError:
            raise Conflict("Expected a new command, but this one is being carried out. Ask again.") from None

    @contextmanager
    def look(self, actor: Actor) -> Iterator[Transaction]:
        """Like `transaction`, for looking only: nothing of it is kept, and nobody waits for it."""
        with self.store.snapshot() as session:
            yield Transaction(session, self.clock.now(), actor)

    def backoff(self, failures: int) -> timedelta:
        """The pause before the next try: doubling, bounded, and between a half and the whole of it by chance."""
        full = self.settings.backoff * float(2 ** min(failures - 1, MOST_DOUBLINGS))
        return min(full, self.settings.longest_backoff) * (0.5 + self.random() / 2)
