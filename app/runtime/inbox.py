"""The inbox: user tasks, approvals and escalated exceptions, for the people who may work on them."""

from collections.abc import Mapping
from enum import StrEnum

from app.runtime.core import Core
from app.runtime.views import Actor, InboxItem, InboxTask, Page


class InboxList(StrEnum):
    MINE = "mine"  # assigned to me
    AVAILABLE = "available"  # offered to me or to one of my groups, and nobody has it
    ALL = "all"  # every open task (right: tasks.see_all)


class Inbox:
    """Right for everything here: tasks.work, and the task must be the actor's, or offered to them (or tasks.see_all)."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self, actor: Actor, view: InboxList, after: str | None = None, limit: int = 50) -> Page[InboxItem]:
        """Open tasks: highest priority first, then the earliest created."""
        raise NotImplementedError

    def counts(self, actor: Actor) -> Mapping[InboxList, int]:
        """How many tasks each list holds (ALL only with the right)."""
        raise NotImplementedError

    def get(self, actor: Actor, task_id: str) -> InboxTask:
        """One task, open or done, with its whole context."""
        raise NotImplementedError

    def claim(self, actor: Actor, task_id: str) -> None:
        """Take a task that nobody has. Raises `Conflict` if somebody does."""
        raise NotImplementedError

    def release(self, actor: Actor, task_id: str) -> None:
        """Give a task of one's own back (with tasks.assign: anybody's)."""
        raise NotImplementedError

    def assign(self, actor: Actor, task_id: str, person: str) -> None:
        """Give the task to the person with this sign-in name. Right: tasks.assign, or the task is the actor's (delegation)."""
        raise NotImplementedError

    def complete(self, actor: Actor, task_id: str, variables: Mapping[str, object]) -> None:
        """Complete a user task or a handled exception. Claims it first if nobody has it."""
        raise NotImplementedError

    def approve(self, actor: Actor, task_id: str, reason: str = "") -> None:
        """Approve an action. Raises `Forbidden` for its requester (four eyes) and for people outside the approver role."""
        raise NotImplementedError

    def reject(self, actor: Actor, task_id: str, reason: str) -> None:
        """Reject an action; the process gets the BPMN error ACTION_REJECTED. A reason is needed (`Invalid`)."""
        raise NotImplementedError

    def comment(self, actor: Actor, task_id: str, text: str) -> None:
        """Add a comment."""
        raise NotImplementedError
