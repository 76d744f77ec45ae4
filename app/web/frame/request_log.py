"""One log line per request, and the trace id that every line of the request's work carries.

A caller may bring a trace id in W3C's `traceparent` header; otherwise the request draws its own. Neither query strings
nor bodies are logged: they hold personal data.
"""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request
from flask_login import current_user

log = structlog.get_logger("bailiwick.web")

TRACEPARENT = re.compile(r"^[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$")
QUIET = frozenset({"static", "health.alive", "health.ready", "health.metrics"})  # probes would drown the rest


def register(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def set_trace(trace_id: str) -> None:
    """This request belongs to the work with this trace id."""
    g.trace_id = trace_id
    structlog.contextvars.bind_contextvars(trace_id=trace_id)


def _begin() -> None:
    structlog.contextvars.clear_contextvars()
    g.began = time.perf_counter()
    brought = TRACEPARENT.match(request.headers.get("traceparent", ""))
    set_trace(brought["trace"] if brought else secrets.token_hex(16))


def _end(response: Response) -> Response:
    response.headers["X-Trace-Id"] = g.get("trace_id", "")
    if request.endpoint in QUIET and response.status_code < 500:
        return response
    write = log.error if response.status_code >= 500 else log.info
    write(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.began) * 1000, 1),
        person=getattr(getattr(current_user, "actor", None), "name", None),
    )
    return response
