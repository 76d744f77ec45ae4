"""Structured logs: one JSON object a line (or a readable line), with the trace id of the work at hand.

Bind what every line of a piece of work shall carry with ``structlog.contextvars.bound_contextvars(trace_id=…)``. Only
ids and counts belong into a log: no variables, no names of customers, no secrets.
"""

import logging
import sys

import structlog

from app.settings import LogFormat, Settings

NOISY = {"celery": "WARNING", "kombu": "WARNING", "httpx": "WARNING", "httpcore": "WARNING", "spiff": "WARNING"}


def configure_logs(settings: Settings) -> None:
    """Send structlog's and the standard library's records to standard output in the same form."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(settings.log_format)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name, level in NOISY.items():
        logging.getLogger(name).setLevel(level)


def _renderers(form: LogFormat) -> list[structlog.types.Processor]:
    if form is LogFormat.CONSOLE:
        return [structlog.dev.ConsoleRenderer()]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
