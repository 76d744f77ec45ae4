"""One's own account: where one is signed in, and the password."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import Invalid
from app.web.frame.current import actor, runtime
from app.web.frame.sending import perform
from app.web.frame.signed_in import signed_in_only

account = Blueprint("account", __name__, url_prefix="/account")
account.before_request(signed_in_only)


@account.get("/")
def page() -> ResponseReturnValue:
    sessions = runtime().sessions
    own = [(session, sessions.is_own(current_user.id, session.id)) for session in sessions.list(actor())]
    return render_template("people/own_account.html", sessions=own)


@account.post("/password")
def password() -> ResponseReturnValue:
    """Change the password; it ends every session, so that whoever knew the old one is out."""

    def change() -> None:
        if request.form.get("new", "") != request.form.get("again", ""):
            raise Invalid({"new password": "the two do not match"})
        runtime().people.change_password(actor(), request.form.get("old", ""), request.form.get("new", ""))

    return perform(change, "The password was changed. Sign in with the new one.", url_for("account.page"))
