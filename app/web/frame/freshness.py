"""Pages that keep themselves fresh: they ask again every few seconds, and hear "204, nothing new" until something is.

So that nobody's selection, open detail or half-typed text is replaced by the same page again.
"""

import hashlib

from flask import request

from app import feel
from app.web.frame.paging import SEEN
from app.web.frame.representing import represent


def fingerprint(*shown: object) -> str:
    """A short hash of everything that a page shows of the runtime's views."""
    return hashlib.sha256(feel.json_dumps([represent(each) for each in shown]).encode()).hexdigest()[:16]


def is_seen(present: str) -> bool:
    """Whether this is a page that asks again, and it shows the present state already."""
    return "HX-Request" in request.headers and request.args.get(SEEN) == present
