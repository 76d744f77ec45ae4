"""Jobs that wait because something holds them: a switch, a limit, a circuit; and how they are let go."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.runtime.transaction import Transaction
from app.store.states import JobState
from app.store.tables import JobRow

LIMIT = "limit"  # what a job that waits for a window to pass says about it
SWITCH = "switch"


def by_circuit(system: str) -> str:
    """What a job that waits for the circuit of a system says about it."""
    return f"circuit:{system}"


def release(transaction: Transaction, cause: str, limit: int | None = None) -> int:
    """Make held jobs available again; each is checked anew when it begins. Returns how many."""
    query = select(JobRow.id).where(JobRow.state == JobState.HELD, JobRow.held_by == cause).order_by(JobRow.id)
    ids = list(transaction.session.scalars(query if limit is None else query.limit(limit)))
    if ids:
        transaction.session.execute(
            update(JobRow)
            .where(JobRow.id.in_(ids), JobRow.state == JobState.HELD)
            .values(state=JobState.AVAILABLE, held_by=None, due_at=transaction.now, announced_at=transaction.now)
        )
        for job_id in ids:
            transaction.announce(job_id)
    return len(ids)


def counts(session: Session) -> dict[str | None, int]:
    """How many jobs wait, by what holds them."""
    query = select(JobRow.held_by, func.count()).where(JobRow.state == JobState.HELD).group_by(JobRow.held_by)
    return dict(session.execute(query).all())
