"""Incidents that the engine knows nothing of: an instance stands still because what should advance it fails.

They are about a due thing that failed again and again (its setback names the incident), or about a job whose end the
process cannot take. They end when the thing is done at last, when it is gone, or when their instance is over.
"""

from collections.abc import Collection

from sqlalchemy import delete, select, update

from app.runtime.transaction import Transaction, new_id
from app.store.states import IncidentState, JobState
from app.store.tables import HistoryRow, IncidentRow, InstanceRow, JobRow, SetbackRow

STANDSTILL = "standstill"  # the kind of an incident
TRIES_AFTER_REPAIR = 3


def begin(
    transaction: Transaction,
    row: InstanceRow,
    message: str,
    *,
    element_id: str = "",
    element_instance_id: str = "",
    job_id: str | None = None,
) -> str:
    """Raise the incident; the tree of the instance is locked. Returns its id."""
    incident_id = new_id()
    transaction.batch.put(
        IncidentRow,
        id=incident_id,
        instance_id=row.id,
        process_id=row.process_id,
        element_instance_id=element_instance_id,
        element_id=element_id,
        kind=STANDSTILL,
        message=message,
        state=IncidentState.OPEN,
        job_id=job_id,
        raised_at=transaction.now,
    )
    row.incident_count += 1
    row.history_count += 1
    transaction.batch.put(
        HistoryRow,
        instance_id=row.id,
        position=row.history_count,
        at=transaction.now,
        kind="incident",
        element_id=element_id or None,
        detail={"kind": STANDSTILL, "message": message},
    )
    transaction.record("incident.raised", incident_id, stream=row.id, kind=STANDSTILL, element=element_id)
    return incident_id


def end(transaction: Transaction, row: InstanceRow, incident_ids: Collection[str]) -> None:
    """These incidents are over; what they were about is as if it had not failed yet. The tree is locked."""
    session = transaction.session
    session.execute(delete(SetbackRow).where(SetbackRow.incident_id.in_(incident_ids)))
    still_open = update(IncidentRow).where(IncidentRow.id.in_(incident_ids), IncidentRow.state == IncidentState.OPEN)
    ended = session.execute(
        still_open.values(
            state=IncidentState.RESOLVED, resolved_at=transaction.now, resolved_by=transaction.actor.name
        ).execution_options(synchronize_session=False)
    )
    row.incident_count = max(0, row.incident_count - ended.rowcount)  # type: ignore[attr-defined]


def end_all(transaction: Transaction, row: InstanceRow) -> None:
    """The instance is over: it stands still no longer."""
    query = select(IncidentRow.id).where(
        IncidentRow.instance_id == row.id, IncidentRow.kind == STANDSTILL, IncidentRow.state == IncidentState.OPEN
    )
    if ids := list(transaction.session.scalars(query)):
        end(transaction, row, ids)


def end_of(transaction: Transaction, row: InstanceRow, gone: Collection[str]) -> None:
    """Waits and jobs of the instance are gone, and what their incidents were about with them."""
    session = transaction.session
    here = (IncidentRow.instance_id == row.id, IncidentRow.kind == STANDSTILL, IncidentRow.state == IncidentState.OPEN)
    query = select(IncidentRow.id).outerjoin(SetbackRow, SetbackRow.incident_id == IncidentRow.id)
    if ids := list(session.scalars(query.where(*here, SetbackRow.subject.in_(gone) | IncidentRow.job_id.in_(gone)))):
        end(transaction, row, ids)


def retry(transaction: Transaction, row: InstanceRow, incident: IncidentRow) -> None:
    """Have what the incident is about tried again: by the next tick, or by the next worker."""
    end(transaction, row, [incident.id])
    if incident.job_id is not None:
        again = {"state": JobState.AVAILABLE, "retries": TRIES_AFTER_REPAIR, "failures": 0, "ended_at": None}
        transaction.session.execute(
            update(JobRow)
            .where(JobRow.id == incident.job_id, JobRow.state == JobState.FAILED)
            .values(**again, due_at=transaction.now, announced_at=transaction.now, message=None, exception_class=None)
            .execution_options(synchronize_session=False)
        )
        transaction.announce(incident.job_id)
