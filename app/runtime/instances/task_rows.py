"""Inbox tasks as rows: how each kind is made, what changes of them, what holds them up, and how they end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from app.engine.events import UserTaskCreated
from app.runtime.people import offered_names
from app.runtime.transaction import Core, Transaction, texts
from app.store.states import TaskKind, TaskState
from app.store.tables import InstanceRow, TaskCandidateRow, TaskRow

DEFAULT_PRIORITY = 50
EXCEPTION_PRIORITY = 80
EXCEPTION_DUE = timedelta(hours=1)  # of an exception that no routing decision gives another time
AT_REST: Mapping[str, object] = {"held_up": None, "asked_by": None, "denied": None, "denied_because": None}
OFFERING = frozenset({"assignee", "candidate_users", "candidate_groups", "priority"})  # what offers depend on
COLUMNS: Mapping[str, str] = {  # by the engine's names of what a user task says about itself
    "assignee": "assignee",
    "candidate_users": "candidate_users",
    "candidate_groups": "candidate_groups",
    "due_date": "due_at",
    "follow_up_date": "follow_up_at",
    "priority": "priority",
}


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
    for name in _offers(task.assignee, task.candidate_users, task.candidate_groups):
        transaction.batch.put(TaskCandidateRow, task_id=task.id, name=name, priority=task.priority)


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


def change(core: Core, transaction: Transaction, stream: str, task_id: str, changes: Mapping[str, object]) -> None:
    """The task is at rest again, with these changes (JSON, by the names of `COLUMNS`); old and new ones are audited.

    A new due date begins the escalation anew, unless nobody is left to escalate to.
    """
    before = {name: present(transaction, task_id, column) for name, column in COLUMNS.items() if name in changes}
    values = {COLUMNS[name]: _column_value(name, value) for name, value in changes.items()}
    if "due_at" in values:
        is_last = int(str(present(transaction, task_id, "level"))) >= core.settings.escalation_levels
        values["escalate_at"] = None if is_last else values["due_at"]
    if not OFFERING.isdisjoint(values):
        _offer_anew(transaction, task_id, values)
    transaction.batch.change(TaskRow, task_id, **{**AT_REST, **values})
    asked_by = _asked_by(transaction, task_id)
    record = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in before.items()}
    transaction.record("task.changed", task_id, stream=stream, before=record, after=dict(changes), asked_by=asked_by)


def hold_up(transaction: Transaction, stream: str, task_id: str, transition: str) -> None:
    """Listeners are asked about the transition that the transaction's actor wants."""
    values = {**AT_REST, "held_up": transition, "asked_by": transaction.actor.name}
    transaction.batch.change(TaskRow, task_id, **values)
    transaction.record("task.held-up", task_id, stream=stream, transition=transition)


def deny(transaction: Transaction, stream: str, task_id: str, transition: str, reason: str) -> None:
    """A listener has denied the transition: the task is at rest, as it was before."""
    asked_by = _asked_by(transaction, task_id)
    transaction.batch.change(TaskRow, task_id, **{**AT_REST, "denied": transition, "denied_because": reason})
    transaction.record("task.denied", task_id, stream=stream, transition=transition, reason=reason, asked_by=asked_by)


def complete(transaction: Transaction, stream: str, task_id: str) -> None:
    """The user task was completed, by whoever asked for it where listeners were asked first."""
    asked_by = _asked_by(transaction, task_id)
    ended_by = asked_by or transaction.actor.name
    values = {**AT_REST, "state": TaskState.COMPLETED, "ended_at": transaction.now, "ended_by": ended_by}
    transaction.batch.change(TaskRow, task_id, **values, escalate_at=None)
    withdraw(transaction, task_id)
    if asked_by is not None:
        transaction.record("task.completed", task_id, stream=stream, asked_by=asked_by)


def cancel(transaction: Transaction, task_id: str) -> None:
    """The process has taken the user task away."""
    values = {**AT_REST, "state": TaskState.CANCELLED, "ended_at": transaction.now, "escalate_at": None}
    transaction.batch.change(TaskRow, task_id, **values)
    withdraw(transaction, task_id)


def give(transaction: Transaction, task: TaskRow, person: str | None) -> None:
    """The task is this person's, or with None nobody's: then it is offered again."""
    if person != task.assignee:
        _offer_anew(transaction, task.id, {"assignee": person})
    task.assignee = person


def withdraw(transaction: Transaction, task_id: str) -> None:
    """The task has ended: it is offered to nobody any more."""
    transaction.batch.remove_where(TaskCandidateRow, {"task_id": task_id})


def present(transaction: Transaction, task_id: str, column: str) -> object:
    """The value of a column of a task, with what the transaction has changed. The row is read once, if ever."""
    planned = transaction.batch.planned(TaskRow, task_id)
    if column in planned:
        return planned[column]
    return getattr(transaction.session.get_one(TaskRow, task_id), column)


def _asked_by(transaction: Transaction, task_id: str) -> str | None:
    """Who asked for the transition that earlier transactions have left under way."""
    row = transaction.session.get(TaskRow, task_id)
    return None if row is None else row.asked_by


def _offer_anew(transaction: Transaction, task_id: str, values: Mapping[str, object]) -> None:
    """Bring the offers of an open task up to date with what changes of it."""
    now = {name: present(transaction, task_id, name) for name in OFFERING}
    then = {**now, **values}
    priority = then["priority"]
    has_moved = priority != now["priority"]
    before, after = (
        _offers(each["assignee"], texts(each["candidate_users"]), texts(each["candidate_groups"]))
        for each in (now, then)
    )
    for name in before:
        if name not in after:
            transaction.batch.remove(TaskCandidateRow, (task_id, name))
    for name in after:
        if name not in before:
            transaction.batch.put(TaskCandidateRow, task_id=task_id, name=name, priority=priority)
        elif has_moved:
            transaction.batch.change(TaskCandidateRow, (task_id, name), priority=priority)


def _offers(assignee: object, users: Iterable[str], groups: Iterable[str]) -> list[str]:
    """Under which names a task is in lists of what is available: none while somebody has it."""
    return [] if assignee is not None else offered_names(users, groups)


def _column_value(name: str, value: object) -> object:
    match name:
        case "due_date" | "follow_up_date":
            return datetime.fromisoformat(value) if isinstance(value, str) else None
        case "priority":
            return int(str(value))
    return value


def end(transaction: Transaction, task_ids: Iterable[str], state: TaskState) -> None:
    """Close tasks that are in the database."""
    ids = list(task_ids)
    for task_id in ids:
        withdraw(transaction, task_id)
    transaction.session.execute(
        update(TaskRow)
        .where(TaskRow.id.in_(ids), TaskRow.state == TaskState.OPEN)
        .values(state=state, ended_at=transaction.now, ended_by=transaction.actor.name, escalate_at=None)
    )
