"""Answers go over the wire compressed where the browser says that it can read them so.

What is in a page's address and what is secret in the page must not be guessed from the size of the two together: every
compressed page carries a header of random length. Static files are compressed once and kept.
"""

import gzip
import secrets
from functools import lru_cache

from flask import Flask, Response, request

SMALLEST_BYTES = 1_000  # below, the header costs what is saved
TYPES = frozenset(
    {"application/json", "application/xml", "application/problem+json", "application/javascript", "image/svg+xml"}
)
PADDING_BYTES = 48


def register(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    kind = response.mimetype or ""
    if kind not in TYPES and not kind.startswith("text/"):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or response.content_encoding or not request.accept_encodings["gzip"]:
        return response
    if response.is_streamed and not response.direct_passthrough:
        return response  # an export is sent while it is made
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SMALLEST_BYTES:
        return response
    if request.endpoint == "static":
        response.set_data(_kept(body))
    else:
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.headers["X-Padding"] = "0" * (1 + secrets.randbelow(PADDING_BYTES))
    response.content_encoding = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # the same content, other bytes
    return response


@lru_cache(maxsize=64)
def _kept(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
