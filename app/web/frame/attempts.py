"""How many wrong sign-ins are borne, by address and by name: one bound for the page and the API together."""

from collections.abc import Mapping

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from app.web.frame.current import settings

limiter = Limiter(get_remote_address, strategy="moving-window", headers_enabled=False)


def attempts_by_address() -> str:
    return f"{settings().sign_in_attempts_per_minute} per minute"


def attempts_by_name() -> str:
    """Guessing one account from many addresses is slowed down, too, without locking its owner out at the first slip."""
    return f"{3 * settings().sign_in_attempts_per_minute} per minute"


def is_refused(response: Response) -> bool:
    """Only wrong attempts count."""
    return response.status_code == 401


def name_tried() -> str:
    sent: object = request.get_json(silent=True) if request.is_json else request.form
    name = sent.get("name", "") if isinstance(sent, Mapping) else ""
    return f"name:{str(name).strip().lower()[:80]}"
