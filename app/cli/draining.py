"""Serving until SIGTERM, then to the end of what has begun: readiness goes first, and requests are finished."""

import signal
import threading
import time
from typing import Any

import structlog
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

from app.settings import Settings
from app.web.machines import readiness

WEB_THREADS = 8
CONNECTIONS = 200
LONGEST_SECONDS = 30.0  # for what has begun; a request takes no longer
LOOK_SECONDS = 0.05

log = structlog.get_logger(__name__)


def serve(app: Flask, settings: Settings) -> None:
    """Serve in this thread. SIGTERM: /readyz answers 503; `drain_seconds` later no connection is taken any more.

    X-Forwarded-* is left to the application (`ProxyFix`) where proxies are trusted, and taken away where none is.

    What has begun is finished, for half a minute at most. SIGINT and a second SIGTERM end it at once.
    """
    server = create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=WEB_THREADS,
        connection_limit=CONNECTIONS,
        clear_untrusted_proxy_headers=not settings.trusted_proxies,
    )

    def drain(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        readiness.of(app).is_draining = True
        threading.Thread(target=_finish, args=(server, settings.drain_seconds), name="draining", daemon=True).start()

    signal.signal(signal.SIGTERM, drain)
    server.run()  # returns after KeyboardInterrupt


def _finish(server: Any, drain_seconds: float) -> None:
    log.info("draining", seconds=drain_seconds)
    time.sleep(drain_seconds)
    parts = getattr(server, "map", None) or server._map
    for part in list(parts.values()):
        if isinstance(part, BaseWSGIServer):
            part.accepting = False
    end = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < end and any(_is_busy(part) for part in list(parts.values())):
        time.sleep(LOOK_SECONDS)
    signal.raise_signal(signal.SIGINT)


def _is_busy(part: object) -> bool:
    """Whether a connection has a request that is read, worked on or answered."""
    if not isinstance(part, HTTPChannel):
        return False
    return bool(part.requests or part.request is not None or part.total_outbufs_len)
