"""Anchors of the audit log: made on a schedule, after what is new was verified."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.errors import BailiwickError
from app.runtime.people import require
from app.runtime.transaction import Core
from app.runtime.views import Actor, AnchorView, Page, Permission
from app.store import audit, locks
from app.store.tables import AuditAnchorRow

MOST_STREAMS = 2000  # that one anchor names: what is left gets the next one at once


class BrokenLog(BailiwickError):
    """The log cannot be anchored: it was changed. The text names the record."""


class Anchors:
    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self, actor: Actor, after: int | None = None, limit: int = 50) -> Page[AnchorView]:
        """Anchors, newest first; `after` is a number. Right: audit.see."""
        require(actor, Permission.AUDIT_SEE)
        query = select(AuditAnchorRow).order_by(AuditAnchorRow.number.desc()).limit(limit + 1)
        if after is not None:
            query = query.where(AuditAnchorRow.number < after)
        with self._core.store.read() as session:
            rows = session.scalars(query).all()
        last = str(rows[limit - 1].number) if len(rows) > limit else None
        return Page(tuple(_view(row) for row in rows[:limit]), last)

    def make(self, actor: Actor) -> Sequence[audit.Anchor]:
        """Anchor all that is new now. Right: audit.see. Raises `BrokenLog` where the log was changed."""
        require(actor, Permission.AUDIT_SEE)
        made = []
        while (anchor := make(self._core, actor)) is not None:
            made.append(anchor)
        return tuple(made)

    def differences(self, kept: Sequence[tuple[int, str]]) -> Sequence[str]:
        """What of these anchors (number and digest, as they were kept outside) today's log does not continue."""
        numbers = [number for number, _ in kept]
        query = select(AuditAnchorRow.number, AuditAnchorRow.digest).where(AuditAnchorRow.number.in_(numbers))
        with self._core.store.read() as session:
            here = {row.number: row.digest for row in session.execute(query)}
        return tuple(
            f"anchor {number} is not in this log: what it sealed was taken away, or a backup from before was restored"
            if number not in here
            else f"anchor {number} has another digest in this log: it was written anew"
            for number, digest in sorted(set(kept))
            if here.get(number) != digest
        )


def make(core: Core, actor: Actor) -> audit.Anchor | None:
    """Verify what chains have grown by, and seal their ends. None if nothing is new, or another process was faster."""
    with core.store.snapshot() as session:
        before = audit.newest_anchor(session)
        grown = audit.unsealed(session, MOST_STREAMS + 1)
        if not grown:
            return None
        ends, following = grown[:MOST_STREAMS], grown[MOST_STREAMS:]
        part = audit.Streams(ends[0].stream, following[0].stream if following else None)
        verdict = audit.verify(session, part, unsealed_only=True)
    if verdict.broken is not None:
        raise BrokenLog(f"Expected an untouched audit log, but {verdict.why} (record {verdict.broken}).")
    with core.transaction(actor) as transaction:
        locks.hold(transaction.session, locks.Lock.ANCHORS)
        if audit.newest_anchor(transaction.session) != before:
            return None
        return audit.seal(transaction.session, ends, transaction.now)


def _view(row: AuditAnchorRow) -> AnchorView:
    return AnchorView(row.number, datetime.fromisoformat(row.at), row.streams, row.records, row.digest, row.kept_at)
