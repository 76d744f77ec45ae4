"""What exists in a demonstration only: the hints on the sign-in page, and the button that lets time pass.

`create_app` registers the blueprint only where the clock is adjustable; in production the address does not exist.
"""

from datetime import timedelta

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from app.clock import AdjustableClock
from app.errors import Invalid
from app.runtime import SYSTEM
from app.runtime.views import PersonView
from app.web.frame.current import runtime
from app.web.frame.sending import back
from app.web.frame.signed_in import signed_in_only

PASSWORD = "bailiwick-demo"  # noqa: S105 - shown on the sign-in page of a demonstration, and nowhere else in use
SKIPS = {5: "5 minutes", 31: "31 minutes", 60: "1 hour", 24 * 60: "1 day"}

demonstration = Blueprint("demonstration", __name__)
demonstration.before_request(signed_in_only)


def sign_ins() -> tuple[PersonView, ...]:
    """The people of the demonstration, who share one password."""
    return tuple(person for person in runtime().people.list(SYSTEM) if person.active)


@demonstration.post("/demonstration/skip")
def skip() -> ResponseReturnValue:
    """Let time pass for the whole installation, and do once what is then due."""
    minutes = request.form.get("minutes", type=int)
    clock = runtime().core.clock
    if minutes not in SKIPS or not isinstance(clock, AdjustableClock):
        raise Invalid({"minutes": f"expected one of {', '.join(map(str, SKIPS))}"})
    clock.advance(timedelta(minutes=minutes))
    runtime().tick()
    flash(f"Time went on by {SKIPS[minutes]}.", "good")
    return redirect(back(), 303)
