"""The Celery application: over Redis in production, through files in the data folder otherwise. And the announcer."""

import time

import structlog
from celery import Celery

from app.settings import Settings
from app.worker.messages import PROCESS_DELIVERY, RUN_JOB

FILES = "app.worker.files:Transport"
REDIS = "app.worker.messages:Transport"
REDIS_SCHEMES = ("redis://", "rediss://")
BROKER_SECONDS = 2.0  # how long an announcement may hold up the one who announces
QUIET_SECONDS = 5.0

log = structlog.get_logger(__name__)


def create_queue(settings: Settings) -> Celery:
    """Celery, set up to lose nothing that matters: late acknowledgement, one message at a time, no results kept."""
    queue = Celery("bailiwick", broker=settings.broker_url or None, set_as_current=False)
    if not settings.broker_url:
        queue.conf.broker_transport = FILES
    elif settings.broker_url.startswith(REDIS_SCHEMES):
        queue.conf.broker_transport = REDIS
    queue.conf.update(
        accept_content=["json"],
        broker_connection_max_retries=None,  # for ever: meanwhile the look-out finds the work
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=BROKER_SECONDS,
        broker_transport_options=_transport_options(settings),
        task_acks_late=True,
        task_default_queue=settings.queue_name,
        task_ignore_result=True,
        task_reject_on_worker_lost=True,
        task_serializer="json",
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
    )
    return queue


def _transport_options(settings: Settings) -> dict[str, object]:
    if settings.broker_url:
        return {
            "global_keyprefix": f"{settings.queue_name}:",  # installations on one Redis do not touch each other's hints
            "visibility_timeout": settings.lease_seconds * 2,
            "socket_timeout": BROKER_SECONDS * 5,
            "socket_connect_timeout": BROKER_SECONDS,
        }
    folders = {name: settings.data_folder.resolve() / "queue" / name for name in ("messages", "control")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    messages, control = (str(folder) for folder in folders.values())
    return {
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": control,
        "polling_interval": 0.02,
    }


class CeleryAnnouncer:
    """Tells the workers, after the commit, that there is something to do. Never raises: the clock announces again.

    A broker that is away is left alone for `QUIET_SECONDS`, so that an outage costs a request now and then two seconds,
    and not every request.
    """

    def __init__(self, settings: Settings) -> None:
        self._queue = create_queue(settings)
        self._quiet_until = 0.0

    def announce_jobs(self, job_ids: tuple[str, ...]) -> None:
        for job_id in job_ids:
            self._send(RUN_JOB, job_id)

    def announce_delivery(self, delivery_id: str) -> None:
        self._send(PROCESS_DELIVERY, delivery_id)

    def _send(self, task: str, subject: str) -> None:
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._queue.send_task(task, [subject], retry=False)
        except Exception as error:  # noqa: BLE001 - the commit has happened: nothing may turn it into a failure
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("announcement lost", task=task, subject=subject, reason=type(error).__name__)
