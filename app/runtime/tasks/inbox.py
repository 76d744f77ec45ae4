"""The inbox: user tasks, approvals and escalated exceptions, for the people who may work on them."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.engine import TaskEvent, task_attributes
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.runtime.governance import approving
from app.runtime.instances import advancing, telling
from app.runtime.people import (
    account_named,
    may_see_task,
    may_work_on,
    permissions_of,
    require,
    require_change,
)
from app.runtime.tasks import context, exceptions, lists, transitions
from app.runtime.tasks.lists import InboxList
from app.runtime.transaction import Core, Transaction, json_variables, new_id, refuse_if_changed, texts
from app.runtime.views import Actor, InboxItem, InboxTask, Page, Permission, PlatformRole, TaskKind, TaskState
from app.store.tables import ApprovalRow, CommentRow, InstanceRow, PersonRow, TaskRow


class Inbox:
    """Right for everything here: tasks.work, and the task is the actor's, or offered to them (or tasks.see_all)."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, actor: Actor, view: InboxList, after: str | None = None, limit: int = 50, search: str = ""
    ) -> Page[InboxItem]:
        """Open tasks that hold all words of `search`: highest priority first, then the earliest created."""
        query = lists.of_page(actor, InboxList(view), after, limit + 1, search)
        with self._core.store.read() as session:
            items = tuple(InboxItem.of(row) for row in session.scalars(query))
        return Page(items[:limit], lists.cursor_behind(items[limit - 1]) if len(items) > limit else None)

    def counts(self, actor: Actor, wanted: Collection[InboxList] = tuple(InboxList)) -> Mapping[InboxList, int]:
        """How many tasks each of the lists holds, at most `MOST_COUNTED` (ALL only with the right)."""
        asked = [each for each in wanted if each is not InboxList.ALL or actor.may(Permission.TASKS_SEE_ALL)]
        columns = [lists.count(actor, each).scalar_subquery() for each in asked]
        with self._core.store.read() as session:
            return dict(zip(asked, session.execute(select(*columns)).one(), strict=True)) if asked else {}

    def get(self, actor: Actor, task_id: str) -> InboxTask:
        """One task, open or done, with its whole context."""
        with self._core.look(actor) as transaction:
            row = transaction.session.get(TaskRow, task_id)
            if row is None or not may_see_task(actor, row):
                raise _unknown(actor, task_id)
            return context.of_task(self._core, transaction, row)

    def claim(self, actor: Actor, task_id: str) -> bool:
        """Take a task that nobody has. Raises `Conflict` if somebody does.

        As with all that follows: True if it is so already, False while listeners of the process check it.
        """
        with self._core.transaction(actor) as transaction:
            row, task = self._workable(transaction, task_id)
            if task.assignee not in (None, actor.name):
                raise Conflict(f"Expected a task that nobody has, but {task.assignee} has it.")
            self._check_decides(transaction, row, task, actor.name)
            return transitions.assign(self._core, transaction, row, task, actor.name, action=transitions.CLAIM)

    def release(self, actor: Actor, task_id: str) -> bool:
        """Give a task of one's own back (with tasks.assign: anybody's)."""
        with self._core.transaction(actor) as transaction:
            row, task = self._workable(transaction, task_id)
            require_change(actor, task, {"assignee"})
            return transitions.assign(self._core, transaction, row, task, None, action=transitions.RELEASE)

    def assign(self, actor: Actor, task_id: str, person: str) -> bool:
        """Give the task to the person with this sign-in name. Right: tasks.assign, or it is one's own (delegation)."""
        with self._core.transaction(actor) as transaction:
            row, task = self._workable(transaction, task_id)
            require_change(actor, task, {"assignee"})
            _check_person(transaction, person, "$.person")
            self._check_decides(transaction, row, task, person)
            return transitions.assign(self._core, transaction, row, task, person, action=transitions.ASSIGN)

    def update(self, actor: Actor, task_id: str, changes: Mapping[str, object]) -> bool:
        """Change a user task's assignee, candidate_users, candidate_groups, due_date, follow_up_date or priority.

        Dates are moments or ISO 8601 text; None takes an assignee or a date away. Right: tasks.assign; of one's own
        task also without it: the assignee and the follow-up date. Raises `Invalid` for what does not fit, and
        `Conflict` for an approval or an exception: who decides those and by when follows from roles and routing.
        """
        wanted = _checked(changes)
        with self._core.transaction(actor) as transaction:
            row, task = self._workable(transaction, task_id)
            require_change(actor, task, wanted)
            if task.kind is not TaskKind.USER_TASK:
                raise Conflict(f"Expected a user task, but this is an {task.kind}. Assign it instead.")
            assignee = wanted.get("assignee")
            if isinstance(assignee, str):
                _check_person(transaction, assignee, "$.assignee")
            if "assignee" not in wanted or TaskEvent.ASSIGNING not in transitions.listened(
                self._core, transaction, row, task
            ):
                return transitions.change(self._core, transaction, row, task, wanted)
            if len(wanted) > 1:
                raise Invalid({"$.assignee": "Listeners check who gets this task. Change the assignee alone."})
            action = transitions.RELEASE if assignee is None else transitions.ASSIGN
            person = assignee if isinstance(assignee, str) else None
            return transitions.assign(self._core, transaction, row, task, person, action=action)

    def complete(self, actor: Actor, task_id: str, variables: Mapping[str, object]) -> bool:
        """Complete a user task, or close an exception whose case goes on. Claims it first if nobody has it.

        What a form asks is held to its rules, whoever sends it: raises `Invalid` with the problem of every field.
        """
        given = json_variables(variables)
        with telling(self._core), self._core.transaction(actor) as transaction:
            row, task = self._workable(transaction, task_id)
            if task.kind is TaskKind.APPROVAL:
                raise Conflict("Expected a user task, but this is an approval. Approve or reject it.")
            self._refuse_if_taken(actor, task)
            if task.kind is TaskKind.USER_TASK:
                given = context.answered(self._core, transaction, row, task, given)
                context.record_decision_by_hand(self._core, transaction, row, task, given)
                return transitions.complete(self._core, transaction, row, task, given)
            exceptions.close(transaction, row, task, given)
            return True

    def repair(self, actor: Actor, task_id: str, corrections: Mapping[str, object]) -> None:
        """Correct variables of an exception's case, and try again what stopped; the task ends with its incident.

        Raises `Conflict` for a task of another kind, for one that somebody else has, and where nothing stands.
        """
        given = json_variables(corrections)
        with self._core.transaction(actor) as transaction:
            row, task = self._workable(transaction, task_id)
            if task.kind is not TaskKind.EXCEPTION:
                raise Conflict(f"Expected an exception, but this is a {task.kind}. Complete or decide it.")
            self._refuse_if_taken(actor, task)
            exceptions.repair(self._core, transaction, row, task, given)

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
        with telling(self._core), self._core.transaction(actor) as transaction:
            row, task = self._workable(transaction, task_id)
            approval = transaction.session.get(ApprovalRow, task_id)
            if approval is None:
                raise Conflict("Expected an approval, but this is a user task. Complete it.")
            self._refuse_if_taken(actor, task)
            approving.vote(self._core, transaction, row, task, approval, reason=reason, approve=approve)

    def _refuse_if_taken(self, actor: Actor, task: TaskRow) -> None:
        if task.assignee not in (None, actor.name) and not actor.is_system:
            raise Conflict(f"Expected one's own task, but {task.assignee} has it.")

    def _check_decides(self, transaction: Transaction, row: InstanceRow, task: TaskRow, person: str) -> None:
        """Raise `Forbidden` unless this person may decide, if the task is an approval: it goes to nobody else."""
        if task.kind is not TaskKind.APPROVAL:
            return
        approval = transaction.session.get_one(ApprovalRow, task.id)
        account = account_named(transaction.session, person)
        if account is None:
            raise Forbidden(f"Expected an active account, but {person} has none.")
        if why_not := approving.why_not_vote(self._core, transaction, row, approval, account):
            raise Forbidden(why_not)

    def _workable(self, transaction: Transaction, task_id: str) -> tuple[InstanceRow, TaskRow]:
        """Instance and task, locked. Raises `NotFound`, `Forbidden`, or `Conflict` for a task that is not open, or is
        not as the actor has seen it."""
        actor = transaction.actor
        locked = advancing.lock_with(transaction, TaskRow, task_id)
        if locked is None:
            raise _unknown(actor, task_id)
        row, task = locked
        if not may_work_on(actor, task):
            if not may_see_task(actor, task):
                raise _unknown(actor, task_id)
            require(actor, Permission.TASKS_ASSIGN)
        refuse_if_changed(lambda: context.of_task(self._core, transaction, task))
        if task.state is not TaskState.OPEN:
            raise Conflict(f"Expected an open task, but it is {task.state}.")
        transitions.refuse_if_held_up(task)
        return row, task


def _check_person(transaction: Transaction, person: str, where: str) -> None:
    """Raise `Invalid` unless this is the sign-in name of somebody active who may work on tasks."""
    known = select(PersonRow.roles).where(PersonRow.name == person, PersonRow.active)
    roles = transaction.session.scalar(known)
    if roles is None:
        raise Invalid({where: f'Expected the sign-in name of somebody active, but found "{person}".'})
    if Permission.TASKS_WORK not in permissions_of(frozenset(PlatformRole(role) for role in texts(roles))):
        raise Invalid({where: f"Expected somebody who may work on tasks, but {person} has no role with tasks.work."})


def _checked(changes: Mapping[str, object]) -> dict[str, object]:
    """The changes of a user task as JSON. Raises `Invalid`."""
    if not changes:
        raise Invalid({"$": "Expected something to change."})
    checked: dict[str, object] = {}
    problems: dict[str, str] = {}
    for name, value in changes.items():
        try:
            checked.update(task_attributes.checked({name: value}))
        except ValueError as problem:
            problems[f"$.{name}"] = str(problem)
    if problems:
        raise Invalid(problems)
    return checked


def _unknown(actor: Actor, task_id: str) -> NotFound:
    return NotFound(f"Expected a task {task_id}, but found none that {actor.name} may see.")
