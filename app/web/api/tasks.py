"""The inbox for programs."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.runtime import InboxList
from app.web.api.bodies import Comment, Completion, Person, Reason, TaskChanges, read
from app.web.frame.current import actor, runtime
from app.web.frame.filters import one_of
from app.web.frame.freshness import respond_tagged
from app.web.frame.paging import Cursor
from app.web.frame.representing import respond_page, window

LONGEST_SEARCH = 200  # characters


def register(api: Blueprint) -> None:
    api.get("/tasks")(list_tasks)
    api.get("/tasks/<task_id>")(get_task)
    api.patch("/tasks/<task_id>")(update_task)
    api.post("/tasks/<task_id>/claim")(claim_task)
    api.post("/tasks/<task_id>/release")(release_task)
    api.post("/tasks/<task_id>/assign")(assign_task)
    api.post("/tasks/<task_id>/complete")(complete_task)
    api.post("/tasks/<task_id>/approve")(approve_task)
    api.post("/tasks/<task_id>/reject")(reject_task)
    api.post("/tasks/<task_id>/repair")(repair_task)
    api.post("/tasks/<task_id>/comments")(comment_task)


def list_tasks() -> ResponseReturnValue:
    """Open tasks: ``view`` is mine, available (the default) or all; ``q`` are words that a task must hold."""
    view = request.args.get("view", InboxList.AVAILABLE.value)
    wanted = one_of(InboxList, "view", view)
    after, limit = window(Cursor.RANKED)
    return respond_page(runtime().inbox.list(actor(), wanted, after, limit, request.args.get("q", "")[:LONGEST_SEARCH]))


def get_task(task_id: str) -> ResponseReturnValue:
    """One task with its whole context."""
    return respond_tagged(runtime().inbox.get(actor(), task_id))


def update_task(task_id: str) -> ResponseReturnValue:
    """Change a user task: who has it, to whom it is offered, by when it is due, how urgent it is."""
    return _done(takes_place=runtime().inbox.update(actor(), task_id, read(TaskChanges).given()))


def claim_task(task_id: str) -> ResponseReturnValue:
    """Take a task that nobody has."""
    return _done(takes_place=runtime().inbox.claim(actor(), task_id))


def release_task(task_id: str) -> ResponseReturnValue:
    """Give a task back."""
    return _done(takes_place=runtime().inbox.release(actor(), task_id))


def assign_task(task_id: str) -> ResponseReturnValue:
    """Give a task to somebody."""
    return _done(takes_place=runtime().inbox.assign(actor(), task_id, read(Person).person))


def complete_task(task_id: str) -> ResponseReturnValue:
    """Complete a user task with variables."""
    return _done(takes_place=runtime().inbox.complete(actor(), task_id, read(Completion).variables))


def approve_task(task_id: str) -> ResponseReturnValue:
    """Approve an action."""
    runtime().inbox.approve(actor(), task_id, read(Reason).reason)
    return "", 204


def reject_task(task_id: str) -> ResponseReturnValue:
    """Reject an action; a reason is needed."""
    runtime().inbox.reject(actor(), task_id, read(Reason).reason)
    return "", 204


def repair_task(task_id: str) -> ResponseReturnValue:
    """Correct variables of an exception's case, and try again what stopped."""
    runtime().inbox.repair(actor(), task_id, read(Completion).variables)
    return "", 204


def comment_task(task_id: str) -> ResponseReturnValue:
    """Add a comment."""
    runtime().inbox.comment(actor(), task_id, read(Comment).text)
    return "", 204


def _done(*, takes_place: bool) -> ResponseReturnValue:
    """204; or 202 where task listeners of the process are asked first: the task says what they answer."""
    return "", 204 if takes_place else 202
