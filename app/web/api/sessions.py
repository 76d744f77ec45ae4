"""Tokens for programs: a token is a session of its own, and ends like one."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.runtime.people import SessionKind
from app.web.api.bodies import Credentials, read
from app.web.frame.attempts import attempts_by_address, attempts_by_name, is_refused, limiter, name_tried
from app.web.frame.current import actor, now, runtime, settings
from app.web.frame.errors import answer
from app.web.frame.representing import respond


def register(api: Blueprint) -> None:
    api.post("/sessions")(open_session)
    api.delete("/sessions/current")(close_session)
    api.get("/me")(me)


@limiter.limit(attempts_by_address, deduct_when=is_refused)
@limiter.limit(attempts_by_name, key_func=name_tried, deduct_when=is_refused)
def open_session() -> ResponseReturnValue:
    """Exchange a name and a password for a bearer token."""
    sent = read(Credentials)
    found = runtime().people.authenticate(sent.name, sent.password)
    if found is None:
        return answer(401, "The name and the password do not fit together.")
    lifetime = settings().session_lifetime
    token = runtime().sessions.open(found, SessionKind.TOKEN, lifetime, request.headers.get("User-Agent", ""))
    return respond({"token": token, "token_type": "Bearer", "expires_at": now() + lifetime}, 201)


def close_session() -> ResponseReturnValue:
    """End the session that this token opens."""
    runtime().sessions.close(current_user.id)
    return "", 204


def me() -> ResponseReturnValue:
    """Who the token belongs to, with today's rights."""
    who = actor()
    return respond(
        {
            "id": who.person_id,
            "name": who.name,
            "display_name": who.display_name,
            "permissions": sorted(who.permissions),
            "groups": sorted(who.groups),
        }
    )
