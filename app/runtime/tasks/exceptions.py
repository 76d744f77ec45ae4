"""Exceptions in the inbox: their owner corrects the data and has what stopped tried again.

An exception ends when its incident does: a task that only said "done" would leave a case standing in nobody's inbox.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import commands
from app.errors import Conflict, Invalid
from app.runtime.instances import advancing, incidents, task_rows
from app.runtime.transaction import Core, Transaction, mapping
from app.store.states import IncidentState, TaskKind, TaskState
from app.store.tables import IncidentRow, InstanceRow, TaskRow


def open_incident(session: Session, task: TaskRow) -> str | None:
    """The incident that keeps the case of an exception from going on."""
    if task.kind is not TaskKind.EXCEPTION or task.job_id is None:
        return None
    query = select(IncidentRow.id).where(
        IncidentRow.instance_id == task.instance_id,
        IncidentRow.job_id == task.job_id,
        IncidentRow.state == IncidentState.OPEN,
    )
    return session.scalar(query.limit(1))


def close(transaction: Transaction, row: InstanceRow, task: TaskRow, given: Mapping[str, object]) -> None:
    """The exception is handled. Raises `Conflict` while its case still stands."""
    if open_incident(transaction.session, task) is not None:
        raise Conflict(
            f"Expected a case that goes on, but it still stands at {task.element_id}. "
            "Correct its data and try again, or hand the exception over."
        )
    transaction.batch.change(TaskRow, task.id, assignee=transaction.actor.name)
    transaction.record("task.completed", task.id, stream=row.id, element=task.element_id, variables=sorted(given))
    task.state = TaskState.COMPLETED
    task.ended_at = transaction.now
    task.ended_by = transaction.actor.name
    task.escalate_at = None
    task_rows.withdraw(transaction, task.id)


def repair(
    core: Core, transaction: Transaction, row: InstanceRow, task: TaskRow, corrections: Mapping[str, object]
) -> None:
    """Correct variables that the case has, and try again what stopped. The mandate checks the action anew.

    Raises `Invalid` for a variable that the case does not have, and `Conflict` where nothing stands.
    """
    incident_id = open_incident(transaction.session, task)
    if incident_id is None:
        raise Conflict("Expected an exception whose case stands, but it goes on already. Close it.")
    before = mapping(row.variables)
    if unknown := sorted(corrections.keys() - before.keys()):
        raise Invalid({f"$.variables.{name}": "Expected a variable that the case has." for name in unknown})
    changed = {name: value for name, value in corrections.items() if before[name] != value}
    advance = advancing.Advance(core, transaction)
    if changed:
        advance.send(row.id, commands.SetVariables(changed))
        old = {name: before[name] for name in changed}
        transaction.record("instance.variables-set", row.id, stream=row.id, scope=None, new=changed, old=old)
    task.assignee = transaction.actor.name
    incidents.retry(transaction, advance, incident_id)
