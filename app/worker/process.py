"""The worker process: Celery in a pool of threads, around `Execution`."""

import os
import socket

import structlog
from celery import Celery

from app.assembly import make_clock, make_registry, open_runtime
from app.ids import new_id
from app.settings import Settings
from app.worker.calls import Calls
from app.worker.execution import Execution
from app.worker.gathering import Gathering
from app.worker.queue import PROCESS_DELIVERY, RUN_JOB, CeleryAnnouncer, create_queue

log = structlog.get_logger(__name__)


def run_worker(settings: Settings) -> None:
    """Run jobs until a signal says stop; what has begun is finished first."""
    queue = create_worker(settings)
    queue.Worker(
        pool="threads",
        concurrency=settings.worker_threads,
        loglevel=settings.log_level,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    ).start()


def create_worker(settings: Settings) -> Celery:
    """A queue whose two tasks run jobs and process deliveries."""
    runtime = open_runtime(settings, CeleryAnnouncer(settings))
    execution = Execution(
        runtime=runtime,
        registry=make_registry(settings),
        clock=make_clock(settings),
        config=handler_config(settings),
        calls=Calls(),
        lease=settings.lease,
        answers=Gathering(runtime.jobs.finish_many),
        worker_id=f"{socket.gethostname()}-{os.getpid()}-{new_id()[-6:]}",
    )
    queue = create_queue(settings)
    queue.task(execution.run_announced, name=RUN_JOB, shared=False)
    queue.task(runtime.hooks.process, name=PROCESS_DELIVERY, shared=False)
    log.info("worker ready", worker_id=execution.worker_id, threads=settings.worker_threads)
    return queue


def handler_config(settings: Settings) -> dict[str, str]:
    """What handlers may ask their context for: their settings, and each secret as "secrets.NAME"."""
    secrets = {name: secret.get_secret_value() for name, secret in settings.secrets.items()}
    return flat(settings.task_settings | {"secrets": secrets})


def flat(task_settings: dict[str, dict[str, str]]) -> dict[str, str]:
    """The settings of the handlers by dotted name: {"billing": {"base_url": …}} as {"billing.base_url": …}."""
    return {f"{system}.{name}": value for system, table in task_settings.items() for name, value in table.items()}
