"""Lists, paged by key: the cursor travels in the address, the page before in the browser's own history."""

import re
from enum import Enum

from flask import request, url_for

from app.errors import Invalid

SEEN = "seen"  # what a page that keeps itself fresh adds to its address


class Cursor(Enum):
    """What the cursor of a list looks like: an address may hold anything, the database must not be asked for it."""

    ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    POSITION = re.compile(r"[0-9]{1,18}")
    NAMED = re.compile(r"[a-z-]{3,40}:.{1,200}")  # a kind and a subject
    MOMENT = re.compile(r"[0-9T:.Z+-]{10,40}\|[^|]{1,200}\|[0-9]{1,18}")  # when, of which stream, at which position
    RANKED = re.compile(r"-?[0-9]{1,9}:[0-9a-f-]{36}")  # priority and id


def cursor(kind: Cursor = Cursor.ID) -> str | None:
    """Where the wanted page begins; None for the first. Raises `Invalid` for what no page of the list has given."""
    after = request.args.get("after", "")
    if after and not kind.value.fullmatch(after):
        raise Invalid({"after": "Expected the cursor that a page of this list gave. Begin with the first page"})
    return after or None


def page_link(after: str | None, **more: str) -> str:
    """The address of this list from `after` on, with the same filters."""
    kept = {name: value for name, value in request.args.items() if name not in {"after", SEEN} and value}
    if after:
        kept["after"] = after
    return url_for(request.endpoint or "start.page", **{**(request.view_args or {}), **kept, **more})
