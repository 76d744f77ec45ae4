"""A process whose clock is wrong does nothing because of the hour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from app.punctuality import BOUND, Punctuality
from app.runtime import SYSTEM, Runtime
from app.runtime.views import ProcessKind
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, timer_catch


def skewed(platform: Platform, by: timedelta) -> Runtime:
    """The same database, seen by a process on another host, whose clock is ahead."""
    core = platform.runtime.core
    return Runtime(replace(core, punctuality=Punctuality(lambda: datetime.now(UTC) + by)))


@pytest.fixture
def waiting(platform: Platform) -> str:
    platform.runtime.deployments.deploy(SYSTEM, {"waits.bpmn": diagram("waits", START, timer_catch("PT1M"), END)})
    case = platform.start("waits")
    platform.clock.advance(timedelta(minutes=2))
    return case


@pytest.mark.parametrize("by", [timedelta(minutes=5), -timedelta(minutes=5)], ids=["ahead", "behind"])
def test_a_clock_that_is_wrong_fires_no_timer(platform: Platform, waiting: str, by: timedelta) -> None:
    """Beyond the bound it leaves timers to a clock that is right; its heartbeat says how wrong it is."""
    wrong = skewed(platform, by)
    wrong.heartbeats.beat("wrong", ProcessKind.CLOCK, "elsewhere", 1)
    assert wrong.tick().done["timers"] == 0
    (row,) = wrong.heartbeats.list(ProcessKind.CLOCK)
    assert abs(row.offset - by) < timedelta(seconds=5)
    assert row.is_alive
    assert platform.case(waiting).view.status == "running"
    platform.runtime.heartbeats.beat("right", ProcessKind.CLOCK, "here", 2)
    assert platform.runtime.tick().done["timers"] == 1
    assert platform.case(waiting).view.status == "completed"


def test_a_second_is_worth_a_warning_once() -> None:
    """It is said when it begins and when it ends, and not with every heartbeat."""
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    here = [noon + timedelta(seconds=2)] * 3 + [noon]
    punctuality = Punctuality(lambda: here.pop(0))
    with capture_logs() as logged:
        for _ in range(4):
            punctuality.measure(lambda: noon)
    assert [(line["log_level"], round(line["seconds"])) for line in logged] == [("warning", 2), ("info", 0)]
    assert punctuality.is_trusted
    assert timedelta(seconds=2) < BOUND
