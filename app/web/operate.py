"""Operation: instances, incidents, jobs, and the controls that stop and release work."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Conflict, Invalid, NotFound
from app.runtime.views import (
    CircuitState,
    DueKind,
    IncidentState,
    InstanceFilter,
    InstanceStatus,
    JobState,
    ModelKind,
    SwitchScope,
)
from app.web.current import actor, runtime
from app.web.freshness import fingerprint, is_seen
from app.web.instances import changes, scenes
from app.web.paging import cursor, position
from app.web.sending import back, json_object, perform
from app.web.signed_in import signed_in_only

operate = Blueprint("operate", __name__, url_prefix="/operate")
operate.before_request(signed_in_only)

PAGE_SIZE = 50
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
    history = runtime().instances.history(actor(), instance_id, position(), HISTORY_SIZE)
    present = fingerprint(found, history)
    if is_seen(present):
        return "", 204
    return render_template(
        "operate/instance.html",
        present=present,
        instance=found,
        history=history,
        scenes=scenes(history.items),
        decisions=runtime().instances.decisions(actor(), instance_id),
        selected=request.args.get("element", ""),
    )


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


@operate.get("/incidents")
def incidents() -> ResponseReturnValue:
    state = request.args.get("state", IncidentState.OPEN.value)
    wanted = IncidentState(state) if state in set(IncidentState) else None
    page = runtime().incidents.list(actor(), wanted, None, cursor(), PAGE_SIZE)
    present = fingerprint(page)
    if is_seen(present):
        return "", 204
    return render_template(
        "operate/incidents.html", page=page, wanted=wanted, states=tuple(IncidentState), present=present
    )


@operate.post("/incidents/<incident_id>/retry")
def retry(incident_id: str) -> ResponseReturnValue:
    return perform(lambda: runtime().incidents.retry(actor(), incident_id), "It is being tried again.", back())


@operate.get("/jobs")
def jobs() -> ResponseReturnValue:
    """Background work. The dead letters are those that failed for good."""
    state = request.args.get("state", "")
    wanted = JobState(state) if state in set(JobState) else None
    of_type = request.args.get("type", "").strip() or None
    page = runtime().jobs.list(actor(), state=wanted, type=of_type, after=cursor(), limit=PAGE_SIZE)
    return render_template("operate/jobs.html", page=page, wanted=wanted, of_type=of_type, states=tuple(JobState))


@operate.post("/jobs/<job_id>/undo")
def undo(job_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()

    def take_back() -> None:
        if not reason:
            raise Invalid({"reason": "an undo needs one"})
        runtime().undo(actor(), job_id, reason)

    return perform(take_back, "It is being taken back, with the checks of any other action.", back())


@operate.get("/controls")
def controls() -> ResponseReturnValue:
    """Circuits, kill switches and setbacks."""
    runtime().instances.list(actor(), None, None, 1)  # the right to see operation at all
    return render_template(
        "operate/controls.html",
        circuits=runtime().circuits.list(),
        switches=runtime().switches.list(),
        setbacks=runtime().setbacks.list(actor(), cursor()),
        scopes=tuple(SwitchScope),
        CircuitState=CircuitState,
    )


@operate.post("/setbacks/<kind>/<subject>/retry")
def retry_setback(kind: str, subject: str) -> ResponseReturnValue:
    def retry() -> None:
        runtime().setbacks.retry(actor(), due_kind(kind), subject)

    return perform(retry, "It is tried again at once.", back())


@operate.post("/switches")
def throw_switch() -> ResponseReturnValue:
    form = request.form

    def throw() -> None:
        if form.get("scope", "") not in set(SwitchScope):
            raise Invalid({"scope": f"expected one of {', '.join(SwitchScope)}"})
        scope = SwitchScope(form["scope"])
        key = "*" if scope is SwitchScope.EVERYTHING else form.get("key", "").strip()
        reason = form.get("reason", "").strip()
        missing = {name: "please fill this in" for name, text in (("key", key), ("reason", reason)) if not text}
        if missing:
            raise Invalid(missing)
        runtime().switches.set(actor(), scope, key, reason)

    return perform(throw, "The switch is thrown. Work that it meets is held, and nothing is lost.", back())


@operate.post("/switches/<switch_id>/clear")
def clear_switch(switch_id: str) -> ResponseReturnValue:
    return perform(
        lambda: runtime().switches.clear(actor(), switch_id), "The switch is cleared; held work goes on.", back()
    )


def due_kind(text: str) -> DueKind:
    """The kind of a setback in an address. Raises `Invalid`."""
    if text not in set(DueKind):
        raise Invalid({"kind": f"expected one of {', '.join(DueKind)}"})
    return DueKind(text)


def instance_filter() -> InstanceFilter:
    """The filter that the address holds; what does not fit is left out."""
    wanted = request.args
    status = wanted.get("status", "")
    version = wanted.get("version", type=int)
    return InstanceFilter(
        process_id=wanted.get("process_id") or None,
        version=version,
        status=InstanceStatus(status) if status in set(InstanceStatus) else None,
        business_key=wanted.get("business_key", "").strip() or None,
        with_incidents=True if wanted.get("with_incidents") else None,
        parent_id=wanted.get("parent_id") or None,
        trace_id=wanted.get("trace_id") or None,
    )
