"""The inbox: the queue on the left, the selected task with its context on the right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Forbidden, Invalid, NotFound
from app.forms import read as read_form
from app.runtime import Actor, InboxList, Permission
from app.runtime.people import permissions_of
from app.runtime.tasks import cursor_behind
from app.runtime.views import InboxItem, InboxTask, Page, PersonView
from app.web.frame.current import actor, now, runtime
from app.web.frame.freshness import fingerprint, is_seen
from app.web.frame.paging import Cursor, cursor
from app.web.frame.sending import json_object, perform
from app.web.frame.signed_in import signed_in_only
from app.web.frame.timeline import scenes
from app.web.frame.variable import corrections
from app.web.inbox import forms
from app.web.inbox.forms import TaskForm

inbox = Blueprint("inbox", __name__, url_prefix="/inbox")
inbox.before_request(signed_in_only)

PAGE_SIZE = 40
TABS = ("task", "process", "history")
LARGEST_COMMENT_CHARACTERS = 4000
LONGEST_SEARCH_CHARACTERS = 200
GIVEN = "given"  # in a draft: the answer to the form
DRAFTED = ("reason", "text", "variables")  # fields of the page's other forms whose text is kept
NOT_YET = "The process checks this first. The task says what came of it."


@dataclass(frozen=True, slots=True)
class Queue:
    """What the left side shows."""

    view: InboxList
    views: tuple[InboxList, ...]
    search: str
    page: Page[InboxItem]
    present: str  # the fingerprint of what is shown


@inbox.get("/")
def page() -> ResponseReturnValue:
    """The queue. It asks again every few seconds, so that it never shows what is no longer so."""
    queue = _queue()
    if is_seen(queue.present):
        return "", 204
    return _shown(queue, task=None, place=_place(queue.view))


@inbox.get("/next")
def next_task() -> ResponseReturnValue:
    """To the task behind the one that is being left, in the same queue; to its first from the last and from nowhere.

    Who is in no queue yet begins with their own tasks, then with those that nobody has. Looking changes nothing.
    """
    leaving = request.args.get("leaving", "")
    behind = [cursor_behind(runtime().inbox.get(actor(), leaving).item)] if leaving else []
    for view in (_view(),) if "view" in request.args else (InboxList.MINE, InboxList.AVAILABLE):
        for after in (*behind, None):
            for found in runtime().inbox.list(actor(), view, after, PAGE_SIZE, _search()).items:
                if found.held_up is None and found.id != leaving:
                    there = after if after is None or not _is_on_this_page(view, found) else _after()
                    address = url_for("inbox.task", task_id=found.id, view=view.value, q=_search() or None, after=there)
                    return redirect(address, 303)
    return redirect(url_for("inbox.page", view=request.args.get("view"), q=_search() or None), 303)


@inbox.get("/<task_id>")
def task(task_id: str) -> ResponseReturnValue:
    """The task. While it is held up, the page asks again what came of the check."""
    found = runtime().inbox.get(actor(), task_id)
    if is_seen(_fingerprint(found)):
        return "", 204
    return _page(found)


@inbox.get("/<task_id>/news")
def news(task_id: str) -> ResponseReturnValue:
    """Nothing while the page shows what is so; else that it does not, so that nobody decides on what was."""
    try:
        found = runtime().inbox.get(actor(), task_id)
    except NotFound:
        return render_template("inbox/_news.html", task=None, here=_list())
    if is_seen(_fingerprint(found)):
        return "", 204
    return render_template("inbox/_news.html", task=found, here=_here(task_id))


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
        _and_forget(runtime().inbox.comment, task_id, text)

    return perform(add, "Your comment was added.", _here(task_id))


@inbox.post("/<task_id>/approve")
def approve(task_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    return perform(lambda: _and_forget(runtime().inbox.approve, task_id, reason), "Approved.", _here(task_id))


@inbox.post("/<task_id>/reject")
def reject(task_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    if not reason:
        flash("A rejection needs a reason: the process and the requester will see it.", "bad")
        return redirect(f"{_here(task_id)}#reason", 303)
    return perform(lambda: _and_forget(runtime().inbox.reject, task_id, reason), "Rejected.", _here(task_id))


@inbox.post("/<task_id>/repair")
def repair(task_id: str) -> ResponseReturnValue:
    """Correct the data of an exception's case and try again what stopped."""

    def put_right() -> None:
        corrected = corrections(request.form, runtime().inbox.get(actor(), task_id).case)
        runtime().inbox.repair(actor(), task_id, corrected)

    done = "It is being tried again. Should it fail again, a new exception says why."
    return perform(put_right, done, _here(task_id))


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
    form = read_form(found.form)
    given = forms.sent(form, found.variables, request.form)
    runtime().task_drafts.save(actor(), task_id, {GIVEN: given})
    if TaskForm.of(form, found.variables, given, now().date()).problems:
        return redirect(f"{_here(task_id)}&checked=1", 303)

    def send() -> bool:
        done = runtime().inbox.complete(actor(), task_id, given)
        runtime().task_drafts.discard(actor(), task_id)
        return done

    return perform(send, "Completed.", _here(task_id), not_yet=NOT_YET)


@inbox.post("/<task_id>/draft")
def keep_draft(task_id: str) -> ResponseReturnValue:
    """Keep what is being typed: the page sends it by itself. Nothing of the case changes."""
    found = runtime().inbox.get(actor(), task_id)
    kept: dict[str, object] = {name: text for name, text in request.form.items() if name in DRAFTED}
    if found.form is not None and forms.ANSWER in request.form:
        kept[GIVEN] = forms.sent(read_form(found.form), found.variables, request.form)
    if kept:
        runtime().task_drafts.save(actor(), task_id, kept)
    return "", 204


@inbox.post("/<task_id>/draft/discard")
def discard_draft(task_id: str) -> ResponseReturnValue:
    return perform(
        lambda: runtime().task_drafts.discard(actor(), task_id), "The form is as it was at first.", _here(task_id)
    )


def _page(found: InboxTask) -> str:
    tab = request.args.get("tab", "task")
    view = _view()
    context: dict[str, object] = {
        "task": found,
        "form": _form(found),
        "draft": {name: found.draft.get(name, "") for name in DRAFTED},
        "present": _fingerprint(found),
        "tab": tab if tab in TABS else "task",
        "tabs": TABS,
        "colleagues": _colleagues(found),
        "place": _place(view),
        "scenes": scenes(found.history),
    }
    if request.headers.get("HX-Target") == "task":  # the queue on the left stays as it is
        return render_template("inbox/_task.html", **context)
    return _shown(_queue(), **context)


def _and_forget(command: Callable[[Actor, str, str], None], task_id: str, text: str) -> None:
    """What was typed has been sent: no draft of it is left."""
    command(actor(), task_id, text)
    runtime().task_drafts.save(actor(), task_id, dict.fromkeys(DRAFTED, ""))


def _form(found: InboxTask) -> TaskForm | None:
    """The task's form with what was typed; marked, where it has been sent and did not fit."""
    if found.form is None:
        return None
    given = found.draft.get(GIVEN)
    drafted = given if isinstance(given, Mapping) else {}
    shown = TaskForm.of(read_form(found.form), found.variables, drafted, now().date())
    return shown if "checked" in request.args else shown.unmarked()


def _fingerprint(found: InboxTask) -> str:
    """Of what others can change: one's own draft is not news."""
    return fingerprint(replace(found, draft={}))


def _queue() -> Queue:
    view = _view()
    views = tuple(view for view in InboxList if view is not InboxList.ALL or actor().may(Permission.TASKS_SEE_ALL))
    page = runtime().inbox.list(actor(), view, _after(), PAGE_SIZE, _search())
    return Queue(view, views, _search(), page, fingerprint(page))


def _shown(queue: Queue, **context: object) -> str:
    """The page. Counts are asked for here: most of the times that the queue asks again, nothing is drawn anew."""
    counts = runtime().inbox.counts(actor(), queue.views)
    return render_template("inbox/page.html", queue=queue, counts=counts, **context)


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
    able = (
        person
        for person in people
        if person.active and Permission.TASKS_WORK in permissions_of(frozenset(person.roles))
    )
    return [person for person in able if person.name != found.item.assignee]


def _search() -> str:
    return request.values.get("q", "").strip()[:LONGEST_SEARCH_CHARACTERS]


def _after() -> str | None:
    return cursor(Cursor.RANKED)


def _place(view: InboxList) -> dict[str, str | None]:
    """Where in which list the person is: every link and every form of the inbox keeps it."""
    return {"view": view.value, "q": _search() or None, "after": request.values.get("after") or None}


def _is_on_this_page(view: InboxList, item: InboxItem) -> bool:
    return any(
        item.id == other.id for other in runtime().inbox.list(actor(), view, _after(), PAGE_SIZE, _search()).items
    )


def _here(task_id: str) -> str:
    place = _place(_view())
    return url_for("inbox.task", task_id=task_id, view=place["view"], q=place["q"], after=place["after"])


def _list() -> str:
    place = _place(_view())
    return url_for("inbox.page", view=place["view"], q=place["q"], after=place["after"])
