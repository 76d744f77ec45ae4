"""Heartbeats: which workers, clocks and web processes are alive, what they serve, and how right their clocks are.

Moments here are the database's, so that a host whose clock is wrong neither looks dead nor makes others look dead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select

from app.runtime.transaction import Core, storable_text, texts
from app.runtime.views import ProcessKind
from app.store.moment import moment
from app.store.tables import HeartbeatRow

ALIVE_FOR = timedelta(seconds=30)  # after its last beat
KEPT_FOR = timedelta(hours=1)  # then nobody needs to know any more that it was there
BEAT_SECONDS = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ProcessView:
    """One process. `seconds_ago`: since its last beat; `offset`: how far its clock is ahead of the database's."""

    id: str
    kind: ProcessKind
    host: str
    process_number: int
    types: tuple[str, ...]
    started_at: datetime
    seconds_ago: float
    offset: timedelta

    @property
    def is_alive(self) -> bool:
        return self.seconds_ago <= ALIVE_FOR.total_seconds()


class Heartbeats:
    """Told by processes, asked by monitors. No right is needed: nothing here is about a case."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def beat(self, process_id: str, kind: ProcessKind, host: str, number: int, types: Iterable[str] = ()) -> timedelta:
        """Say that this process is alive. Returns how far its clock is ahead, which `core.punctuality` remembers."""
        offset = self.measure()
        with self._core.store.write() as session:
            now = moment(session)
            row = session.get(HeartbeatRow, process_id)
            if row is None:
                row = HeartbeatRow(
                    id=process_id,
                    kind=kind,
                    host=storable_text(host),
                    process_number=number,
                    types=sorted(types),
                    started_at=now,
                )
                session.add(row)
                session.execute(delete(HeartbeatRow).where(HeartbeatRow.seen_at < now - KEPT_FOR))
            row.seen_at = now
            row.offset_milliseconds = round(offset.total_seconds() * 1000)
        return offset

    def measure(self) -> timedelta:
        """Compare this process's clock with the database's, and remember it."""
        with self._core.store.read() as session:
            return self._core.punctuality.measure(lambda: moment(session))

    def farewell(self, process_id: str) -> None:
        """The process ends as it should."""
        with self._core.store.write() as session:
            session.execute(delete(HeartbeatRow).where(HeartbeatRow.id == process_id))

    def list(self, kind: ProcessKind | None = None, host: str | None = None) -> tuple[ProcessView, ...]:
        """Every process that beat within the last hour, the latest first."""
        query = select(HeartbeatRow).order_by(HeartbeatRow.seen_at.desc()).limit(1000)
        if kind is not None:
            query = query.where(HeartbeatRow.kind == kind)
        if host is not None:
            query = query.where(HeartbeatRow.host == host)
        with self._core.store.read() as session:
            now = moment(session)
            return tuple(
                ProcessView(
                    row.id,
                    row.kind,
                    row.host,
                    row.process_number,
                    texts(row.types),
                    row.started_at,
                    (now - row.seen_at).total_seconds(),
                    timedelta(milliseconds=row.offset_milliseconds),
                )
                for row in session.scalars(query)
            )
