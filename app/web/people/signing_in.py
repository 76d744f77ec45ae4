"""Signing in and out. The cookie holds a secret; the session that it opens is kept by `runtime.sessions`."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, Request, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.runtime import Actor
from app.runtime.people import SessionKind
from app.settings import Settings
from app.web.frame import demonstration
from app.web.frame.attempts import attempts_by_address, attempts_by_name, is_refused, limiter, name_tried
from app.web.frame.current import actor, runtime, settings
from app.web.frame.signed_in import ask_to_sign_in

sign_in = Blueprint("sign_in", __name__)
login_manager = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login keeps of a signed-in person: the secret in the cookie, the actor for this request."""

    def __init__(self, secret: str, actor: Actor) -> None:
        self.id = secret
        self.actor = actor


def register(app: Flask) -> None:
    configured = app.extensions["bailiwick-settings"]
    assert isinstance(configured, Settings)  # noqa: S101 - put there by create_app
    app.config["RATELIMIT_STORAGE_URI"] = configured.rate_limit_url
    limiter.init_app(app)
    login_manager.init_app(app)
    login_manager.session_protection = None  # the server's own session decides; addresses of phones change
    login_manager.user_loader(_by_cookie)
    login_manager.request_loader(_by_token)
    login_manager.unauthorized_handler(ask_to_sign_in)


def bearer_token(of: Request) -> str | None:
    """The token of an ``Authorization: Bearer …`` header."""
    scheme, _, token = of.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


@sign_in.get("/sign-in")
def page() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_inside(request.args.get("next")), 303)
    return _page()


@sign_in.post("/sign-in")
@limiter.limit(attempts_by_address, deduct_when=is_refused)
@limiter.limit(attempts_by_name, key_func=name_tried, deduct_when=is_refused)
def enter() -> ResponseReturnValue:
    name = request.form.get("name", "").strip()
    found = runtime().people.authenticate(name, request.form.get("password", ""))
    if found is None:
        return _page("The name and the password do not fit together.", name), 401
    session.clear()
    secret = runtime().sessions.open(
        found, SessionKind.PAGE, settings().session_lifetime, request.headers.get("User-Agent", "")
    )
    login_user(SignedIn(secret, found))
    session.permanent = True
    return redirect(_inside(request.form.get("next")), 303)


@sign_in.post("/sign-out")
def leave() -> ResponseReturnValue:
    if current_user.is_authenticated:
        runtime().sessions.close(current_user.id)
        logout_user()
        session.clear()
    flash("You are signed out.", "good")
    return redirect(url_for("sign_in.page"), 303)


@sign_in.post("/sign-out-everywhere")
def leave_everywhere() -> ResponseReturnValue:
    if current_user.is_authenticated:
        ended = runtime().sessions.close_all(actor())
        logout_user()
        session.clear()
        flash(f"You are signed out everywhere ({ended} {'session' if ended == 1 else 'sessions'}).", "good")
    return redirect(url_for("sign_in.page"), 303)


def _page(problem: str | None = None, name: str = "") -> str:
    hints = demonstration.sign_ins() if settings().demo else ()
    back = request.values.get("next", "")
    return render_template(
        "people/sign_in.html", problem=problem, name=name, back=back, hints=hints, password=demonstration.PASSWORD
    )


def _inside(address: str | None) -> str:
    """`address` if it leads to a page of ours, else the start page."""
    if not address or not address.startswith("/") or address.startswith("//") or "\\" in address:
        return url_for("start.page")
    parts = urlsplit(address)
    return url_for("start.page") if parts.scheme or parts.netloc else address


def _by_cookie(secret: str) -> SignedIn | None:
    found = runtime().sessions.actor(secret, SessionKind.PAGE)
    return SignedIn(secret, found) if found else None


def _by_token(of: Request) -> SignedIn | None:
    secret = bearer_token(of)
    if secret is None or of.blueprint != "api":
        return None
    found = runtime().sessions.actor(secret, SessionKind.TOKEN)
    g.by_token = found is not None
    return SignedIn(secret, found) if found else None
