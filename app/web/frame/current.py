"""What the present request is about: the runtime, the settings, who asks and what time it is."""

from datetime import datetime

from flask import current_app
from flask_login import current_user

from app.errors import Forbidden
from app.runtime import Actor, Runtime
from app.settings import Settings


def runtime() -> Runtime:
    found = current_app.extensions["bailiwick"]
    assert isinstance(found, Runtime)  # noqa: S101 - put there by create_runtime
    return found


def settings() -> Settings:
    found = current_app.extensions["bailiwick-settings"]
    assert isinstance(found, Settings)  # noqa: S101 - put there by create_app
    return found


def actor_or_none() -> Actor | None:
    """Who is signed in, with today's rights."""
    found: object = getattr(current_user, "actor", None)
    return found if isinstance(found, Actor) else None


def actor() -> Actor:
    """Who is signed in. Pages behind `signed_in_only` always have one."""
    found = actor_or_none()
    if found is None:
        raise Forbidden("Expected somebody who is signed in, but found nobody. Sign in.")
    return found


def now() -> datetime:
    """The platform's time, which a demonstration may have skipped ahead."""
    return runtime().core.clock.now()
