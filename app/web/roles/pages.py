"""The roles in force: each mandate with its answer sheet, gates, limits, people and rights."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Forbidden
from app.roles import Mandate
from app.runtime import Permission
from app.runtime.views import MandateView, SwitchScope
from app.web.frame.current import actor, now, runtime
from app.web.frame.signed_in import signed_in_only

roles = Blueprint("roles", __name__, url_prefix="/roles")
roles.before_request(signed_in_only)


@roles.get("/")
def page() -> ResponseReturnValue:
    _check_right()
    found = [(view, _mandate(view)) for view in runtime().deployments.mandates()]
    return render_template("roles/list.html", mandates=found, today=now().date())


@roles.get("/proposals")
def proposals() -> ResponseReturnValue:
    """What would change what anybody may do, with the words that a second person decides about."""
    _check_right()
    return render_template("roles/proposals.html", proposals=runtime().proposals.list(actor()))


@roles.post("/proposals/<proposal_id>/<any(accept, back, withdraw):verb>")
def decide(proposal_id: str, verb: str) -> ResponseReturnValue:
    comment = request.form.get("reason", "")
    match verb:
        case "accept":
            runtime().proposals.accept(actor(), proposal_id)
        case "back":
            runtime().proposals.send_back(actor(), proposal_id, comment)
        case _:
            runtime().proposals.withdraw(actor(), proposal_id, comment)
    return redirect(url_for("roles.proposals"), 303)


@roles.get("/<job_role>")
def role(job_role: str) -> ResponseReturnValue:
    _check_right()
    view = runtime().deployments.mandate(job_role)
    switches = [
        switch
        for switch in runtime().switches.list()
        if switch.scope is SwitchScope.EVERYTHING or (switch.scope is SwitchScope.ROLE and switch.key == job_role)
    ]
    return render_template("roles/role.html", view=view, mandate=_mandate(view), switches=switches, today=now().date())


def _mandate(view: MandateView) -> Mandate:
    return Mandate.from_json(view.document)


def _check_right() -> None:
    """Mandates are read by the runtime itself, too, so that its method asks for no right; this page does."""
    if not actor().may(Permission.ROLES_SEE):
        raise Forbidden("Expected the right roles.see. Ask an administrator for it.")
