"""Answers to forms: do what was asked, say in one line how it went, and go back to a page."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import feel
from app.errors import Conflict, Invalid


def perform(command: Callable[[], object], done: str, to: str, *, not_yet: str = "") -> ResponseReturnValue:
    """Give `command` to the runtime and go to the page `to`.

    A command that answers False was taken, but something else has to agree first: `not_yet` says what.

    What somebody else has changed meanwhile (`Conflict`) and what does not fit (`Invalid`) is said on that page. A
    missing right is an error page of its own (403), because no page offers what the actor may not do.
    """
    try:
        said = not_yet if command() is False else done
    except Conflict as problem:
        flash(str(problem), "bad")
    except Invalid as problem:
        flash(" ".join(_sentence(path, text) for path, text in problem.problems.items()), "bad")
    else:
        flash(said, "good")
    return redirect(to, 303)


def json_object(text: str) -> dict[str, object]:
    """The variables that were typed as JSON; nothing is an empty object. Raises `Invalid`."""
    try:
        found = feel.json_loads(text.strip() or "{}")
    except ValueError as problem:
        raise Invalid({"variables": f"expected JSON, but {problem}"}) from None
    if not isinstance(found, dict):
        raise Invalid({"variables": "expected a JSON object"})
    return found


def back() -> str:
    """The page of ours from which the form was sent, else the start page."""
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc == request.host and referrer.path:
        return f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path
    return url_for("start.page")


def _sentence(path: str, text: str) -> str:
    name = path.removeprefix("$.").removeprefix("$")
    return f"{name}: {text}." if name else f"{text}."
