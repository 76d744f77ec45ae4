"""Pages that keep themselves fresh: they ask again every few seconds, and hear "204, nothing new" until something is.

So that nobody's selection, open detail or half-typed text is replaced by the same page again.
"""

import hashlib

from flask import Response, request

from app import feel
from app.web.frame.paging import SEEN
from app.web.frame.representing import represent, respond


def fingerprint(*shown: object) -> str:
    """A short hash of everything that a page shows of the runtime's views."""
    return hashlib.sha256(feel.json_dumps([represent(each) for each in shown]).encode()).hexdigest()[:16]


def respond_tagged(found: object) -> Response:
    """The view with its ``ETag``, which a command may name in ``If-Match``; 304 for whoever has it already."""
    response = respond(found)
    response.set_etag(fingerprint(found))
    response.make_conditional(request)
    return response


def is_tagged(found: object) -> bool:
    """Whether the request's ``If-Match`` names this; compressed on the way, a tag is weak and means the same."""
    return request.if_match.contains_weak(fingerprint(found))


def is_seen(present: str) -> bool:
    """Whether this is a page that asks again, and it shows the present state already."""
    return "HX-Request" in request.headers and request.args.get(SEEN) == present
