"""The pulse of a web process: a thread beats, and what keeps it from beating is why the process is not ready."""

import threading

import structlog
from flask import Flask

from app.runtime import Runtime
from app.runtime.views import ProcessKind
from app.web.machines import readiness
from app.worker.pulse import Pulse, process_name

LOOK_SECONDS = 1.0

log = structlog.get_logger(__name__)


class WebPulse:
    def __init__(self, app: Flask) -> None:
        runtime = app.extensions["bailiwick"]
        assert isinstance(runtime, Runtime)  # noqa: S101 - put there by create_runtime
        self._pulse = Pulse(runtime, ProcessKind.WEB, process_name())
        self._readiness = readiness.of(app)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._pulse.end()

    def _beat(self) -> None:
        """A beat is a write: a disk that is full and a database that is read-only show here first."""
        while not self._stop.is_set():
            try:
                self._pulse.beat_if_due()
            except Exception as problem:  # noqa: BLE001 - whatever it is, it is why this process is not ready
                self._readiness.problem = str(problem) or type(problem).__name__
                log.warning("no heartbeat", reason=self._readiness.problem)
            else:
                self._readiness.problem = None
            self._stop.wait(LOOK_SECONDS)
