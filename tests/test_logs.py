"""Structured logs."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import structlog

from app.logs import configure_logs, tracing


@dataclass(frozen=True)
class Wanted:
    log_format: str
    log_level: str = "INFO"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back afterwards; nothing is bound, whatever ran in this thread before."""
    structlog.contextvars.clear_contextvars()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_one_line_an_event_with_its_trace(root: logging.Logger) -> None:
    """Our events and those of libraries come out in one form, with the trace id while it is bound."""
    stream = io.StringIO()
    configure_logs(Wanted("json"), stream)
    with tracing("trace-1", job_id="job-1"):
        structlog.get_logger("app.worker").info("job done", seconds=0.25)
        logging.getLogger("some.library").warning("careful with %s", "this")
    structlog.get_logger("app.worker").info("idle")
    done, careful, idle = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (done["event"], done["trace_id"], done["job_id"], done["seconds"]) == ("job done", "trace-1", "job-1", 0.25)
    assert (careful["event"], careful["trace_id"], careful["level"]) == ("careful with this", "trace-1", "warning")
    assert "trace_id" not in idle


def test_an_exception_is_in_its_line(root: logging.Logger) -> None:
    """A traceback does not break the form: it is a field of the event."""
    stream = io.StringIO()
    configure_logs(Wanted("json"), stream)
    try:
        int("no number")
    except ValueError:
        structlog.get_logger("app.worker").exception("failed")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["exception"][0]["exc_type"] == "ValueError"


@pytest.mark.parametrize("form", ["json", "console"])
def test_local_variables_never_reach_the_log(root: logging.Logger, form: str) -> None:
    """What a failing function held in its hands, such as a webhook's body, is no part of the traceback."""
    stream = io.StringIO()
    configure_logs(Wanted(form), stream)
    body = "personal data"
    try:
        int(f"{len(body)}x")
    except ValueError:
        structlog.get_logger("app.web").exception("failed")
    assert "ValueError" in stream.getvalue()
    assert body not in stream.getvalue()


def test_people_read_text_and_levels_hold(root: logging.Logger) -> None:
    """The console form is text; what is below the level is not written."""
    stream = io.StringIO()
    configure_logs(Wanted("console", "WARNING"), stream)
    structlog.get_logger("app.worker").info("quiet")
    structlog.get_logger("app.worker").warning("loud", job_id="job-1")
    assert "quiet" not in stream.getvalue()
    assert "loud" in stream.getvalue()
    assert "job_id" in stream.getvalue()
