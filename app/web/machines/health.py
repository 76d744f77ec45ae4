"""For machines that watch: is the process alive, is it ready, and its figures. No sign-in, and nothing personal."""

import structlog
from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.errors import Unavailable
from app.web.frame.current import runtime
from app.web.frame.errors import RETRY_AFTER
from app.web.machines import readiness
from app.web.machines.metrics import Metrics

health = Blueprint("health", __name__)
log = structlog.get_logger("bailiwick.web")


@health.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="alive")


@health.get("/readyz")
def ready() -> ResponseReturnValue:
    """The database answers, has our tables and takes writes; and the process goes on. Otherwise 503."""
    if (reason := readiness.of(current_app).why_not()) is not None:
        return _not_ready(reason)
    try:
        runtime().figures.is_ready()
    except (SQLAlchemyError, Unavailable) as problem:
        return _not_ready(str(problem) if isinstance(problem, Unavailable) else type(problem).__name__)
    return jsonify(status="ready", database="ok")


def _not_ready(reason: str) -> ResponseReturnValue:
    log.warning("not ready", reason=reason)
    return jsonify(status="not ready", reason=reason), 503, {"Retry-After": RETRY_AFTER}


@health.get("/metrics")
def metrics() -> ResponseReturnValue:
    found = current_app.extensions["bailiwick-metrics"]
    assert isinstance(found, Metrics)  # noqa: S101 - put there by metrics.register
    return Response(found.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
