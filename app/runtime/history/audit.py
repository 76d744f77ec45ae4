"""The audit log: append-only and hash-chained, one stream per process instance and one for the system."""

from datetime import datetime

from sqlalchemy import select, tuple_

from app import feel
from app.runtime.people import require
from app.runtime.transaction import Core, mapping
from app.runtime.views import Actor, AuditRecordView, AuditVerdict, Page, Permission
from app.store import audit
from app.store.tables import AuditRecordRow


class Audit:
    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        actor: Actor,
        *,
        stream: str | None = None,
        action: str | None = None,
        person: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[AuditRecordView]:
        """Audit records, newest first; `action` may be the beginning of one ("approval."). Right: audit.see."""
        require(actor, Permission.AUDIT_SEE)
        order = (AuditRecordRow.at, AuditRecordRow.stream, AuditRecordRow.position)
        query = select(AuditRecordRow).order_by(*(column.desc() for column in order)).limit(limit + 1)
        if stream is not None:
            query = query.where(AuditRecordRow.stream == stream)
        if action is not None:
            query = query.where(AuditRecordRow.action.startswith(action, autoescape=True))
        if person is not None:
            query = query.where(AuditRecordRow.actor == person)
        if after is not None:
            at, name, position = after.split("|")
            query = query.where(tuple_(*order) < (at, name, int(position)))
        with self._core.store.read() as session:
            rows = session.scalars(query).all()
            last = rows[limit - 1] if len(rows) > limit else None
            cursor = None if last is None else f"{last.at}|{last.stream}|{last.position}"
            return Page(tuple(_view(row) for row in rows[:limit]), cursor)

    def verify(self) -> AuditVerdict:
        """Read the whole log and recompute every hash; names the first broken record."""
        with self._core.store.snapshot() as session:
            verdict = audit.verify(session)
        return AuditVerdict(
            verdict.broken is None, verdict.checked, verdict.streams, verdict.head, verdict.broken, verdict.why
        )


def _view(row: AuditRecordRow) -> AuditRecordView:
    return AuditRecordView(
        row.id,
        row.stream,
        row.position,
        datetime.fromisoformat(row.at),
        row.actor,
        row.action,
        row.subject,
        mapping(feel.json_loads(row.detail)),
        row.hash,
    )
