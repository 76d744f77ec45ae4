"""The pulse of a process: it says again and again that it is alive, so that others notice when it is not."""

import os
import socket
import time
from collections.abc import Iterable

import structlog

from app.ids import new_id
from app.runtime import Runtime
from app.runtime.clock import BEAT_SECONDS
from app.runtime.views import ProcessKind

log = structlog.get_logger(__name__)


def process_name() -> str:
    """What this process is called in the table: its host, its number, and a few characters that nobody had before."""
    return f"{socket.gethostname()}-{os.getpid()}-{new_id()[-6:]}"


class Pulse:
    """`types` are those of the jobs that the process does."""

    def __init__(self, runtime: Runtime, kind: ProcessKind, name: str, types: Iterable[str] = ()) -> None:
        self._runtime = runtime
        self._kind = kind
        self._name = name
        self._types = tuple(types)
        self._next = 0.0

    def beat_if_due(self) -> None:
        if time.monotonic() < self._next:
            return
        self._runtime.heartbeats.beat(self._name, self._kind, socket.gethostname(), os.getpid(), self._types)
        self._next = time.monotonic() + BEAT_SECONDS  # one that failed is due again at once

    def end(self) -> None:
        """Say farewell. A database that is away need not hear it: silence says the same a little later."""
        try:
            self._runtime.heartbeats.farewell(self._name)
        except Exception:
            log.exception("farewell not said")
