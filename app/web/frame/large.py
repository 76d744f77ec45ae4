"""Long reading and checking beside everything else: only so much of it at a time, so that a thread is always free.

A large model is checked for seconds of the processor. Python's threads share it: health checks and hooks are answered
meanwhile, as long as not every thread of the web process is at such work.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from werkzeug.exceptions import ServiceUnavailable

LARGE_BYTES = 100_000  # of models; what is smaller takes less than a second
AT_ONCE = 2
RETRY_AFTER_SECONDS = 10

_slots = BoundedSemaphore(AT_ONCE)


@contextmanager
def large_work(size: int) -> Iterator[None]:
    """Do something with models of `size` bytes. Raises ServiceUnavailable while enough of it is being done."""
    if size < LARGE_BYTES:
        yield
        return
    if not _slots.acquire(blocking=False):
        detail = f"{AT_ONCE} large models are being read already. Try again in {RETRY_AFTER_SECONDS} seconds."
        raise ServiceUnavailable(detail, retry_after=RETRY_AFTER_SECONDS)
    try:
        yield
    finally:
        _slots.release()
