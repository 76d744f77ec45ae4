"""What is due of jobs: leases that ended without an answer, limits whose window has passed, lost announcements."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from app.handlers import ExceptionClass
from app.runtime.clock import CLOCK, DueThings, Heartbeats, Place, Sweep, ids_of, setbacks
from app.runtime.governance import Attempt, held_jobs
from app.runtime.instances import advancing
from app.runtime.jobs import ending
from app.runtime.transaction import Core, Transaction
from app.runtime.views import DueKind, JobState, ProcessKind
from app.store.tables import JobRow


def _expire_leases(core: Core, limit: int) -> int:
    """Give others what a worker has not answered."""
    with core.transaction(CLOCK) as transaction:
        lost = (*_has_lost_its_worker(transaction.now), JobRow.unanswered < core.settings.most_deaths)
        ids = _make_available(transaction, lost, limit)
        _part(core, transaction, ids)
        return len(ids)


def _part(core: Core, transaction: Transaction, ids: Sequence[str]) -> None:
    """Of jobs that have died together twice one may be the cause: they shall not begin together a third time."""
    query = select(JobRow.id).where(JobRow.id.in_(ids), JobRow.unanswered > 1)
    for job_id in transaction.session.scalars(query).all() if ids else ():
        due_at = transaction.now + core.settings.lease * core.random()
        transaction.session.execute(update(JobRow).where(JobRow.id == job_id).values(due_at=due_at))


def _deadly(core: Core, limit: int) -> Sequence[str]:
    query = select(JobRow.id).where(
        *_has_lost_its_worker(core.clock.now()), JobRow.unanswered >= core.settings.most_deaths
    )
    return ids_of(core, query.where(~setbacks.holds(core, DueKind.LEASE, JobRow.id)).order_by(JobRow.id).limit(limit))


def _give_up(core: Core, job_id: str) -> int:
    """A job that costs its workers their lives ends as an incident, so that the others go on."""
    with core.transaction(CLOCK) as transaction:
        locked = advancing.lock_with(transaction, JobRow, job_id)
        if locked is None:
            return 0
        job = locked[1]
        is_lost = job.state is JobState.LEASED and job.lease_until is not None and job.lease_until <= transaction.now
        if not is_lost or job.unanswered < core.settings.most_deaths:
            return 0
        ending.lose(Attempt(core, transaction, *locked))
    return 1


def _place(core: Core, job_id: str) -> Place | None:
    with core.store.read() as session:
        job = session.get(JobRow, job_id)
        return None if job is None else Place(job.instance_id, job.element_id)


def _unserved(core: Core, limit: int) -> Sequence[str]:
    """Jobs that have been due for long and whose type no living worker serves. Where no worker lives, all wait."""
    workers = [each for each in Heartbeats(core).list(ProcessKind.WORKER) if each.is_alive]
    if not workers:
        return ()
    served = {each for worker in workers for each in worker.types}
    query = select(JobRow.id).where(*_has_waited(core), JobRow.type.not_in(served))
    return ids_of(core, query.where(~setbacks.holds(core, DueKind.UNSERVED, JobRow.id)).limit(limit))


def _refuse_unserved(core: Core, job_id: str) -> int:
    with core.transaction(CLOCK) as transaction:
        locked = advancing.lock_with(transaction, JobRow, job_id)
        if locked is None or locked[1].state is not JobState.AVAILABLE:
            return 0
        minutes = int(core.settings.unserved_for.total_seconds() // 60)
        message = (
            f'Expected a task handler "{locked[1].type}", but found none in any worker for {minutes} minutes. '
            "Install it, and retry."
        )
        ending.fail(Attempt(core, transaction, *locked), ending.Failure(ExceptionClass.DATA, message))
    return 1


def _has_waited(core: Core) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return JobRow.state == JobState.AVAILABLE, JobRow.due_at <= core.clock.now() - core.settings.unserved_for


def _has_lost_its_worker(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return JobRow.state == JobState.LEASED, JobRow.lease_until <= now


def _release_limited(core: Core, limit: int) -> int:
    with core.transaction(CLOCK) as transaction:
        held = (JobRow.state == JobState.HELD, JobRow.held_by == held_jobs.LIMIT, JobRow.due_at <= transaction.now)
        return len(_make_available(transaction, held, limit))


def _make_available(transaction: Transaction, which: Sequence[ColumnElement[bool]], limit: int) -> list[str]:
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
    return ids


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
    DueThings("deadly jobs", DueKind.LEASE, _deadly, _give_up, _place),
    DueThings("unserved jobs", DueKind.UNSERVED, _unserved, _refuse_unserved, _place),
    Sweep("released limits", _release_limited),
    Sweep("announcements", announce, is_work=False),
)
