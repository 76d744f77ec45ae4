"""The worker process: Celery in a pool of threads, and the look-out, around one `Execution`."""

import threading
from collections.abc import Sequence

import structlog
from celery import Celery

from app.assembly import make_clock, open_runtime
from app.runtime.views import ProcessKind
from app.settings import Settings
from app.store.database import relax
from app.worker.calls import Calls
from app.worker.execution import Execution
from app.worker.gathering import Gathering
from app.worker.hearing import Hearing
from app.worker.lookout import Lookout, Slots
from app.worker.messages import PROCESS_DELIVERY, RUN_JOB
from app.worker.pulse import Pulse, process_name
from app.worker.queue import CeleryAnnouncer, create_queue

log = structlog.get_logger(__name__)


def run_worker(settings: Settings, types: Sequence[str] = ()) -> None:
    """Run jobs until a signal says stop; what has begun is finished first. `types`: patterns; none means all."""
    queue, lookout = create_worker(settings, types)
    looking = threading.Thread(target=lookout.keep_looking, name="lookout")
    looking.start()
    try:
        queue.Worker(
            pool="threads",
            concurrency=settings.worker_threads,
            loglevel=settings.log_level,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
        ).start()
    finally:
        lookout.stop.set()
        looking.join()


def create_worker(settings: Settings, types: Sequence[str] = ()) -> tuple[Celery, Lookout]:
    """A queue whose two tasks run jobs and process deliveries, and the look-out that needs no queue."""
    runtime = open_runtime(settings, CeleryAnnouncer(settings))
    relax(runtime.core.store.engine)
    registry = runtime.core.registry.only(types) if types else runtime.core.registry
    execution = Execution(
        runtime=runtime,
        registry=registry,
        clock=make_clock(settings),
        config=handler_config(settings),
        calls=Calls(),
        lease=settings.lease,
        answers=Gathering(runtime.jobs.finish_many),
        worker_id=process_name(),
    )
    slots = Slots(settings.worker_threads)
    queue = create_queue(settings)
    queue.steps["consumer"].add(Hearing)
    queue.task(slots.during(execution.run_announced), name=RUN_JOB, shared=False)
    queue.task(slots.during(runtime.hooks.process), name=PROCESS_DELIVERY, shared=False)
    pulse = Pulse(runtime, ProcessKind.WORKER, execution.worker_id, registry)
    log.info("worker ready", worker_id=execution.worker_id, threads=settings.worker_threads, types=len(registry))
    return queue, Lookout(runtime, execution, slots, pulse)


def handler_config(settings: Settings) -> dict[str, str]:
    """What handlers may ask their context for: their settings, and each secret as "secrets.NAME"."""
    secrets = {name: secret.get_secret_value() for name, secret in settings.secrets.items()}
    return flat(settings.task_settings | {"secrets": secrets})


def flat(task_settings: dict[str, dict[str, str]]) -> dict[str, str]:
    """The settings of the handlers by dotted name: {"billing": {"base_url": …}} as {"billing.base_url": …}."""
    return {f"{system}.{name}": value for system, table in task_settings.items() for name, value in table.items()}
