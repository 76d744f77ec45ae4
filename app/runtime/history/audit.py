"""The audit log: append-only and hash-chained, one stream per process instance and one for the system."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Select, Subquery, false, func, select, tuple_, union_all
from sqlalchemy.orm import Session

from app import feel
from app.runtime.people import require
from app.runtime.transaction import Core, mapping
from app.runtime.views import Actor, AuditRecordView, AuditVerdict, Page, Permission
from app.store import audit
from app.store.tables import AuditRecordRow

Columns = TypeVarTuple("Columns")


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
        newest_first = [column.desc() for column in order]
        query = select(AuditRecordRow.id, *order).order_by(*newest_first).limit(limit + 1)
        if stream is not None:
            query = query.where(AuditRecordRow.stream == stream)
        if person is not None:
            query = query.where(AuditRecordRow.actor == person)
        if after is not None:
            at, name, position = after.split("|")
            query = query.where(tuple_(*order) < (at, name, int(position)))
        with self._core.store.read() as session:
            found = query.subquery() if action is None else _of_actions(query, _actions(session, action))
            listed = select(AuditRecordRow).join(found, found.c.id == AuditRecordRow.id).order_by(*newest_first)
            rows = session.scalars(listed.limit(limit + 1)).all()
            last = rows[limit - 1] if len(rows) > limit else None
            cursor = None if last is None else f"{last.at}|{last.stream}|{last.position}"
            return Page(tuple(_view(row) for row in rows[:limit]), cursor)

    def verify(self, *, unsealed_only: bool = False) -> AuditVerdict:
        """Read the whole log and recompute every hash; names the first broken record, or the anchor that it belies.

        With `unsealed_only` what came since the last anchor: it was verified up to there when that was made.
        """
        with self._core.store.snapshot() as session:
            verdict = audit.verify(session, unsealed_only=unsealed_only)
        return self.judge((verdict,), unsealed_only=unsealed_only)

    def parts(self, streams: int) -> tuple[audit.Streams, ...]:
        """The log in pieces of so many streams, for several processes: each is verified by `app.store.audit.verify`."""
        with self._core.store.read() as session:
            return audit.parts(session, streams)

    def judge(self, verdicts: Sequence[audit.Verdict], *, unsealed_only: bool = False) -> AuditVerdict:
        """What the pieces found, and what the anchors say of the whole."""
        found = audit.first_problem(verdicts)
        with self._core.store.snapshot() as session:
            if unsealed_only:
                newest = audit.newest_anchor(session)
                anchors, why = (newest.number if newest else 0), None
            else:
                anchors, why = audit.verify_anchors(session)
        if found.broken is None and why is not None:
            found = audit.Verdict(found.checked, found.streams, why.partition(":")[0], why)
        return AuditVerdict(found.broken is None, found.checked, found.streams, anchors, found.broken, found.why)


def _actions(session: Session, beginning: str) -> list[str]:
    """The actions on record that begin so. There are few kinds: each is found by one look into the index."""
    first = select(func.min(AuditRecordRow.action).label("action")).cte("kind", recursive=True)
    following = select(func.min(AuditRecordRow.action)).where(AuditRecordRow.action > first.c.action).scalar_subquery()
    kinds = first.union_all(select(following).where(first.c.action.is_not(None)))
    return [kind for kind in session.scalars(select(kinds.c.action)) if kind is not None and kind.startswith(beginning)]


def _of_actions(query: Select[*Columns], actions: Sequence[str]) -> Subquery:
    """What the query finds of each of these actions, no further than a page each."""
    if not actions:
        return query.where(false()).subquery()
    return union_all(*(select(query.where(AuditRecordRow.action == each).subquery()) for each in actions)).subquery()


def _view(row: AuditRecordRow) -> AuditRecordView:
    return AuditRecordView(
        row.id,
        row.stream,
        row.position,
        datetime.fromisoformat(row.at),
        row.actor,
        row.action,
        row.subject,
        {name: value for name, value in mapping(feel.json_loads(row.detail)).items() if name != audit.SEALED},
        row.hash,
    )
