"""What holds work back: circuits, kill switches, and setbacks of what was due."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.runtime.views import CircuitState, SwitchScope
from app.web.frame.current import actor, runtime
from app.web.frame.filters import due_kind
from app.web.frame.paging import Cursor, cursor
from app.web.frame.sending import back, perform
from app.web.operate.doorway import operate


@operate.get("/controls")
def controls() -> ResponseReturnValue:
    """Circuits, kill switches and setbacks."""
    runtime().instances.list(actor(), None, None, 1)  # the right to see operation at all
    return render_template(
        "operate/controls.html",
        circuits=runtime().circuits.list(),
        switches=runtime().switches.list(),
        setbacks=runtime().setbacks.list(actor(), cursor(Cursor.NAMED)),
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
