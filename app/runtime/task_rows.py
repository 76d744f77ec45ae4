"""Inbox tasks as rows: how each kind is made, and how they end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from app.engine.events import UserTaskCreated
from app.runtime.transaction import Transaction
from app.store.states import TaskKind, TaskState
from app.store.tables import InstanceRow, TaskCandidateRow, TaskRow

DEFAULT_PRIORITY = 50


@dataclass(frozen=True, slots=True)
class NewTask:
    id: str
    kind: TaskKind
    element_id: str
    name: str
    summary: str = ""
    element_instance_id: str | None = None
    job_id: str | None = None
    incident_id: str | None = None
    assignee: str | None = None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = DEFAULT_PRIORITY
    tier: str | None = None
    form_id: str | None = None
    variables: object = None
    level: int = 0


def put(transaction: Transaction, row: InstanceRow, task: NewTask) -> None:
    """Add a task of an instance to the inbox."""
    transaction.batch.put(
        TaskRow,
        id=task.id,
        kind=task.kind,
        state=TaskState.OPEN,
        instance_id=row.id,
        root_id=row.root_id,
        process_id=row.process_id,
        process_name=row.process_name,
        business_key=row.business_key,
        element_instance_id=task.element_instance_id,
        element_id=task.element_id,
        job_id=task.job_id,
        incident_id=task.incident_id,
        name=task.name,
        summary=task.summary,
        assignee=task.assignee,
        candidate_users=list(task.candidate_users),
        candidate_groups=list(task.candidate_groups),
        created_at=transaction.now,
        due_at=task.due_at,
        follow_up_at=task.follow_up_at,
        escalate_at=task.due_at,
        priority=task.priority,
        level=task.level,
        tier=task.tier,
        form_id=task.form_id,
        variables=task.variables if task.variables is not None else {},
    )
    for name in candidates(task.candidate_users, task.candidate_groups):
        transaction.batch.put(TaskCandidateRow, task_id=task.id, name=name)


def put_user_task(transaction: Transaction, row: InstanceRow, event: UserTaskCreated) -> None:
    put(
        transaction,
        row,
        NewTask(
            id=event.user_task_id,
            kind=TaskKind.USER_TASK,
            element_id=event.element_id,
            element_instance_id=event.element_instance_id,
            name=event.name or event.element_id,
            assignee=event.assignee,
            candidate_users=event.candidate_users,
            candidate_groups=event.candidate_groups,
            due_at=event.due_date,
            follow_up_at=event.follow_up_date,
            priority=event.priority,
            form_id=event.form_id,
            variables=dict(event.variables),
        ),
    )


def end(transaction: Transaction, task_ids: Iterable[str], state: TaskState) -> None:
    """Close tasks that are in the database."""
    transaction.session.execute(
        update(TaskRow)
        .where(TaskRow.id.in_(list(task_ids)), TaskRow.state == TaskState.OPEN)
        .values(state=state, ended_at=transaction.now, ended_by=transaction.actor.name, escalate_at=None)
    )


def candidates(users: Iterable[str], groups: Iterable[str]) -> list[str]:
    """The names under which a task is offered."""
    return list(dict.fromkeys([*(f"user:{user}" for user in users), *(f"group:{group}" for group in groups)]))
