"""What people do with user tasks: at once, or by asking the process where it has task listeners.

A task without listeners is no concern of its process until it is completed. One with listeners is: they may be asked
first, and until they have answered the task is held up.
"""

from collections.abc import Mapping

from app.engine import TaskEvent, commands
from app.errors import Conflict
from app.runtime.instances import advancing, task_rows
from app.runtime.transaction import Core, Transaction
from app.store.states import TaskKind
from app.store.tables import InstanceRow, TaskRow

CLAIM, ASSIGN, RELEASE = "claim", "assign", "unassign"  # what listeners are told, in Camunda 8's words
RECORDS: Mapping[str, str] = {CLAIM: "task.claimed", ASSIGN: "task.assigned", RELEASE: "task.released"}


def listened(core: Core, transaction: Transaction, row: InstanceRow, task: TaskRow) -> frozenset[TaskEvent]:
    """The transitions that the task's listeners hold up; empty where the process need not be asked."""
    if task.kind is not TaskKind.USER_TASK:
        return frozenset()
    return core.models.program(transaction.session, row.model_id).task_listeners(task.element_id)


def refuse_if_held_up(task: TaskRow) -> None:
    """Raise `Conflict` while listeners are asked about a transition of the task."""
    if task.held_up is not None:
        raise Conflict(
            f"Expected a task at rest, but {task.asked_by} has asked for it and it is {task.held_up}: "
            "its checks have not ended yet. Wait for them, then look again."
        )


def assign(
    core: Core, transaction: Transaction, row: InstanceRow, task: TaskRow, person: str | None, *, action: str
) -> bool:
    """Give the task to a person, or with None to nobody. True: done; False: its listeners are asked first."""
    held_up_by = listened(core, transaction, row, task)
    if not held_up_by:
        before = task.assignee
        task_rows.give(transaction, task, person)
        transaction.record(RECORDS[action], task.id, stream=task.instance_id, before=before, after=person)
        return True
    transaction.record("task.asked", task.id, stream=row.id, action=action, assignee=person)
    advancing.Advance(core, transaction).send(row.id, commands.AssignUserTask(task.id, person, action))
    return TaskEvent.ASSIGNING not in held_up_by


def change(
    core: Core,
    transaction: Transaction,
    row: InstanceRow,
    task: TaskRow,
    changes: Mapping[str, object],
    *,
    action: str = "update",
) -> bool:
    """Change what the task says about itself (JSON). True: done; False: its listeners are asked first."""
    held_up_by = listened(core, transaction, row, task)
    if not held_up_by:
        task_rows.change(core, transaction, row.id, task.id, changes)
        return True
    transaction.record("task.asked", task.id, stream=row.id, action=action, changes=dict(changes))
    advancing.Advance(core, transaction).send(row.id, commands.UpdateUserTask(task.id, changes, action))
    return TaskEvent.UPDATING not in held_up_by


def complete(
    core: Core, transaction: Transaction, row: InstanceRow, task: TaskRow, variables: Mapping[str, object]
) -> bool:
    """Complete a user task, which becomes the actor's first. True: done; False: its listeners are asked first."""
    actor, advance = transaction.actor, advancing.Advance(core, transaction)
    held_up_by = listened(core, transaction, row, task)
    is_done = TaskEvent.COMPLETING not in held_up_by
    if not held_up_by:
        transaction.batch.change(TaskRow, task.id, assignee=actor.name)
    elif task.assignee is None and not actor.is_system:
        if TaskEvent.ASSIGNING in held_up_by:
            raise Conflict("Expected one's own task, but nobody has it, and listeners check claims. Claim it first.")
        advance.send(row.id, commands.AssignUserTask(task.id, actor.name, CLAIM))
    transaction.record(
        "task.completed" if is_done else "task.asked",
        task.id,
        stream=row.id,
        element=task.element_id,
        variables=sorted(variables),
        **({} if is_done else {"action": "complete"}),
    )
    advance.send(row.id, commands.CompleteUserTask(task.id, variables))
    return is_done
