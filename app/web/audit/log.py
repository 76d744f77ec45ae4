"""The audit log: every change that anybody made, newest first, and the proof that nobody rewrote it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.runtime.views import AnchorView, Page
from app.web.frame.current import actor, runtime
from app.web.frame.paging import Cursor, cursor
from app.web.frame.signed_in import signed_in_only

audit = Blueprint("audit", __name__, url_prefix="/audit")
audit.before_request(signed_in_only)

PAGE_SIZE = 60
ANCHORS_SHOWN = 10


@audit.get("/")
def page() -> ResponseReturnValue:
    wanted = {name: request.args.get(name, "").strip() or None for name in ("stream", "action", "person")}
    found = runtime().audit.list(
        actor(),
        stream=wanted["stream"],
        action=wanted["action"],
        person=wanted["person"],
        after=cursor(Cursor.MOMENT),
        limit=PAGE_SIZE,
    )
    return render_template("audit/log.html", page=found, wanted=wanted, verdict=None, anchors=_anchors())


@audit.post("/verify")
def verify() -> ResponseReturnValue:
    """Recompute every hash of the log; names the first record that does not fit."""
    found = runtime().audit.list(actor(), limit=PAGE_SIZE)
    verdict = runtime().audit.verify()
    wanted = dict.fromkeys(("stream", "action", "person"))
    return render_template("audit/log.html", page=found, wanted=wanted, verdict=verdict, anchors=_anchors())


def _anchors() -> Page[AnchorView]:
    return runtime().anchors.list(actor(), limit=ANCHORS_SHOWN)
