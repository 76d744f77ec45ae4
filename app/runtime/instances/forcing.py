"""Cancelling an instance that the engine cannot cancel: its rows are closed without it, and the evidence is kept."""

from sqlalchemy import delete, select, update

from app.errors import Conflict
from app.runtime.instances import advancing, task_rows
from app.runtime.instances.event_writer import EventWriter
from app.runtime.transaction import Core, Transaction
from app.runtime.views import Actor
from app.store.states import ApprovalState, IncidentState, InstanceStatus, JobState, TaskState
from app.store.tables import (
    ApprovalRow,
    HistoryRow,
    IncidentRow,
    InstanceRow,
    JobRow,
    KeyedStartRow,
    SetbackRow,
    SubscriptionRow,
    TaskRow,
    TimerRow,
)

OPEN_JOBS = (JobState.AVAILABLE, JobState.LEASED, JobState.AWAITING_APPROVAL, JobState.HELD, JobState.FAILED)


def cancel(core: Core, actor: Actor, instance_id: str, reason: str, cause: str) -> None:
    """End the instance and everything that it called, in one transaction. `cause` says why not by the engine.

    The stored state stays as it is, for whoever looks for the mistake. What called the instance keeps its call
    activity, as when the engine cancels; its listeners are not called. Raises `Conflict` if it is over.
    """
    with core.transaction(actor) as transaction:
        row = advancing.lock(transaction, instance_id)
        if row.status is not InstanceStatus.RUNNING:
            raise Conflict(f"Expected a running process instance, but {instance_id} is {row.status}.")
        for each in _with_called(transaction, row):
            _close(core, transaction, each, reason, cause)


def _with_called(transaction: Transaction, row: InstanceRow) -> list[InstanceRow]:
    found = [row]
    for caller in found:  # which grows
        called = select(InstanceRow.id).where(
            InstanceRow.parent_id == caller.id, InstanceRow.status == InstanceStatus.RUNNING
        )
        found += [advancing.lock(transaction, each) for each in transaction.session.scalars(called).all()]
    return found


def _close(core: Core, transaction: Transaction, row: InstanceRow, reason: str, cause: str) -> None:
    session, now = transaction.session, transaction.now
    tasks = list(
        session.scalars(select(TaskRow.id).where(TaskRow.instance_id == row.id, TaskRow.state == TaskState.OPEN))
    )
    if tasks:
        task_rows.end(transaction, tasks, TaskState.CANCELLED)
    incidents = select(IncidentRow.id).where(IncidentRow.instance_id == row.id)
    open_visit = (HistoryRow.instance_id == row.id, HistoryRow.kind == "element", HistoryRow.ended_at.is_(None))
    resolved = {"state": IncidentState.RESOLVED, "resolved_at": now, "resolved_by": transaction.actor.name}
    for statement in (
        update(ApprovalRow)
        .where(ApprovalRow.id.in_(tasks), ApprovalRow.state == ApprovalState.WAITING)
        .values(state=ApprovalState.CANCELLED),
        update(JobRow)
        .where(JobRow.instance_id == row.id, JobRow.state.in_(OPEN_JOBS))
        .values(state=JobState.CANCELLED, ended_at=now, lease_until=None),
        delete(TimerRow).where(TimerRow.instance_id == row.id),
        delete(KeyedStartRow).where(KeyedStartRow.id == row.id),
        delete(SubscriptionRow).where(SubscriptionRow.instance_id == row.id),
        delete(SetbackRow).where(SetbackRow.incident_id.in_(incidents)),
        update(IncidentRow)
        .where(IncidentRow.instance_id == row.id, IncidentRow.state == IncidentState.OPEN)
        .values(**resolved),
        update(HistoryRow).where(*open_visit).values(outcome="cancelled", ended_at=now),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    row.status, row.ended_at, row.incident_count = InstanceStatus.CANCELLED, now, 0
    detail = {"reason": reason, "by_force": True, "cause": cause}
    EventWriter(core, transaction, row).history("cancelled", detail=detail)
    transaction.record("instance.cancelled", row.id, stream=row.id, **detail)
