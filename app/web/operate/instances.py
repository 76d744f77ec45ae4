"""Process instances: the list, the page of one, starting one by hand, and what may be changed on it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Conflict, Invalid, NotFound
from app.runtime.history import woven
from app.runtime.views import HistoryEntry, InstanceStatus, ModelKind, Page
from app.web.frame.current import actor, runtime
from app.web.frame.filters import instance_filter
from app.web.frame.freshness import fingerprint, is_seen
from app.web.frame.paging import Cursor, cursor
from app.web.frame.sending import back, json_object, perform
from app.web.frame.timeline import scenes
from app.web.frame.variable import changes
from app.web.operate.doorway import PAGE_SIZE, operate

HISTORY_SIZE = 200


@operate.get("/")
def start_page() -> ResponseReturnValue:
    return redirect(url_for("operate.instances"), 303)


@operate.get("/instances")
def instances() -> ResponseReturnValue:
    """All instances, newest first, with filters that live in the address."""
    wanted = instance_filter()
    page = runtime().instances.list(actor(), wanted, cursor(), PAGE_SIZE)
    return render_template(
        "operate/instances.html",
        page=page,
        wanted=wanted,
        processes=runtime().deployments.models(ModelKind.BPMN),
        statuses=tuple(InstanceStatus),
    )


@operate.get("/instances/<instance_id>")
def instance(instance_id: str) -> ResponseReturnValue:
    """One instance: diagram, timeline, variables, incidents, jobs."""
    found = runtime().instances.get(actor(), instance_id)
    history = runtime().instances.history(actor(), instance_id, cursor(Cursor.POSITION), HISTORY_SIZE)
    shown = _with_people(instance_id, history)
    present = fingerprint(found, shown)
    if is_seen(present):
        return "", 204
    return render_template(
        "operate/instance.html",
        present=present,
        instance=found,
        history=history,
        scenes=scenes(shown),
        decisions=runtime().instances.decisions(actor(), instance_id),
        selected=request.args.get("element", ""),
    )


def _with_people(instance_id: str, history: Page[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    """The page of the timeline with what people did in its time."""
    begins = history.items[0].at if history.items and "after" in request.args else None
    ends = history.items[-1].at if history.items and history.next else None
    done = runtime().history.deeds(actor(), instance_id)
    here = (each for each in done if (not begins or begins <= each.at) and (not ends or each.at <= ends))
    return woven(history.items, tuple(here))


@operate.post("/instances/<instance_id>/cancel")
def cancel(instance_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    return perform(
        lambda: runtime().instances.cancel(actor(), instance_id, reason),
        "The instance was cancelled.",
        back(),
        not_yet="The instance ends when its listeners have been called.",
    )


@operate.post("/instances/<instance_id>/variables")
def set_variable(instance_id: str) -> ResponseReturnValue:
    """Set one variable; the audit log keeps the old and the new value."""
    return perform(
        lambda: runtime().instances.set_variables(actor(), instance_id, changes(request.form)),
        f"{request.form.get('name', '').strip()} was set. The old value is in the audit log.",
        back(),
    )


@operate.route("/start", methods=["GET", "POST"])
def start() -> ResponseReturnValue:
    """Start an instance by hand."""
    processes = runtime().deployments.models(ModelKind.BPMN)
    problem = ""
    if request.method == "POST":
        try:
            instance_id = runtime().instances.start(
                actor(),
                request.form.get("process_id", ""),
                json_object(request.form.get("variables", "")),
                business_key=request.form.get("business_key", "").strip() or None,
            )
            return redirect(url_for("operate.instance", instance_id=instance_id), 303)
        except (Conflict, Invalid, NotFound) as found:
            problem = str(found)
    return render_template("operate/start.html", processes=processes, problem=problem), 422 if problem else 200
