"""One transaction: its session, its moment, what it writes at its end, and what is to happen after its commit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app import feel
from app.runtime.transaction.actors import Actor
from app.runtime.transaction.identifiers import new_id
from app.runtime.transaction.once import Command
from app.store import audit
from app.store.batch import Batch
from app.store.database import Base
from app.store.tables import InstanceRow

Row = TypeVar("Row", bound=Base)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Record:
    stream: str
    action: str
    subject: str
    detail: dict[str, object]


class Transaction:
    """`batch` and the audit records are written by `finish`, which the runtime calls before the commit."""

    def __init__(self, session: Session, now: datetime, actor: Actor, command: Command | None = None) -> None:
        self.session = session
        self.now = now
        self.actor = actor
        self.command = command  # that it carries out, if that was given under a key
        self.batch = Batch()
        self.locked: dict[str, InstanceRow] = {}  # instances whose tree this transaction holds
        self.heads: dict[str, audit.Head] = {}  # ends of their audit streams
        self.jobs_to_announce: list[str] = []
        self.failures: dict[str, str] = {}  # job → exception class, for the incident that the engine raises for it
        self.hints: list[object] = []
        self.hops = 0  # transactions in a row that have led here, each by a message or signal of an instance
        self._records: list[_Record] = []
        self._sealed: dict[str, dict[str, str]] = {}  # stream → id → digest of evidence that the chain has to know
        self._before_the_end: list[Callable[[], None]] = []

    def record(self, action: str, subject: str, /, *, stream: str = audit.SYSTEM_STREAM, **detail: object) -> None:
        """Add a record to the audit log. `detail` is JSON."""
        self._records.append(_Record(stream, action, subject, detail))

    def announce(self, job_id: str) -> None:
        """Tell the workers about this job after the commit."""
        self.jobs_to_announce.append(job_id)

    def then(self, hint: object) -> None:
        """Have this carried out after the commit, in a transaction of its own (see `outgoing.Hint`)."""
        self.hints.append(hint)

    def before_the_end(self, work: Callable[[], None]) -> None:
        """Do this when everything else has been done, inside the transaction."""
        self._before_the_end.append(work)

    def log(self) -> None:
        """After the commit: what was recorded, as events with ids only. Who and what is in the audit log."""
        for record in self._records:
            row = self.locked.get(record.stream)
            trace = {} if row is None else {"trace_id": row.trace_id, "instance_id": row.id}
            log.info(record.action, subject=record.subject, **trace)

    def anew(self, kind: type[Row], key: object, *, lock: bool = False) -> Row | None:
        """The row as it is in the database now, whatever the session knew of it; None if it is gone.

        One that this transaction has changed is never read over: what it holds is what will be written.
        """
        known = self.session.identity_map.get(self.session.identity_key(kind, key))
        if isinstance(known, kind):
            state = inspect(known)
            if state.modified or self.batch.planned(kind, state.identity or ()):
                return known
        return self.session.get(kind, key, populate_existing=True, with_for_update=lock or None)

    def gather(self) -> None:
        """Give the batch what was changed in the session's objects, so that what comes next is changed after it."""
        self.batch.adopt(self.session)

    def write_batch(self) -> None:
        """Write what has been gathered so far, so that it can be read."""
        self.gather()
        self._seal_evidence()
        self.batch.write(self.session)

    def finish(self) -> None:
        """Write everything. The commit is left to whoever opened the session."""
        for work in self._before_the_end:
            work()
        self.gather()
        self._seal_evidence()
        audit.append(self.session, self.batch, self._all_records(), self.now, new_id, known=self.heads)
        self.batch.write(self.session)

    def _seal_evidence(self) -> None:
        for stream, row, digest in audit.take(self.batch):
            self._sealed.setdefault(stream, {})[row] = digest

    def _all_records(self) -> list[audit.NewRecord]:
        """What was recorded; the last record of each stream holds the digests of the evidence that came with it."""
        first = {record.stream: record for record in reversed(self._records)}
        for stream, record in first.items():  # a chain that begins with a seal seals all of its evidence
            if self.heads.get(stream) == audit.BEGINNING:
                record.detail.setdefault(audit.SEALED, {})
        last = {record.stream: record for record in self._records}
        for stream, digests in self._sealed.items():
            if stream not in last:
                last[stream] = _Record(stream, "evidence.kept", stream, {})
                self._records.append(last[stream])
            last[stream].detail[audit.SEALED] = {**digests}
        name = self.actor.name
        return [
            audit.NewRecord(record.stream, name, record.action, record.subject, feel.json_dumps(record.detail))
            for record in self._records
        ]
