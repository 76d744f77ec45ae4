"""The inbox for programs."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.runtime import InboxList
from app.web.api.bodies import Comment, Completion, Person, Reason, read
from app.web.current import actor, runtime
from app.web.representing import respond, respond_page, window


def register(api: Blueprint) -> None:
    api.get("/tasks")(list_tasks)
    api.get("/tasks/<task_id>")(get_task)
    api.post("/tasks/<task_id>/claim")(claim_task)
    api.post("/tasks/<task_id>/release")(release_task)
    api.post("/tasks/<task_id>/assign")(assign_task)
    api.post("/tasks/<task_id>/complete")(complete_task)
    api.post("/tasks/<task_id>/approve")(approve_task)
    api.post("/tasks/<task_id>/reject")(reject_task)
    api.post("/tasks/<task_id>/comments")(comment_task)


def list_tasks() -> ResponseReturnValue:
    """Open tasks: ``view`` is mine, available (the default) or all."""
    view = request.args.get("view", InboxList.AVAILABLE.value)
    if view not in set(InboxList):
        raise Invalid({"view": f"expected one of {', '.join(InboxList)}"})
    after, limit = window()
    return respond_page(runtime().inbox.list(actor(), InboxList(view), after, limit))


def get_task(task_id: str) -> ResponseReturnValue:
    """One task with its whole context."""
    return respond(runtime().inbox.get(actor(), task_id))


def claim_task(task_id: str) -> ResponseReturnValue:
    """Take a task that nobody has."""
    runtime().inbox.claim(actor(), task_id)
    return "", 204


def release_task(task_id: str) -> ResponseReturnValue:
    """Give a task back."""
    runtime().inbox.release(actor(), task_id)
    return "", 204


def assign_task(task_id: str) -> ResponseReturnValue:
    """Give a task to somebody."""
    runtime().inbox.assign(actor(), task_id, read(Person).person)
    return "", 204


def complete_task(task_id: str) -> ResponseReturnValue:
    """Complete a user task with variables."""
    runtime().inbox.complete(actor(), task_id, read(Completion).variables)
    return "", 204


def approve_task(task_id: str) -> ResponseReturnValue:
    """Approve an action."""
    runtime().inbox.approve(actor(), task_id, read(Reason).reason)
    return "", 204


def reject_task(task_id: str) -> ResponseReturnValue:
    """Reject an action; a reason is needed."""
    runtime().inbox.reject(actor(), task_id, read(Reason).reason)
    return "", 204


def comment_task(task_id: str) -> ResponseReturnValue:
    """Add a comment."""
    runtime().inbox.comment(actor(), task_id, read(Comment).text)
    return "", 204
