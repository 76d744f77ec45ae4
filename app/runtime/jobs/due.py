"""What is due of jobs: leases that ended without an answer, limits whose window has passed, lost announcements."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update

from app.runtime.clock import CLOCK, Sweep
from app.runtime.governance import held_jobs
from app.runtime.transaction import Core, Transaction
from app.runtime.views import JobState
from app.store.tables import JobRow


def _expire_leases(core: Core, limit: int) -> int:
    with core.transaction(CLOCK) as transaction:
        lost = (JobRow.state == JobState.LEASED, JobRow.lease_until <= transaction.now)
        return _make_available(transaction, lost, limit)


def _release_limited(core: Core, limit: int) -> int:
    with core.transaction(CLOCK) as transaction:
        held = (JobRow.state == JobState.HELD, JobRow.held_by == held_jobs.LIMIT, JobRow.due_at <= transaction.now)
        return _make_available(transaction, held, limit)


def _make_available(transaction: Transaction, which: Sequence[ColumnElement[bool]], limit: int) -> int:
    """Of the jobs that nobody else holds: each is checked anew when it begins."""
    query = select(JobRow.id).where(*which).limit(limit).with_for_update(skip_locked=True)
    ids = list(transaction.session.scalars(query))
    if ids:
        now = transaction.now
        values = {"state": JobState.AVAILABLE, "worker_id": None, "lease_until": None, "held_by": None}
        transaction.session.execute(
            update(JobRow).where(JobRow.id.in_(ids)).values(**values, due_at=now, announced_at=now)
        )
        for job_id in ids:
            transaction.announce(job_id)
    return len(ids)


def announce(core: Core, limit: int) -> int:
    """Announce again available jobs whose announcement may have been lost. Returns how many."""
    with core.transaction(CLOCK) as transaction:
        now = transaction.now
        stale = now - core.settings.announce_again_after
        query = (
            select(JobRow.id)
            .where(JobRow.state == JobState.AVAILABLE, JobRow.due_at <= now)
            .where((JobRow.announced_at <= stale) | (JobRow.announced_at < JobRow.due_at))
            .order_by(JobRow.priority.desc(), JobRow.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = list(transaction.session.scalars(query))
        if ids:
            transaction.session.execute(update(JobRow).where(JobRow.id.in_(ids)).values(announced_at=now))
            for job_id in ids:
                transaction.announce(job_id)
    return len(ids)


DUE = (
    Sweep("expired leases", _expire_leases),
    Sweep("released limits", _release_limited),
    Sweep("announcements", announce, is_work=False),
)
