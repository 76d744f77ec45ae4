"""The history of all instances: purged by age, and exported for process mining.

What an audit needs stays: instances, decisions, evidence and the audit log are no history.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session, defer

from app.errors import Invalid, NotFound
from app.runtime.history import event_logs
from app.runtime.history.deeds import deeds
from app.runtime.instances import conditions
from app.runtime.people import may_see_instance, require
from app.runtime.transaction import Core
from app.runtime.views import Actor, ExportFormat, HistoryEntry, InstanceFilter, InstanceStatus, Permission, PurgeReport
from app.store.tables import HistoryRow, InstanceRow

INSTANCES_LOOKED_AT = 100  # at most, by one batch of a purge or by one page of an export
LARGEST_BATCH = 10_000  # rows
LINES_AT_A_TIME = 1000


class History:
    def __init__(self, core: Core) -> None:
        self._core = core

    def deeds(self, actor: Actor, instance_id: str) -> tuple[HistoryEntry, ...]:
        """What people did with an instance, in order. Right: instances.see, or a task of it that one may work on."""
        with self._core.store.read() as session:
            if not may_see_instance(session, actor, instance_id):
                raise NotFound(f"Expected a process instance {instance_id}, but found none that {actor.name} may see.")
            return deeds(session, instance_id)

    def purge(self, actor: Actor, before: datetime, after: str | None = None, limit: int = 1000) -> PurgeReport:
        """Delete up to `limit` lines of instances that ended before a moment: one short transaction.

        Pass the report's `next` as `after` for the following batch. Only rows of ended instances are locked, which
        nobody waits for. Right: history.purge. Raises `Invalid` for a moment to come or a batch that is too large.
        """
        require(actor, Permission.HISTORY_PURGE)
        if not 1 <= limit <= LARGEST_BATCH:
            raise Invalid({"$.limit": f"Expected a whole number from 1 to {LARGEST_BATCH}."})
        if before > self._core.clock.now():
            raise Invalid({"$.before": "Expected a moment that has passed."})
        with self._core.transaction(actor) as transaction:
            session = transaction.session
            ids = _ended(session, before, after)
            keys = select(HistoryRow.instance_id, HistoryRow.position).where(HistoryRow.instance_id.in_(ids))
            keys = keys.order_by(HistoryRow.instance_id, HistoryRow.position).limit(limit)
            found = [(row.instance_id, row.position) for row in session.execute(keys)] if ids else []
            if found:
                session.execute(
                    delete(HistoryRow)
                    .where(tuple_(HistoryRow.instance_id, HistoryRow.position).in_(found))
                    .execution_options(synchronize_session=False)
                )
                purged = sorted({instance_id for instance_id, _ in found})
                transaction.record("history.purged", purged[0], before=before.isoformat(), lines=len(found), of=purged)
            return PurgeReport(len(found), _next(ids, found, after, limit))

    def export(self, actor: Actor, kind: ExportFormat, wanted: InstanceFilter | None = None) -> Iterator[str]:
        """The history of all instances that fit, the oldest first, piece by piece: XES 1.0 or OCEL 2.0 (JSON).

        Variables are left out. Right: instances.see, which is checked before the first piece.
        """
        require(actor, Permission.INSTANCES_SEE)
        write = event_logs.xes if kind is ExportFormat.XES else event_logs.ocel
        return write(lambda: self._traces(wanted or InstanceFilter()))

    def _traces(self, wanted: InstanceFilter) -> Iterator[event_logs.Trace]:
        """Every instance with its visits; no read lasts longer than a page, so nobody is held up by a slow reader."""
        after = ""
        while True:
            query = select(InstanceRow).options(defer(InstanceRow.state), defer(InstanceRow.variables))
            query = query.where(*conditions(wanted), InstanceRow.id > after).order_by(InstanceRow.id)
            with self._core.store.snapshot() as session:
                rows = session.scalars(query.limit(INSTANCES_LOOKED_AT)).all()
            for row in rows:
                yield event_logs.Trace(
                    id=row.id,
                    process_id=row.process_id,
                    version=row.version,
                    status=row.status,
                    started_at=row.started_at,
                    business_key=row.business_key,
                    parent_id=row.parent_id,
                    visits=self._visits(row.id),
                )
                after = row.id
            if len(rows) < INSTANCES_LOOKED_AT:
                return

    def _visits(self, instance_id: str) -> Iterator[event_logs.Visit]:
        position = 0
        while True:
            query = select(HistoryRow).where(HistoryRow.instance_id == instance_id, HistoryRow.position > position)
            with self._core.store.snapshot() as session:
                rows = session.scalars(query.order_by(HistoryRow.position).limit(LINES_AT_A_TIME)).all()
            for row in rows:
                position = row.position
                if row.kind == "element" and row.element_id is not None:
                    yield event_logs.Visit(
                        position=row.position,
                        element_id=row.element_id,
                        name=row.element_name or row.element_id,
                        element_type=row.element_type or "",
                        at=row.at,
                        ended_at=row.ended_at,
                        outcome=row.outcome,
                    )
            if len(rows) < LINES_AT_A_TIME:
                return


def _ended(session: Session, before: datetime, after: str | None) -> list[str]:
    query = select(InstanceRow.id).where(InstanceRow.status != InstanceStatus.RUNNING, InstanceRow.ended_at < before)
    if after is not None:
        query = query.where(InstanceRow.id > after)
    return list(session.scalars(query.order_by(InstanceRow.id).limit(INSTANCES_LOOKED_AT)))


def _next(ids: list[str], found: list[tuple[str, int]], after: str | None, limit: int) -> str | None:
    """Where the following batch begins: before the instance whose lines this one may not have finished."""
    if len(found) == limit:
        position = ids.index(found[-1][0])
        return ids[position - 1] if position else after or ""
    return ids[-1] if len(ids) == INSTANCES_LOOKED_AT else None
