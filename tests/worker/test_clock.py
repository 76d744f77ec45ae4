"""The clock process: it ticks until it is stopped, and nothing that fails ends it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.testing import Platform
from app.worker.clock import keep_ticking
from tests.acceptance.installation import PATIENCE_SECONDS, until

PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
  <bpmn:process id="waits" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:intermediateCatchEvent id="an-hour">
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing>
      <bpmn:timerEventDefinition id="t">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="end"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="an-hour" />
    <bpmn:sequenceFlow id="b" sourceRef="an-hour" targetRef="end" />
  </bpmn:process>
</bpmn:definitions>
"""


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    (tmp_path / "waits.bpmn").write_text(PROCESS)
    with Platform([tmp_path / "waits.bpmn"]) as platform:
        yield platform


@contextmanager
def ticking(platform: Platform) -> Iterator[None]:
    """A clock beside the test; afterwards it has ended."""
    stop = threading.Event()
    clock = threading.Thread(target=keep_ticking, args=(platform.runtime, 0.01, stop))
    clock.start()
    try:
        yield
    finally:
        stop.set()
        clock.join(PATIENCE_SECONDS)
        assert not clock.is_alive()


def completed(platform: Platform, case: str) -> bool:
    return platform.case(case).view.status == "completed"


def test_what_becomes_due_is_done(platform: Platform) -> None:
    """A timer fires once its time has come, with nobody asking for it."""
    case = platform.start("waits")
    with ticking(platform):
        platform.clock.advance(timedelta(minutes=59))
        assert not completed(platform, case)
        platform.clock.advance(timedelta(minutes=1))
        until(lambda: completed(platform, case), "the timer fires")


def test_a_failing_tick_does_not_end_the_clock(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """While the database has no timers to read, ticks fail and are logged; once it has, the clock goes on."""
    case = platform.start("waits")
    platform.clock.advance(timedelta(hours=1))
    engine = platform.runtime.core.store.engine
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE timer RENAME TO timer_away"))
    printed: list[str] = []

    def failed() -> bool:
        printed.append(capsys.readouterr().out)
        return "tick failed" in "".join(printed)

    with ticking(platform):
        until(failed, "a tick fails")
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE timer_away RENAME TO timer"))
        until(lambda: completed(platform, case), "the timer fires")
