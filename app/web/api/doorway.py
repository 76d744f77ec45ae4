"""The blueprint, and what holds for every endpoint: who asks, that a browser has its CSRF token, what happens once.

A program that sends ``Idempotency-Key`` with a command may repeat it when the answer was lost: it gets the first one.
With ``If-Match`` a command is carried out only if the thing is still as the program has seen it.
"""

import hashlib
from contextlib import ExitStack

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import Invalid
from app.runtime.transaction import Command, carrying_out, only_if
from app.web.frame.current import actor, runtime
from app.web.frame.errors import answer
from app.web.frame.freshness import is_tagged
from app.web.frame.security import csrf

api = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(api)  # `enter` asks for the token where a cookie, not a bearer token, says who it is

OPEN = frozenset({"api.open_session", "api.describe"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
LONGEST_KEY = 200
MATCH_HEADER = "If-Match"
CONDITIONAL = frozenset(
    {
        "set_variables",
        "cancel_instance",
        "update_task",
        "claim_task",
        "release_task",
        "assign_task",
        "complete_task",
        "approve_task",
        "reject_task",
        "repair_task",
    }
)


@api.before_request
def enter() -> ResponseReturnValue | None:
    if request.endpoint in OPEN:
        return None
    if not current_user.is_authenticated:
        response = answer(401, "Send a bearer token (POST /api/v1/sessions gives one), or sign in in the browser.")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if request.method in SAFE:
        return None
    if not g.get("by_token"):
        csrf.protect()
    g.present_command = ExitStack()
    if (first := _once()) is not None:
        return first
    _if_as_seen()
    return None


@api.after_request
def keep_answer(response: Response) -> Response:
    """The answer of a command under a key is kept; one that was refused may be given again."""
    command = g.pop("command", None)
    if isinstance(command, Command) and response.status_code < 400 and not response.is_streamed:
        runtime().commands.keep(actor(), command, response.status_code, response.get_data(as_text=True))
    return response


@api.teardown_request
def leave(_error: BaseException | None) -> None:
    if (stack := g.pop("present_command", None)) is not None:
        stack.close()


def _once() -> ResponseReturnValue | None:
    """The first answer to the key of this request; None if there is no key, or it is new."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise Invalid({KEY_HEADER: f"Expected 1 to {LONGEST_KEY} printable characters, but found {len(key)}."})
    asked = "\n".join((request.method, request.full_path)).encode() + b"\n" + request.get_data()
    command = Command(actor().person_id, key, hashlib.sha256(asked).hexdigest())
    first = runtime().commands.first_answer(command)
    if first is not None:
        again = Response(first.text, first.status, content_type="application/json" if first.text else None)
        again.headers[REPLAYED_HEADER] = "true"
        return again
    g.command = command
    g.present_command.enter_context(carrying_out(command))
    return None


def _if_as_seen() -> None:
    """Who names a state is refused where it has changed, and where that cannot be told: never passed over."""
    if MATCH_HEADER not in request.headers:
        return
    if (request.endpoint or "").removeprefix("api.") not in CONDITIONAL:
        kinds = "a task, or an instance's variables or end"
        raise Invalid({MATCH_HEADER: f"Expected it with what changes {kinds}; other commands do not take it."})
    g.present_command.enter_context(only_if(is_tagged))
