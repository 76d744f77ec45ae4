"""People: accounts, their platform roles and their groups."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Forbidden, Invalid
from app.runtime import Permission, PlatformRole
from app.web.frame.current import actor, runtime
from app.web.frame.sending import perform
from app.web.frame.signed_in import signed_in_only

people = Blueprint("people", __name__, url_prefix="/people")
people.before_request(signed_in_only)


@people.get("/")
def page() -> ResponseReturnValue:
    if not actor().may(Permission.PEOPLE_MANAGE):  # the list itself is also for those who delegate
        raise Forbidden("Expected the right people.manage. Ask an administrator for it.")
    return render_template(
        "people/accounts.html", people=runtime().people.list(actor()), platform_roles=tuple(PlatformRole)
    )


@people.post("/")
def create() -> ResponseReturnValue:
    form = request.form
    name = form.get("name", "").strip()
    return perform(
        lambda: runtime().people.create(
            actor(),
            name,
            form.get("password") or None,
            display_name=form.get("display_name", "").strip(),
            roles=_roles(),
            groups=_groups(),
        ),
        f"{name} has an account.",
        url_for("people.page"),
    )


@people.post("/<person_id>/roles")
def set_roles(person_id: str) -> ResponseReturnValue:
    return perform(
        lambda: runtime().people.set_roles(actor(), person_id, _roles(), _groups()),
        "The rights are set; they hold from the next request on.",
        url_for("people.page"),
    )


@people.post("/<person_id>/password")
def set_password(person_id: str) -> ResponseReturnValue:
    return perform(
        lambda: runtime().people.set_password(actor(), person_id, request.form.get("password", "")),
        "The password is set. Whoever was signed in with the old one is out.",
        url_for("people.page"),
    )


@people.post("/<person_id>/deactivate")
def deactivate(person_id: str) -> ResponseReturnValue:
    return perform(
        lambda: runtime().people.deactivate(actor(), person_id),
        "The account is deactivated. What the person did stays in history and audit log.",
        url_for("people.page"),
    )


@people.post("/<person_id>/activate")
def activate(person_id: str) -> ResponseReturnValue:
    return perform(
        lambda: runtime().people.activate(actor(), person_id),
        "The account is active again, with the rights that it had.",
        url_for("people.page"),
    )


def _roles() -> tuple[PlatformRole, ...]:
    named = request.form.getlist("roles")
    unknown = set(named) - set(PlatformRole)
    if unknown:
        raise Invalid({"roles": f"expected some of {', '.join(PlatformRole)}, but found {', '.join(sorted(unknown))}"})
    return tuple(PlatformRole(name) for name in named)


def _groups() -> tuple[str, ...]:
    return tuple(request.form.get("groups", "").replace(",", " ").split())
