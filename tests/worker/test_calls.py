"""Calls end: in an answer, or when their time is over."""

import sys
from collections.abc import Iterator
from threading import Event

import pytest
import structlog

from app.errors import Conflict
from app.handlers import InfrastructureProblem, TransientProblem
from app.logs import tracing
from app.worker.calls import Calls

PATIENCE_SECONDS = 60


def no_beat() -> None:
    pass


@pytest.fixture
def release() -> Iterator[Event]:
    """What hanging calls wait for; set at the end, so that no thread outlives its test."""
    event = Event()
    yield event
    event.set()


def within(calls: Calls, seconds: float, call: object, beat: object = no_beat, beat_seconds: float = 60) -> object:
    return calls.within(seconds, "billing", call, beat=beat, beat_seconds=beat_seconds)


def test_an_answer_comes_back() -> None:
    """What the call returns is returned, and its thread logs with the ids of the caller's."""
    with tracing("trace-1"):
        assert within(Calls(), PATIENCE_SECONDS, structlog.contextvars.get_contextvars) == {"trace_id": "trace-1"}


@pytest.mark.parametrize("error", [ValueError("no"), TimeoutError("the handler's own"), Conflict("late")])
def test_an_exception_comes_back(error: Exception) -> None:
    """What the call raises is raised, a time-out of its own included; the call does not count as hanging."""

    def fail() -> None:
        raise error

    calls = Calls()
    with pytest.raises(type(error), match=str(error)):
        within(calls, PATIENCE_SECONDS, fail)
    assert calls.hanging("billing") == 0


def test_a_handler_cannot_end_the_worker() -> None:
    """SystemExit in a handler is a failure of its job."""
    with pytest.raises(RuntimeError, match="SystemExit"):
        within(Calls(), PATIENCE_SECONDS, lambda: sys.exit(3))


def test_a_call_without_end_is_left(release: Event) -> None:
    """After its time nobody waits any longer: that is transient, and the call counts as hanging until it returns."""
    calls = Calls()
    with pytest.raises(TransientProblem, match=r"No answer within 0\.05 seconds"):
        within(calls, 0.05, lambda: release.wait(PATIENCE_SECONDS))
    assert calls.hanging("billing") == 1


def test_too_many_hanging_calls_are_a_system_that_is_down(release: Event) -> None:
    """No further call begins while the bound is reached; another system is not touched by it."""
    calls = Calls(hanging_calls=2)
    for _ in range(2):
        with pytest.raises(TransientProblem):
            within(calls, 0.01, lambda: release.wait(PATIENCE_SECONDS))
    with pytest.raises(InfrastructureProblem, match="billing"):
        within(calls, PATIENCE_SECONDS, lambda: "never asked")
    assert calls.within(PATIENCE_SECONDS, "crm", lambda: "asked", beat=no_beat, beat_seconds=60) == "asked"


def test_a_call_that_returned_late_hangs_no_more() -> None:
    """Once a call that was left behind returns, its place is free again."""
    calls, begun, release = Calls(hanging_calls=1), Event(), Event()

    def hang() -> None:
        begun.set()
        release.wait(PATIENCE_SECONDS)

    with pytest.raises(TransientProblem):
        within(calls, 0.01, hang)
    assert begun.wait(PATIENCE_SECONDS)
    release.set()
    free = Event()
    for _ in range(PATIENCE_SECONDS * 100):
        if calls.hanging("billing") == 0:
            free.set()
            break
        free.wait(0.01)
    assert within(calls, PATIENCE_SECONDS, lambda: "again") == "again"


def test_the_lease_is_renewed_while_the_call_runs(release: Event) -> None:
    """Every beat comes while the call runs; the call's answer is still taken afterwards."""
    beats: list[int] = []

    def beat() -> None:
        beats.append(1)
        if len(beats) == 3:
            release.set()

    assert within(Calls(), PATIENCE_SECONDS, lambda: release.wait(PATIENCE_SECONDS), beat, 0.01) is True
    assert len(beats) >= 3


def test_a_lost_lease_ends_the_wait(release: Event) -> None:
    """Where the beat says that somebody else has the job now, nobody waits for this call any longer."""

    def lost() -> None:
        raise Conflict("somebody else has it")

    calls = Calls()
    with pytest.raises(Conflict):
        within(calls, PATIENCE_SECONDS, lambda: release.wait(PATIENCE_SECONDS), lost, 0.01)
    assert calls.hanging("billing") == 1
