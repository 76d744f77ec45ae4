"""A worker hears hints again after Redis was away, whatever it was doing meanwhile."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker

from app.ids import new_id
from app.settings import Settings, load_settings
from app.worker.hearing import Hearing
from app.worker.messages import RUN_JOB
from app.worker.queue import CeleryAnnouncer, create_queue
from tests.acceptance.installation import PATIENCE_SECONDS, until
from tests.worker.private_redis import PrivateRedis, private_redis

THREADS = 4

pytestmark = pytest.mark.redis


class Worked:
    """Tasks that end when they are told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.release = threading.Event()

    def work(self, subject: str) -> None:
        self.begun.append(subject)
        assert self.release.wait(PATIENCE_SECONDS)
        self.ended.append(subject)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[PrivateRedis]:
    with private_redis(tmp_path) as server:
        if server is None:
            pytest.skip("no redis-server is installed here")
        yield server


@pytest.fixture
def settings(tmp_path: Path, redis: PrivateRedis) -> Settings:
    return load_settings(data_folder=tmp_path, broker_url=redis.url, queue_name=f"test-{new_id()}")


def queue_of(settings: Settings, worked: Worked) -> Celery:
    queue = create_queue(settings)
    queue.steps["consumer"].add(Hearing)
    queue.task(worked.work, name=RUN_JOB, shared=False)
    return queue


def test_a_busy_worker_hears_again_after_redis_was_killed(settings: Settings, redis: PrivateRedis) -> None:
    """Every thread is busy while Redis dies; no acknowledgement arrives; hints that come later are heard."""
    worked = Worked()
    queue = queue_of(settings, worked)
    with start_worker(queue, pool="threads", concurrency=THREADS, perform_ping_check=False):
        CeleryAnnouncer(settings).announce_jobs(tuple(f"before-{n}" for n in range(THREADS)))
        until(lambda: len(worked.begun) >= THREADS, "every thread is busy")
        redis.kill()
        worked.release.set()
        until(lambda: len(worked.ended) >= THREADS, "what was begun ends while Redis is away")
        redis.start()
        until(lambda: _announces(settings, worked), "a hint is heard after Redis is back")


def test_a_flush_is_survived(settings: Settings, redis: PrivateRedis) -> None:
    """Redis forgets queues and bindings under a running worker: hints that come later are heard."""
    worked = Worked()
    worked.release.set()
    with start_worker(queue_of(settings, worked), pool="threads", concurrency=1, perform_ping_check=False):
        CeleryAnnouncer(settings).announce_jobs(("before",))
        until(lambda: "before" in worked.ended, "a hint is heard")
        redis.flush()
        until(lambda: _announces(settings, worked), "a hint is heard after the flush")


def _announces(settings: Settings, worked: Worked) -> bool:
    """Whether a new hint is heard; asked again and again."""
    CeleryAnnouncer(settings).announce_jobs(("after",))
    return "after" in worked.ended
