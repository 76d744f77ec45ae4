"""From the runtime's views to JSON: records become objects, moments ISO 8601 text, numbers keep their digits."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

from flask import Response, request

from app import feel
from app.errors import Invalid
from app.runtime.views import Page
from app.web.frame.paging import Cursor, cursor

Item = TypeVar("Item")

LARGEST_PAGE = 200
USUAL_PAGE = 50
WHOLE = re.compile(r"[0-9]{1,4}")


def respond(found: object, status: int = 200) -> Response:
    return Response(feel.json_dumps(represent(found)), status=status, content_type="application/json")


def represent(found: object) -> object:
    """`found` as JSON values. The bytes of a model have an address of their own and are left out."""
    if is_dataclass(found) and not isinstance(found, type):
        pairs = ((field.name, getattr(found, field.name)) for field in fields(found))
        return {name: represent(value) for name, value in pairs if not isinstance(value, bytes)}
    if isinstance(found, Enum):
        return found.value
    if isinstance(found, datetime | timedelta):
        return found.isoformat() if isinstance(found, datetime) else found.total_seconds()
    if isinstance(found, Mapping):
        return {str(represent(key)): represent(value) for key, value in found.items()}
    if isinstance(found, list | tuple | set | frozenset):
        return [represent(value) for value in found]
    return found


def respond_page(page: Page[Item]) -> Response:
    """``{"items": […], "next": cursor or null}``; pass the cursor as ``after`` for the following page."""
    return respond({"items": list(page.items), "next": page.next})


def window(kind: Cursor = Cursor.ID) -> tuple[str | None, int]:
    """The cursor and the size of the wanted page. Raises `Invalid`."""
    text = request.args.get("limit", str(USUAL_PAGE))
    if not WHOLE.fullmatch(text) or not 1 <= int(text) <= LARGEST_PAGE:
        raise Invalid({"limit": f"expected a whole number from 1 to {LARGEST_PAGE}"})
    return cursor(kind), int(text)
