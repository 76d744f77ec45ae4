"""What a person has typed into a task and not sent yet: theirs alone, and gone when the task is.

A draft changes nothing of the case and is no decision: it is neither audited nor part of the history.
"""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import feel
from app.errors import Invalid, NotFound
from app.runtime.people import may_see_task
from app.runtime.transaction import Core, Transaction, json_variables, mapping
from app.runtime.views import Actor, TaskState
from app.store.tables import TaskDraftRow, TaskRow

LARGEST_DRAFT_CHARACTERS = 200_000


class TaskDrafts:
    """Right for everything here: to see the task."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def save(self, actor: Actor, task_id: str, content: Mapping[str, object]) -> None:
        """Keep what was typed, beside what was kept before. Nothing is kept of a task that has ended."""
        given = json_variables(content)
        with self._core.transaction(actor) as transaction:
            session = transaction.session
            task = session.get(TaskRow, task_id)
            if task is None or not may_see_task(actor, task):
                raise NotFound(f"Expected a task {task_id}, but found none that {actor.name} may see.")
            if task.state is not TaskState.OPEN:
                return
            whole = {**of(session, task_id, actor.name), **given}
            if len(feel.json_dumps(whole)) > LARGEST_DRAFT_CHARACTERS:
                raise Invalid({"$": f"Expected a draft of at most {LARGEST_DRAFT_CHARACTERS} characters."})
            session.merge(TaskDraftRow(task_id=task_id, person=actor.name, content=whole, saved_at=transaction.now))

    def discard(self, actor: Actor, task_id: str) -> None:
        """What was typed has been sent, or is not wanted any more."""
        with self._core.transaction(actor) as transaction:
            forget(transaction, task_id)


def of(session: Session, task_id: str, person: str) -> Mapping[str, object]:
    row = session.get(TaskDraftRow, (task_id, person))
    return {} if row is None else mapping(row.content)


def forget(transaction: Transaction, task_id: str) -> None:
    mine = (TaskDraftRow.task_id == task_id, TaskDraftRow.person == transaction.actor.name)
    transaction.session.execute(delete(TaskDraftRow).where(*mine))
