"""Hearing: whether this worker still hears hints, and how it is made to hear again.

An acknowledgement that fails (Redis was away) leaves its message among the unacknowledged ones for ever. When as many
are left as a worker may hold, Celery's consumer stops reading its socket, and would never notice that it is deaf.
"""

import structlog
from celery import bootsteps
from celery.worker import state

LOOK_SECONDS = 1.0
LOOKS = 2  # an answer may be on its way while one looks

log = structlog.get_logger(__name__)


class Deaf(ConnectionError):
    """Celery takes it for a lost connection, and connects anew."""


class Hearing(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
    """Looks, in the consumer's own event loop, whether messages are held though nothing is being done."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: object, **options: object) -> None:
        super().__init__(parent, **options)
        self._suspicious = 0

    def register_with_event_loop(self, parent: object, hub: object) -> None:
        self._suspicious = 0
        hub.call_repeatedly(LOOK_SECONDS, self._look, parent)  # type: ignore[attr-defined]

    def _look(self, consumer: object) -> None:
        self._suspicious = self._suspicious + 1 if _holds_without_work(consumer) else 0
        if self._suspicious >= LOOKS:
            self._suspicious = 0
            log.warning("hints are not heard any more: connecting anew")
            raise Deaf("Messages are held that nobody works on.")


def _holds_without_work(consumer: object) -> bool:
    task_consumer = getattr(consumer, "task_consumer", None)
    qos = getattr(getattr(task_consumer, "channel", None), "qos", None)
    return qos is not None and not qos.can_consume() and not state.reserved_requests
