"""The blueprint, and what holds for every endpoint: who asks, and that a browser brings its CSRF token."""

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.web.frame.errors import answer
from app.web.frame.security import csrf

api = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(api)  # `enter` asks for the token where a cookie, not a bearer token, says who it is

OPEN = frozenset({"api.open_session", "api.describe"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@api.before_request
def enter() -> ResponseReturnValue | None:
    if request.endpoint in OPEN:
        return None
    if not current_user.is_authenticated:
        response = answer(401, "Send a bearer token (POST /api/v1/sessions gives one), or sign in in the browser.")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if request.method not in SAFE and not g.get("by_token"):
        csrf.protect()
    return None
