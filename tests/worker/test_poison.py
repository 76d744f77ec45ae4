"""Handlers whose answer cannot be written down, and handlers that kill their worker: bounded, with a reason, for both
databases. Each row runs through the worker's own execution.
"""

import math
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from app.handlers import ActionContext, BpmnError, DataProblem, Escalation, TransientProblem, action
from app.roles import Ungoverned
from app.runtime.views import InstanceDetail, JobState
from app.store.tables import JobRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task
from tests.store.databases import KINDS, fresh_database

PROCESS = diagram("poisoned", START, service_task("test.poison"), END)


class Asked(BaseModel):
    pass


class Answered(BaseModel):
    answer: Any = None


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


class Opaque:
    pass


def too_many(retry_after: str) -> httpx.HTTPStatusError:
    request = httpx.Request("POST", "http://billing.test/refunds")
    return httpx.HTTPStatusError(
        "429", request=request, response=httpx.Response(429, request=request, headers={"Retry-After": retry_after})
    )


def nested(levels: int) -> object:
    value: object = []
    for _ in range(levels):
        value = [value]
    return value


@dataclass
class Poison:
    """What the handler answers or raises, and how often it was asked."""

    answer: object = None
    raises: Exception | None = None
    asked: int = 0

    def __call__(self, _request: Asked, _context: ActionContext) -> Answered:
        self.asked += 1
        if self.raises is not None:
            raise self.raises
        return Answered.model_construct(answer=self.answer)


POISON = Poison()


@pytest.fixture
def poison() -> Poison:
    """What the handler of the shared platforms does next."""
    POISON.answer, POISON.raises, POISON.asked = None, None, 0
    return POISON


@pytest.fixture(scope="module", params=KINDS)
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One for all rows, each with a case of its own: what one row leaves behind must not disturb the next either."""

    @action("test.poison", system="test", effect="draft")
    def work(request: Asked, context: ActionContext) -> Answered:
        return POISON(request, context)

    folder = tmp_path_factory.mktemp("poison")
    (folder / "poisoned.bpmn").write_bytes(PROCESS)
    with ExitStack() as stack:
        database = stack.enter_context(fresh_database(request.param, folder))
        yield stack.enter_context(
            Platform([folder / "poisoned.bpmn"], [work], database=database, ungoverned=Ungoverned.ALLOW)
        )


def run_out(platform: Platform) -> InstanceDetail:
    """Start a case, and let it fail as often as it may."""
    case = platform.start("poisoned")
    platform.run()
    for _ in range(3):
        platform.advance(days=2)
    return platform.case(case)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (math.nan, "$.answer: Expected a finite number, but found NaN."),
        (Decimal("-Infinity"), "Expected a finite number"),
        (Decimal("1E+7000"), "Expected a number up to"),
        ("\ud800", "half of a surrogate pair"),
        ("a\0b", "U+0000"),
        ({"deep": ["\udcff"]}, "$.answer.deep[0]: Expected Unicode characters"),
        (Opaque(), "Expected a JSON value, but found Opaque."),
        (b"bytes", "Expected a JSON value, but found bytes."),
        (nested(5_000), "Expected at most 100 levels"),
        ("x" * 5_000_000, "Expected at most 4,194,304 characters"),
    ],
    ids=[
        "NaN", "infinity", "huge number", "surrogate", "NUL", "surrogate inside", "object", "bytes", "deep", "huge"
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_stored_stops_the_case(
    platform: Platform, poison: Poison, answer: object, reason: str
) -> None:
    """It is a problem of the handler, which is named with the place; and asked once: trying again helps nobody."""
    poison.answer = answer
    detail = run_out(platform)
    (incident,) = detail.incidents
    assert (poison.asked, incident.exception_class) == (1, "data")
    assert incident.message.startswith("The answer of test.poison cannot be stored: ")
    assert reason in incident.message
    assert detail.jobs[0].state is JobState.FAILED


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("bad \udcff text"), "ValueError: bad \\udcff text"),
        (ValueError("nothing \0 here"), "ValueError: nothing \\x00 here"),
        (Unspeakable(), "Unspeakable: (its text cannot be read: RuntimeError)"),
        (ValueError("x" * 100_000), "ValueError: xxx"),
        (too_many("1796000000000"), "test answered 429."),
        (too_many("9" * 400), "test answered 429."),
        (TransientProblem("busy", retry_after_seconds=math.nan), "busy"),
        (BpmnError("NO", variables={"x": math.nan}), "The answer of test.poison cannot be stored"),
        (BpmnError("N\0", "no"), "N"),  # SQLite stores it
        (Escalation("UP", {"x": Opaque()}), "found Opaque"),
    ],
    ids=[
        "surrogate", "NUL", "no text", "long text", "Retry-After", "Retry-After of 400 digits", "Retry-After NaN",
        "variables of an error", "code of an error", "variables of an escalation",
    ],
)  # fmt: skip
def test_a_failure_that_cannot_be_written_down_as_it_is_has_an_end(
    platform: Platform, poison: Poison, error: Exception, reason: str
) -> None:
    """Within its three retries it becomes an incident, whose text says what happened in words that can be stored."""
    poison.raises = error
    detail = run_out(platform)
    (incident,) = detail.incidents
    assert 1 <= poison.asked <= 3
    assert reason in incident.message
    assert len(incident.message) <= 1000
    assert detail.jobs[0].state is JobState.FAILED


def test_problems_of_data_are_stored_whatever_they_say(platform: Platform, poison: Poison) -> None:
    """The places and reasons that a handler names become evidence; what cannot be stored of them is escaped."""
    poison.raises = DataProblem("contradiction", {"$.\ud800": "nothing \0 here"})
    detail = run_out(platform)
    assert (poison.asked, [incident.message for incident in detail.incidents]) == (1, ["contradiction"])


def test_nobody_is_put_away_for_a_year(platform: Platform, poison: Poison) -> None:
    """Another system may ask for a day at most; then it is asked again."""
    poison.raises = too_many("31536000")
    platform.start("poisoned")
    platform.run()
    platform.advance(hours=23)
    assert poison.asked == 1
    poison.raises = None
    platform.advance(hours=1)
    assert poison.asked == 2


def test_a_job_that_kills_its_workers_is_an_incident(platform: Platform, poison: Poison) -> None:
    """Three workers that never answer, whatever the retries say; the next tick tells an operator, who may retry."""
    case = platform.start("poisoned")
    (job,) = platform.case(case).jobs
    for life in range(3):
        assert not platform.case(case).incidents
        assert platform.runtime.jobs.begin(job.id, f"worker-{life}") is not None
        platform.clock.advance(timedelta(minutes=30))
        platform.runtime.tick()
        platform.clock.advance(timedelta(minutes=2))
    (incident,) = platform.case(case).incidents
    assert "its worker died three times" in incident.message
    assert platform.runtime.jobs.begin(job.id, "worker-4") is None


def test_an_answer_ends_the_count_of_dead_workers(platform: Platform, poison: Poison) -> None:
    """Two workers that died, one that failed, two that died: nobody died three times in a row."""
    case = platform.start("poisoned")
    (job,) = platform.case(case).jobs
    poison.raises = ValueError("once")
    for lives in range(2):
        for life in range(2):
            assert platform.runtime.jobs.begin(job.id, f"worker-{lives}-{life}") is not None
            platform.clock.advance(timedelta(minutes=30))
            platform.runtime.tick()
            platform.clock.advance(timedelta(minutes=2))
        platform.run()
        platform.clock.advance(timedelta(minutes=2))
    assert (poison.asked, platform.case(case).incidents) == (2, ())
    with platform.runtime.core.store.read() as session:
        assert session.get_one(JobRow, job.id).unanswered == 0


def test_a_worker_that_is_really_killed_is_counted(tmp_path: Path) -> None:
    """A handler that ends its process: the third process is the last, and the other case of the queue completes."""

    @action("test.kill", system="test", effect="draft")
    def kill(request: Asked, context: ActionContext) -> Answered:
        os.kill(os.getpid(), signal.SIGKILL)
        return Answered()

    @action("test.live", system="test", effect="draft")
    def live(request: Asked, context: ActionContext) -> Answered:
        return Answered(answer="alive")

    for name in ("kill", "live"):
        (tmp_path / f"{name}.bpmn").write_bytes(diagram(name, START, service_task(f"test.{name}"), END))
    with Platform(
        [tmp_path / "kill.bpmn", tmp_path / "live.bpmn"], [kill, live], ungoverned=Ungoverned.ALLOW
    ) as platform:
        deadly, healthy = platform.start("kill"), platform.start("live")
        deaths = 0
        for _ in range(10):
            deaths += _dies(platform.run)
            platform.clock.advance(timedelta(minutes=10))
        assert deaths == 3
        assert [incident.kind for incident in platform.case(deadly).incidents] == ["job"]
        assert platform.case(healthy).view.status == "completed"


def _dies(work: Callable[[], None]) -> bool:
    """Whether a worker process that does this is killed by it."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL
