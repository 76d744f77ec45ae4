"""What is due of history: an anchor of the audit log, and anchors that whoever keeps them outside has not got yet."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update

from app.runtime.clock import CLOCK, DueThings
from app.runtime.history import anchors
from app.runtime.transaction import Core
from app.runtime.views import DueKind
from app.store import audit
from app.store.tables import AuditAnchorRow, SetbackRow

THE_LOG = "audit-log"
AT_ONCE = 20  # anchors that are told in one tick


def _unanchored(core: Core, _limit: int) -> Sequence[str]:
    every = core.settings.anchor_every
    if every is None:
        return ()
    with core.store.read() as session:
        newest = audit.newest_anchor(session)
        is_early = newest is not None and datetime.fromisoformat(newest.at) + every > core.clock.now()
        if newest is not None and is_early and newest.streams < anchors.MOST_STREAMS:
            return ()
        if not audit.unsealed(session, 1) or _is_held(core, DueKind.ANCHOR):
            return ()
    return (THE_LOG,)


def _anchor(core: Core, _subject: str) -> int:
    return int(anchors.make(core, CLOCK) is not None)


def _unkept(core: Core, limit: int) -> Sequence[str]:
    if core.settings.keep_anchor is None:
        return ()
    query = select(AuditAnchorRow.number).where(AuditAnchorRow.kept_at.is_(None)).order_by(AuditAnchorRow.number)
    with core.store.read() as session:
        numbers = session.scalars(query.limit(min(limit, AT_ONCE))).all()
    return tuple(map(str, numbers)) if numbers and not _is_held(core, DueKind.KEPT_ANCHOR) else ()


def _keep(core: Core, number: str) -> int:
    """Told first and noted then: whoever keeps anchors may get one twice, and never misses one."""
    keep = core.settings.keep_anchor
    with core.store.read() as session:
        row = session.get(AuditAnchorRow, int(number))
    if keep is None or row is None or row.kept_at is not None:
        return 0
    keep(audit.Anchor.of(row))
    with core.transaction(CLOCK) as transaction:
        kept = update(AuditAnchorRow).where(AuditAnchorRow.number == row.number)
        transaction.session.execute(kept.values(kept_at=transaction.now))
    return 1


def _is_held(core: Core, kind: DueKind) -> bool:
    """Whether it failed, and waits for its next try or for an operator. One that fails holds up those behind it."""
    later = or_(SetbackRow.retry_at.is_(None), SetbackRow.retry_at > core.clock.now())
    with core.store.read() as session:
        return session.scalar(select(SetbackRow.subject).where(SetbackRow.kind == kind, later).limit(1)) is not None


DUE = (
    DueThings("anchors", DueKind.ANCHOR, _unanchored, _anchor),
    DueThings("kept anchors", DueKind.KEPT_ANCHOR, _unkept, _keep),
)
