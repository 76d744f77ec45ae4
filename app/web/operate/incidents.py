"""Incidents: what has stopped, and trying it again."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.runtime.views import IncidentState
from app.web.frame.current import actor, runtime
from app.web.frame.filters import one_of
from app.web.frame.freshness import fingerprint, is_seen
from app.web.frame.paging import cursor
from app.web.frame.sending import back, perform
from app.web.operate.doorway import PAGE_SIZE, operate


@operate.get("/incidents")
def incidents() -> ResponseReturnValue:
    state = request.args.get("state", IncidentState.OPEN.value)
    wanted = one_of(IncidentState, "state", state) if state not in {"", "all"} else None
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
