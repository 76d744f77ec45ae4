"""Who may see pages at all: people who are signed in."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user


def signed_in_only() -> ResponseReturnValue | None:
    """For `before_request` of blueprints whose pages need somebody: everybody else is asked to sign in."""
    return None if current_user.is_authenticated else ask_to_sign_in()


def ask_to_sign_in() -> ResponseReturnValue:
    """To the sign-in page, which leads back here afterwards."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    if request.headers.get("HX-Request"):  # htmx would put the sign-in page into the middle of this one
        return "", 401, {"HX-Refresh": "true"}
    return redirect(url_for("sign_in.page", next=wanted), 303)
