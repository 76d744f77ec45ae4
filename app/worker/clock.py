"""The clock process: again and again, do what is due."""

import signal
import threading

import structlog

from app.assembly import open_runtime
from app.runtime import Runtime
from app.runtime.views import ProcessKind
from app.settings import Settings
from app.store.database import relax
from app.worker.pulse import Pulse, process_name
from app.worker.queue import CeleryAnnouncer

LONGEST_PAUSE_SECONDS = 15.0

log = structlog.get_logger(__name__)


def run_clock(settings: Settings) -> None:
    """Tick until SIGTERM or SIGINT. A tick that had work to do is followed by the next at once."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    runtime = open_runtime(settings, CeleryAnnouncer(settings))
    relax(runtime.core.store.engine)
    pulse = Pulse(runtime, ProcessKind.CLOCK, process_name())
    keep_ticking(runtime, settings.tick_seconds, stop, pulse)
    pulse.end()


def keep_ticking(runtime: Runtime, pause_seconds: float, stop: threading.Event, pulse: Pulse | None = None) -> None:
    """Tick until `stop` is set. A failure (the database is away) doubles the pause, up to a bound."""
    log.info("clock ready", pause_seconds=pause_seconds)
    pause = pause_seconds
    while not stop.is_set():
        try:
            if pulse is not None:
                pulse.beat_if_due()
            counts = runtime.tick()
        except Exception:
            log.exception("tick failed", next_in_seconds=pause)
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            continue
        pause = pause_seconds
        if counts.total:
            log.info("tick", due=counts.total)
        else:
            stop.wait(pause)
