"""Incidents, jobs, circuits, switches, and the proof of the audit log."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.errors import Forbidden, Invalid
from app.runtime import Permission
from app.runtime.views import IncidentState, JobState
from app.web.api.bodies import Reason, read
from app.web.frame.current import actor, runtime
from app.web.frame.filters import due_kind
from app.web.frame.paging import Cursor
from app.web.frame.representing import respond, respond_page, window


def register(api: Blueprint) -> None:
    api.get("/incidents")(list_incidents)
    api.post("/incidents/<incident_id>/retry")(retry_incident)
    api.get("/jobs")(list_jobs)
    api.get("/jobs/<job_id>")(get_job)
    api.post("/jobs/<job_id>/undo")(undo_job)
    api.get("/circuits")(list_circuits)
    api.get("/switches")(list_switches)
    api.get("/setbacks")(list_setbacks)
    api.post("/setbacks/<kind>/<subject>/retry")(retry_setback)
    api.get("/audit/verify")(verify_audit)
    api.get("/audit/anchors")(list_anchors)


def list_incidents() -> ResponseReturnValue:
    """Incidents, newest first: ``state`` is open (the default), resolved or all."""
    state = request.args.get("state", IncidentState.OPEN.value)
    if state not in {*IncidentState, "all"}:
        raise Invalid({"state": f"expected one of {', '.join(IncidentState)}, all"})
    after, limit = window()
    wanted = None if state == "all" else IncidentState(state)
    return respond_page(
        runtime().incidents.list(actor(), wanted, request.args.get("instance_id") or None, after, limit)
    )


def retry_incident(incident_id: str) -> ResponseReturnValue:
    """Try again what the incident stopped."""
    runtime().incidents.retry(actor(), incident_id)
    return "", 204


def list_jobs() -> ResponseReturnValue:
    """Jobs, newest first. Filters: state, type, instance_id."""
    state = request.args.get("state", "")
    if state and state not in set(JobState):
        raise Invalid({"state": f"expected one of {', '.join(JobState)}"})
    after, limit = window()
    page = runtime().jobs.list(
        actor(),
        state=JobState(state) if state else None,
        type=request.args.get("type") or None,
        instance_id=request.args.get("instance_id") or None,
        after=after,
        limit=limit,
    )
    return respond_page(page)


def get_job(job_id: str) -> ResponseReturnValue:
    """One job."""
    return respond(runtime().jobs.get(actor(), job_id))


def undo_job(job_id: str) -> ResponseReturnValue:
    """Take back what a finished job did, as a new job with the checks of any other action."""
    reason = read(Reason).reason
    if not reason.strip():
        raise Invalid({"$.reason": "an undo needs one"})
    return respond({"id": runtime().undo(actor(), job_id, reason)}, 202)


def list_circuits() -> ResponseReturnValue:
    """Every system that has been called, with its circuit."""
    _need(Permission.INSTANCES_SEE)
    return respond({"items": runtime().circuits.list(), "next": None})


def list_switches() -> ResponseReturnValue:
    """The kill switches that are set."""
    _need(Permission.INSTANCES_SEE)
    return respond({"items": runtime().switches.list(), "next": None})


def list_setbacks() -> ResponseReturnValue:
    """Due things that failed and were not done since. Without ``retry_at`` they are tried only when asked for."""
    return respond_page(runtime().setbacks.list(actor(), *window(Cursor.NAMED)))


def retry_setback(kind: str, subject: str) -> ResponseReturnValue:
    """Try a due thing again with the next tick."""
    runtime().setbacks.retry(actor(), due_kind(kind), subject)
    return "", 204


def verify_audit() -> ResponseReturnValue:
    """Recompute every hash of the audit log; names the first record that does not fit.

    ``new=true`` reads only what came since the last anchor.
    """
    _need(Permission.AUDIT_SEE)
    new = request.args.get("new", "false")
    if new not in {"true", "false"}:
        raise Invalid({"new": "expected true or false"})
    return respond(runtime().audit.verify(unsealed_only=new == "true"))


def list_anchors() -> ResponseReturnValue:
    """Anchors of the audit log, newest first: where all chains ended at a moment, sealed by a digest."""
    after, limit = window(Cursor.POSITION)
    return respond_page(runtime().anchors.list(actor(), None if after is None else int(after), limit))


def _need(permission: Permission) -> None:
    if not actor().may(permission):
        raise Forbidden(f"Expected the right {permission}. Ask an administrator for it.")
