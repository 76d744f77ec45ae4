"""The inbox: user tasks, approvals and escalated exceptions, for the people who may work on them."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Select, func, or_, select

from app.engine import commands
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.runtime import advancing, approving, inbox_context, showing
from app.runtime.core import Core
from app.runtime.identifiers import new_id
from app.runtime.instances import json_variables
from app.runtime.rights import may_see_task, may_work_on, require, task_names, why_not_decide
from app.runtime.transaction import Transaction
from app.runtime.views import Actor, InboxItem, InboxTask, Page, Permission, TaskKind, TaskState
from app.store.tables import ApprovalRow, CommentRow, InstanceRow, PersonRow, TaskCandidateRow, TaskRow


class InboxList(StrEnum):
    MINE = "mine"  # assigned to me
    AVAILABLE = "available"  # offered to me or to one of my groups, and nobody has it
    ALL = "all"  # every open task (right: tasks.see_all)


class Inbox:
    """Right for everything here: tasks.work, and the task is the actor's, or offered to them (or tasks.see_all)."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self, actor: Actor, view: InboxList, after: str | None = None, limit: int = 50) -> Page[InboxItem]:
        """Open tasks: highest priority first, then the earliest created."""
        query = _listed(actor, InboxList(view)).order_by(TaskRow.priority.desc(), TaskRow.id).limit(limit + 1)
        if after is not None:
            priority, _, last_id = after.partition(":")
            behind = or_(TaskRow.priority < int(priority), (TaskRow.priority == int(priority)) & (TaskRow.id > last_id))
            query = query.where(behind)
        with self._core.store.read() as session:
            rows = session.scalars(query).all()
            last = rows[limit - 1] if len(rows) > limit else None
            cursor = None if last is None else f"{last.priority}:{last.id}"
            return Page(tuple(showing.item(row) for row in rows[:limit]), cursor)

    def counts(self, actor: Actor) -> Mapping[InboxList, int]:
        """How many tasks each list holds (ALL only with the right)."""
        lists = [InboxList.MINE, InboxList.AVAILABLE]
        if actor.may(Permission.TASKS_SEE_ALL):
            lists.append(InboxList.ALL)
        with self._core.store.read() as session:
            return {
                each: session.scalar(select(func.count()).select_from(_listed(actor, each).subquery())) or 0
                for each in lists
            }

    def get(self, actor: Actor, task_id: str) -> InboxTask:
        """One task, open or done, with its whole context."""
        with self._core.look(actor) as transaction:
            row = transaction.session.get(TaskRow, task_id)
            if row is None or not may_see_task(actor, row):
                raise _unknown(actor, task_id)
            return inbox_context.of_task(self._core, transaction, row)

    def claim(self, actor: Actor, task_id: str) -> None:
        """Take a task that nobody has. Raises `Conflict` if somebody does."""
        with self._core.transaction(actor) as transaction:
            _, task = self._workable(transaction, task_id)
            if task.assignee not in (None, actor.name):
                raise Conflict(f"Expected a task that nobody has, but {task.assignee} has it.")
            self._assign(transaction, task, actor.name, "task.claimed")

    def release(self, actor: Actor, task_id: str) -> None:
        """Give a task of one's own back (with tasks.assign: anybody's)."""
        with self._core.transaction(actor) as transaction:
            _, task = self._workable(transaction, task_id)
            if task.assignee != actor.name:
                require(actor, Permission.TASKS_ASSIGN)
            self._assign(transaction, task, None, "task.released")

    def assign(self, actor: Actor, task_id: str, person: str) -> None:
        """Give the task to the person with this sign-in name. Right: tasks.assign, or it is one's own (delegation)."""
        with self._core.transaction(actor) as transaction:
            _, task = self._workable(transaction, task_id)
            if task.assignee != actor.name:
                require(actor, Permission.TASKS_ASSIGN)
            known = select(PersonRow.id).where(PersonRow.name == person, PersonRow.active)
            if transaction.session.scalar(known) is None:
                raise Invalid({"$.person": f'Expected the sign-in name of somebody active, but found "{person}".'})
            self._assign(transaction, task, person, "task.assigned")

    def complete(self, actor: Actor, task_id: str, variables: Mapping[str, object]) -> None:
        """Complete a user task, or close a handled exception. Claims it first if nobody has it."""
        given = json_variables(variables)
        with self._core.transaction(actor) as transaction:
            row, task = self._workable(transaction, task_id)
            if task.kind is TaskKind.APPROVAL:
                raise Conflict("Expected a user task, but this is an approval. Approve or reject it.")
            if task.assignee not in (None, actor.name) and not actor.is_system:
                raise Conflict(f"Expected one's own task, but {task.assignee} has it.")
            transaction.batch.change(TaskRow, task.id, assignee=actor.name)
            transaction.record(
                "task.completed", task.id, stream=row.id, element=task.element_id, variables=sorted(given)
            )
            if task.kind is TaskKind.USER_TASK:
                inbox_context.record_decision_by_hand(self._core, transaction, row, task, given)
                advance = advancing.Advance(self._core, transaction)
                advance.send(row.id, commands.CompleteUserTask(task.id, given))
                return
            task.state = TaskState.COMPLETED
            task.ended_at = transaction.now
            task.ended_by = actor.name
            task.escalate_at = None

    def approve(self, actor: Actor, task_id: str, reason: str = "") -> None:
        """Approve an action. Raises `Forbidden` for its requester (four eyes) and outside the approver role."""
        self._vote(actor, task_id, reason, approve=True)

    def reject(self, actor: Actor, task_id: str, reason: str) -> None:
        """Reject an action; the process gets the BPMN error ACTION_REJECTED. A reason is needed (`Invalid`)."""
        self._vote(actor, task_id, reason, approve=False)

    def comment(self, actor: Actor, task_id: str, text: str) -> None:
        """Add a comment. Raises `Invalid` for an empty one."""
        if not text.strip():
            raise Invalid({"$.text": "Expected a comment."})
        with self._core.transaction(actor) as transaction:
            row = transaction.session.get(TaskRow, task_id)
            if row is None or not may_see_task(actor, row):
                raise _unknown(actor, task_id)
            advancing.lock(transaction, row.instance_id)  # whoever adds to an instance's audit stream holds its lock
            transaction.batch.put(
                CommentRow, id=new_id(), task_id=task_id, author=actor.name, text=text, at=transaction.now
            )
            transaction.record("task.commented", task_id, stream=row.instance_id)

    def _vote(self, actor: Actor, task_id: str, reason: str, *, approve: bool) -> None:
        with self._core.transaction(actor) as transaction:
            row, task = self._workable(transaction, task_id)
            approval = transaction.session.get(ApprovalRow, task_id)
            if approval is None:
                raise Conflict("Expected an approval, but this is a user task. Complete it.")
            if why_not := why_not_decide(actor, task):
                raise Forbidden(why_not)
            if task.assignee not in (None, actor.name) and not actor.is_system:
                raise Conflict(f"Expected one's own task, but {task.assignee} has it.")
            approving.vote(self._core, transaction, row, task, approval, reason=reason, approve=approve)

    def _workable(self, transaction: Transaction, task_id: str) -> tuple[InstanceRow, TaskRow]:
        """Instance and task, locked. Raises `NotFound`, `Forbidden`, or `Conflict` for a task that is not open."""
        actor = transaction.actor
        locked = advancing.lock_with(transaction, TaskRow, task_id)
        if locked is None:
            raise _unknown(actor, task_id)
        row, task = locked
        if not may_work_on(actor, task):
            if not may_see_task(actor, task):
                raise _unknown(actor, task_id)
            require(actor, Permission.TASKS_ASSIGN)
        if task.state is not TaskState.OPEN:
            raise Conflict(f"Expected an open task, but it is {task.state}.")
        return row, task

    def _assign(self, transaction: Transaction, task: TaskRow, person: str | None, action: str) -> None:
        before, task.assignee = task.assignee, person
        transaction.record(action, task.id, stream=task.instance_id, before=before, after=person)


def _listed(actor: Actor, view: InboxList) -> Select[TaskRow]:
    require(actor, Permission.TASKS_SEE_ALL if view is InboxList.ALL else Permission.TASKS_WORK)
    query = select(TaskRow).where(TaskRow.state == TaskState.OPEN)
    match view:
        case InboxList.MINE:
            return query.where(TaskRow.assignee == actor.name)
        case InboxList.AVAILABLE:
            offered = select(TaskCandidateRow.task_id).where(TaskCandidateRow.name.in_(task_names(actor)))
            offered_to_anybody = ~select(TaskCandidateRow).where(TaskCandidateRow.task_id == TaskRow.id).exists()
            return query.where(TaskRow.assignee.is_(None), or_(TaskRow.id.in_(offered), offered_to_anybody))
        case InboxList.ALL:
            return query


def _unknown(actor: Actor, task_id: str) -> NotFound:
    return NotFound(f"Expected a task {task_id}, but found none that {actor.name} may see.")
