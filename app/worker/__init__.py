"""The processes behind the web pages: Celery workers that run jobs, the clock, and the supervisor of `bailiwick run`.

Celery carries hints, nothing more: a task's only argument is an id, and the job table says what is true. No rule of the
platform lives here; `app.runtime` decides, this room calls handlers and reports what came of it.
"""

from app.worker.clock import run_clock
from app.worker.process import run_worker
from app.worker.queue import CeleryAnnouncer
from app.worker.supervisor import supervise

__all__ = ["CeleryAnnouncer", "run_clock", "run_worker", "supervise"]
