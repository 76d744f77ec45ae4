"""Lists, paged by key: the cursor travels in the address, the page before in the browser's own history."""

from flask import request, url_for

SEEN = "seen"  # what a page that keeps itself fresh adds to its address

LONGEST_CURSOR_CHARACTERS = 200


def cursor() -> str | None:
    """Where the wanted page begins; None for the first."""
    after = request.args.get("after", "")
    return after[:LONGEST_CURSOR_CHARACTERS] or None


def position() -> str | None:
    """The cursor of a list that is ordered by position; anything but a number begins at the first page."""
    after = cursor()
    return after if after and after.isascii() and after.isdigit() else None


def page_link(after: str | None, **more: str) -> str:
    """The address of this list from `after` on, with the same filters."""
    kept = {name: value for name, value in request.args.items() if name not in {"after", SEEN} and value}
    if after:
        kept["after"] = after
    return url_for(request.endpoint or "start.page", **{**(request.view_args or {}), **kept, **more})
