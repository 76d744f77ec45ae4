"""`app.worker.queue` and `files`: every hint arrives, and an announcement never fails its caller."""

import shutil
import threading
from pathlib import Path

import pytest
from celery.contrib.testing.worker import start_worker
from structlog.testing import capture_logs

from app.settings import Settings, load_settings
from app.worker.messages import PROCESS_DELIVERY, RUN_JOB
from app.worker.queue import CeleryAnnouncer, create_queue
from tests.worker.brokers import BROKERS, settings_on

PATIENCE_SECONDS = 60


class Heard:
    """Collects the ids that arrive, and says when there are enough."""

    def __init__(self, expected: int) -> None:
        self.ids: list[str] = []
        self._expected = expected
        self._complete = threading.Event()

    def hear(self, subject: str) -> None:
        self.ids.append(subject)
        if len(self.ids) >= self._expected:
            self._complete.set()

    def wait(self) -> list[str]:
        assert self._complete.wait(PATIENCE_SECONDS), f"{len(self.ids)} of {self._expected} hints arrived"
        return self.ids


@pytest.fixture(params=BROKERS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return settings_on(request.param, tmp_path)


def test_every_announcement_of_several_processes_arrives_once(settings: Settings) -> None:
    """Four announcers at a time, 400 ids: none is lost, none is doubled, none is seen half-written."""
    heard = Heard(400)
    queue = create_queue(settings)
    queue.task(heard.hear, name=RUN_JOB, shared=False)
    with start_worker(queue, pool="threads", concurrency=4, perform_ping_check=False):
        announcers = [
            threading.Thread(
                target=CeleryAnnouncer(settings).announce_jobs, args=(tuple(f"{start + n}" for n in range(100)),)
            )
            for start in (0, 100, 200, 300)
        ]
        for each in announcers:
            each.start()
        for each in announcers:
            each.join()
        assert sorted(heard.wait(), key=int) == [str(n) for n in range(400)]


def test_a_delivery_is_announced_by_its_id(settings: Settings) -> None:
    """The two kinds of hints do not mix."""
    heard = Heard(1)
    queue = create_queue(settings)
    queue.task(heard.hear, name=PROCESS_DELIVERY, shared=False)
    with start_worker(queue, pool="threads", concurrency=1, perform_ping_check=False):
        CeleryAnnouncer(settings).announce_delivery("d-1")
        assert heard.wait() == ["d-1"]


def test_hints_that_nobody_hears_yet_wait(settings: Settings) -> None:
    """A worker that starts later finds what was announced before."""
    queue = create_queue(settings)
    CeleryAnnouncer(settings).announce_jobs(("early",))
    heard = Heard(1)
    queue.task(heard.hear, name=RUN_JOB, shared=False)
    with start_worker(queue, pool="threads", concurrency=1, perform_ping_check=False):
        assert heard.wait() == ["early"]


def test_a_broker_that_is_away_does_not_fail_the_caller(tmp_path: Path) -> None:
    """The commit has happened; losing the hint must not undo the answer. What is away is not asked again at once."""
    nowhere = CeleryAnnouncer(load_settings(data_folder=tmp_path, broker_url="redis://127.0.0.1:1/0"))
    with capture_logs() as logged:
        nowhere.announce_jobs(("a", "b"))
        nowhere.announce_delivery("d")
    assert [line["event"] for line in logged] == ["announcement lost"]


def test_a_folder_that_is_gone_does_not_fail_the_caller(tmp_path: Path) -> None:
    """The same without Redis: the folder of the messages was deleted under the feet of a running process."""
    announcer = CeleryAnnouncer(load_settings(data_folder=tmp_path, broker_url=""))
    shutil.rmtree(tmp_path / "queue")
    with capture_logs() as logged:
        announcer.announce_jobs(("a",))
    assert [line["event"] for line in logged] == ["announcement lost"]
