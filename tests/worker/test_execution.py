"""Running jobs: one announcement, one attempt."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlalchemy import text
from structlog.testing import capture_logs

from app.handlers import ActionContext, BpmnError, action
from app.roles import Ungoverned
from app.testing import Platform
from app.worker.calls import Calls
from app.worker.execution import Execution
from app.worker.gathering import Gathering
from tests.acceptance.installation import until

PATIENCE_SECONDS = 60

PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="one-task" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:serviceTask id="work">
      <bpmn:extensionElements><zeebe:taskDefinition type="test.work" retries="2" /></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:endEvent id="end"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:boundaryEvent id="refused" attachedToRef="work">
      <bpmn:outgoing>c</bpmn:outgoing>
      <bpmn:errorEventDefinition id="refused-definition" errorRef="no" />
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="elsewhere"><bpmn:incoming>c</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="work" />
    <bpmn:sequenceFlow id="b" sourceRef="work" targetRef="end" />
    <bpmn:sequenceFlow id="c" sourceRef="refused" targetRef="elsewhere" />
  </bpmn:process>
  <bpmn:error id="no" errorCode="NO" />
</bpmn:definitions>
"""


class Asked(BaseModel):
    number: Decimal


class Answered(BaseModel):
    answer: Decimal


class Worked:
    """What the handler does, and how often it was called. Its first attempt waits for `release`."""

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.busy, self.release = threading.Event(), threading.Event()
        self.release.set()
        self.problem: Exception | None = None

    def __call__(self, request: Asked, context: ActionContext) -> Answered:
        self.calls.append(context.attempt)
        self.busy.set()
        if context.attempt == 1:
            assert self.release.wait(PATIENCE_SECONDS)
        if self.problem is not None:
            raise self.problem
        return Answered(answer=request.number * 2)


@pytest.fixture
def worked() -> Worked:
    return Worked()


@pytest.fixture
def platform(tmp_path: Path, worked: Worked) -> Iterator[Platform]:
    @action("test.work", system="test", effect="write")
    def work(request: Asked, context: ActionContext) -> Answered:
        return worked(request, context)

    (tmp_path / "one-task.bpmn").write_text(PROCESS)
    with Platform([tmp_path / "one-task.bpmn"], [work], ungoverned=Ungoverned.ALLOW) as platform:
        yield platform


def execution(platform: Platform) -> Execution:
    """A worker beside the test's own."""
    return Execution(
        runtime=platform.runtime,
        registry=platform.registry,
        clock=platform.clock,
        config={},
        calls=Calls(),
        lease=platform.runtime.core.settings.lease,
        answers=Gathering(platform.runtime.jobs.finish_many),
        worker_id="worker-1",
    )


def test_a_job_announced_twice_is_done_once(platform: Platform, worked: Worked) -> None:
    """Two announcements of one job meet in one worker: one takes it, the other finds nothing to do."""
    case = platform.start("one-task", {"number": Decimal(21)})
    (job,) = platform.case(case).jobs
    worker = execution(platform)
    worked.release.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(worker.run_announced, job.id)
        assert worked.busy.wait(PATIENCE_SECONDS)
        worker.run_announced(job.id)
        worked.release.set()
        first.result(PATIENCE_SECONDS)
    assert worked.calls == [1]
    assert platform.case(case).variables["answer"] == Decimal(42)


def test_a_late_answer_is_dropped(platform: Platform, worked: Worked) -> None:
    """A worker that comes back after its lease was lost changes nothing: the attempt number fences it off."""
    case = platform.start("one-task", {"number": Decimal(21)})
    (job,) = platform.case(case).jobs
    worked.release.clear()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(execution(platform).run_announced, job.id)
        assert worked.busy.wait(PATIENCE_SECONDS)
        platform.clock.advance(platform.runtime.core.settings.lease * 10)
        platform.run()
        done = platform.case(case)
        worked.release.set()
        slow.result(PATIENCE_SECONDS)
    assert (worked.calls, done.view.status) == ([1, 2], "completed")
    assert platform.case(case) == done


def test_a_bpmn_error_goes_to_the_diagram(platform: Platform, worked: Worked) -> None:
    """What the process should know, it is told."""
    worked.problem = BpmnError("NO", "not today")
    case = platform.start("one-task", {"number": Decimal(21)})
    platform.run()
    assert "elsewhere" in platform.case(case).completed


def test_an_unexpected_exception_is_tried_again_within_bounds(platform: Platform, worked: Worked) -> None:
    """A bug in a handler costs its attempts, then it is an incident that an operator can retry."""
    worked.problem = KeyError("amount")
    case = platform.start("one-task", {"number": Decimal(21)})
    platform.run()
    platform.advance(minutes=30)
    (incident,) = platform.case(case).incidents
    assert worked.calls == [1, 2]
    assert "KeyError" in incident.message


def test_data_that_do_not_fit_stop_the_case(platform: Platform, worked: Worked) -> None:
    """The handler is not called; the incident names the field."""
    case = platform.start("one-task", {"number": "many"})
    platform.run()
    (incident,) = platform.case(case).incidents
    assert (incident.exception_class, worked.calls) == ("data", [])
    assert "$.number" in incident.message


def test_a_renewal_that_fails_does_not_end_the_attempt(platform: Platform, worked: Worked) -> None:
    """The database is away while the handler works: its answer is awaited all the same, and not asked for twice."""
    case = platform.start("one-task", {"number": Decimal(21)})
    (job,) = platform.case(case).jobs
    worker = replace(execution(platform), lease=timedelta(seconds=0.03))
    engine = platform.runtime.core.store.engine
    worked.release.clear()
    with ThreadPoolExecutor(1) as pool, capture_logs() as logged:
        slow = pool.submit(worker.run_announced, job.id)
        assert worked.busy.wait(PATIENCE_SECONDS)
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE job RENAME TO job_away"))
        until(lambda: "lease not renewed" in [line["event"] for line in logged], "a renewal fails")
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE job_away RENAME TO job"))
        worked.release.set()
        slow.result(PATIENCE_SECONDS)
    assert worked.calls == [1]
    assert platform.case(case).variables["answer"] == Decimal(42)
