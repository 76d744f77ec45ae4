"""Jobs: background work by state, the dead letters, and taking an action back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.runtime.views import JobState
from app.web.frame.current import actor, runtime
from app.web.frame.filters import one_of
from app.web.frame.paging import cursor
from app.web.frame.sending import back, perform
from app.web.operate.doorway import PAGE_SIZE, operate


@operate.get("/jobs")
def jobs() -> ResponseReturnValue:
    """Background work. The dead letters are those that failed for good."""
    state = request.args.get("state", "")
    wanted = one_of(JobState, "state", state) if state else None
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
