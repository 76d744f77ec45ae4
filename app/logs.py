"""Structured logs: one line an event, JSON or for people, each with the trace id of the case that it belongs to.

Everybody logs through ``structlog.get_logger()``; libraries that use `logging` come out in the same form. What an event
carries is words and ids: never variables of a case, never settings.
"""

import logging
import sys
from contextlib import AbstractContextManager
from typing import Protocol, TextIO

import structlog
from structlog.contextvars import bound_contextvars

QUIETER = {  # what these say at INFO is said better by our own events
    "celery": logging.WARNING,
    "kombu": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "alembic": logging.WARNING,
    "waitress.queue": logging.ERROR,
    "SpiffWorkflow": logging.WARNING,
    "spiff": logging.WARNING,
}


class LogSettings(Protocol):
    """What must be known of the settings."""

    @property
    def log_format(self) -> str: ...

    @property
    def log_level(self) -> str: ...


def configure_logs(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Send all logs of this process to `stream` (standard error), as `log_format` says ("json" or "console")."""
    output = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if settings.log_format == "json":
        ending: list[structlog.typing.Processor] = [
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        plain = structlog.dev.plain_traceback  # the richer ones print local variables, and so personal data
        ending = [structlog.dev.ConsoleRenderer(colors=output.isatty(), exception_formatter=plain)]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name, level in QUIETER.items():
        logging.getLogger(name).setLevel(max(level, root.level))


def tracing(trace_id: str, **ids: str) -> AbstractContextManager[None]:
    """Within this, every log line of this thread carries the trace id and the other ids."""
    return bound_contextvars(trace_id=trace_id, **ids)
