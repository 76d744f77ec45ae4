"""The inbox: the queue on the left, the selected task with its context on the right."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Forbidden, Invalid
from app.runtime import InboxList, Permission
from app.runtime.views import InboxItem, InboxTask, Page, PersonView
from app.web.frame.current import actor, runtime
from app.web.frame.freshness import fingerprint, is_seen
from app.web.frame.paging import cursor
from app.web.frame.sending import json_object, perform
from app.web.frame.signed_in import signed_in_only
from app.web.frame.timeline import scenes
from app.web.inbox import forms

inbox = Blueprint("inbox", __name__, url_prefix="/inbox")
inbox.before_request(signed_in_only)

PAGE_SIZE = 40
TABS = ("task", "process", "history")
LARGEST_COMMENT_CHARACTERS = 4000
NOT_YET = "The process checks this first. The task says what came of it."


@dataclass(frozen=True, slots=True)
class Queue:
    """What the left side shows."""

    view: InboxList
    views: tuple[InboxList, ...]
    page: Page[InboxItem]
    present: str  # the fingerprint of what is shown


@inbox.get("/")
def page() -> ResponseReturnValue:
    """The queue. It asks again every few seconds, so that it never shows what is no longer so."""
    queue = _queue()
    return ("", 204) if is_seen(queue.present) else render_template("inbox/page.html", queue=queue, task=None)


@inbox.get("/next")
def next_task() -> ResponseReturnValue:
    """To the task that is due now: my own first, then one that nobody has. Looking at it changes nothing."""
    for view in (InboxList.MINE, InboxList.AVAILABLE):
        for found in runtime().inbox.list(actor(), view, limit=PAGE_SIZE).items:
            if found.held_up is None:
                return redirect(url_for("inbox.task", task_id=found.id, view=view.value), 303)
    return redirect(url_for("inbox.page"), 303)


@inbox.get("/<task_id>")
def task(task_id: str) -> ResponseReturnValue:
    """The task. While it is held up, the page asks again what came of the check."""
    found = runtime().inbox.get(actor(), task_id)
    if is_seen(fingerprint(found)):
        return "", 204
    return _page(found, forms.read_form(found.form, found.variables))


@inbox.post("/<task_id>/claim")
def claim(task_id: str) -> ResponseReturnValue:
    done = "The task is yours."
    return perform(lambda: runtime().inbox.claim(actor(), task_id), done, _here(task_id), not_yet=NOT_YET)


@inbox.post("/<task_id>/release")
def release(task_id: str) -> ResponseReturnValue:
    done = "The task is back in the queue."
    return perform(lambda: runtime().inbox.release(actor(), task_id), done, _here(task_id), not_yet=NOT_YET)


@inbox.post("/<task_id>/assign")
def assign(task_id: str) -> ResponseReturnValue:
    person = request.form.get("person", "").strip()
    done = f"{person} has the task now."
    return perform(lambda: runtime().inbox.assign(actor(), task_id, person), done, _list(), not_yet=NOT_YET)


@inbox.post("/<task_id>/comment")
def comment(task_id: str) -> ResponseReturnValue:
    text = request.form.get("text", "").strip()

    def add() -> None:
        if not 0 < len(text) <= LARGEST_COMMENT_CHARACTERS:
            raise Invalid({"comment": f"expected 1 to {LARGEST_COMMENT_CHARACTERS} characters"})
        runtime().inbox.comment(actor(), task_id, text)

    return perform(add, "Your comment was added.", _here(task_id))


@inbox.post("/<task_id>/approve")
def approve(task_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    return perform(lambda: runtime().inbox.approve(actor(), task_id, reason), "Approved.", _here(task_id))


@inbox.post("/<task_id>/reject")
def reject(task_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    if not reason:
        found = runtime().inbox.get(actor(), task_id)
        return _page(found, (), problem="A rejection needs a reason: the process and the requester will see it."), 422
    return perform(lambda: runtime().inbox.reject(actor(), task_id, reason), "Rejected.", _here(task_id))


@inbox.post("/<task_id>/complete")
def complete(task_id: str) -> ResponseReturnValue:
    found = runtime().inbox.get(actor(), task_id)
    if found.form is None:
        return perform(
            lambda: runtime().inbox.complete(actor(), task_id, json_object(request.form.get("variables", ""))),
            "Completed.",
            _here(task_id),
            not_yet=NOT_YET,
        )
    variables, answered = forms.answer(forms.read_form(found.form, found.variables), request.form)
    if any(field.problem for field in answered):
        return _page(found, answered), 422
    return perform(
        lambda: runtime().inbox.complete(actor(), task_id, variables), "Completed.", _here(task_id), not_yet=NOT_YET
    )


def _page(found: InboxTask, fields: tuple[forms.Field, ...], problem: str = "") -> str:
    tab = request.args.get("tab", "task")
    context: dict[str, object] = {
        "task": found,
        "fields": fields,
        "problem": problem,
        "present": fingerprint(found),
        "tab": tab if tab in TABS else "task",
        "colleagues": _colleagues(found),
        "view": _view(),
        "scenes": scenes(found.history),
    }
    if request.headers.get("HX-Target") == "task":  # the queue on the left stays as it is
        return render_template("inbox/_task.html", **context)
    return render_template("inbox/page.html", queue=_queue(), **context)


def _queue() -> Queue:
    view = _view()
    views = tuple(view for view in InboxList if view is not InboxList.ALL or actor().may(Permission.TASKS_SEE_ALL))
    page = runtime().inbox.list(actor(), view, cursor(), PAGE_SIZE)
    return Queue(view, views, page, fingerprint(page))


def _view() -> InboxList:
    """The list that the address names; else the first that holds something."""
    named = request.values.get("view", "")
    if named in set(InboxList):
        return InboxList(named)
    counts = runtime().inbox.counts(actor())
    return next((view for view in InboxList if counts.get(view)), InboxList.AVAILABLE)


def _colleagues(found: InboxTask) -> list[PersonView]:
    """To whom the actor may give the task."""
    if found.item.held_up or not (found.may_release or actor().may(Permission.TASKS_ASSIGN)):
        return []
    try:
        people = runtime().people.list(actor())
    except Forbidden:
        return []
    return [person for person in people if person.active and person.name != found.item.assignee]


def _here(task_id: str) -> str:
    return url_for("inbox.task", task_id=task_id, view=request.form.get("view") or None)


def _list() -> str:
    return url_for("inbox.page", view=request.form.get("view") or None)
