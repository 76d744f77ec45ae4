"""What is due in the inbox: tasks that nobody has done in time are escalated."""

from collections.abc import Sequence

from sqlalchemy import select

from app.runtime.clock import CLOCK, DueThings, ids_of, setbacks
from app.runtime.governance import escalating, place_of_task
from app.runtime.instances import advancing
from app.runtime.tasks import transitions
from app.runtime.transaction import Core
from app.runtime.views import DueKind, TaskState
from app.store.tables import TaskRow


def _overdue(core: Core, limit: int) -> Sequence[str]:
    query = select(TaskRow.id).where(
        TaskRow.state == TaskState.OPEN, TaskRow.escalate_at <= core.clock.now(), TaskRow.held_up.is_(None)
    )
    query = query.where(~setbacks.holds(core, DueKind.ESCALATION, TaskRow.id))
    return ids_of(core, query.order_by(TaskRow.escalate_at).limit(limit))


def _escalate(core: Core, task_id: str) -> bool:
    with core.transaction(CLOCK) as transaction:
        session = transaction.session
        row = advancing.lock(transaction, session.get_one(TaskRow, task_id).instance_id)
        task = transaction.anew(TaskRow, task_id)
        if task is None or task.state is not TaskState.OPEN or task.held_up is not None:
            return False
        if task.escalate_at is None or task.escalate_at > transaction.now:
            return False
        changes = escalating.escalate_task(core, transaction, row, task)
        transaction.gather()
        transitions.change(core, transaction, row, task, changes, action="escalate")
        return True


DUE = (DueThings("escalations", DueKind.ESCALATION, _overdue, _escalate, place_of_task),)
