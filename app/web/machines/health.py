"""For machines that watch: is the process alive, is it ready, and its figures. No sign-in, and nothing personal."""

import structlog
from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.web.frame.current import runtime
from app.web.machines.metrics import Metrics

health = Blueprint("health", __name__)
log = structlog.get_logger("bailiwick.web")


@health.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="alive")


@health.get("/readyz")
def ready() -> ResponseReturnValue:
    """The database answers and has our tables; otherwise 503, so that no traffic is sent here."""
    try:
        runtime().figures.now()
    except SQLAlchemyError as problem:
        log.warning("not ready", problem=type(problem).__name__)
        return jsonify(status="not ready", database=type(problem).__name__), 503
    return jsonify(status="ready", database="ok")


@health.get("/metrics")
def metrics() -> ResponseReturnValue:
    found = current_app.extensions["bailiwick-metrics"]
    assert isinstance(found, Metrics)  # noqa: S101 - put there by metrics.register
    return Response(found.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
