"""A due thing that fails keeps nothing else from being done, is tried again within bounds, and is never forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.errors import Forbidden, NotFound
from app.runtime import SYSTEM
from app.runtime.clock.setbacks import MOST_FAILURES
from app.runtime.views import DueKind, SetbackView
from app.store.tables import FollowUpRow, InstanceRow, MessageRow, TimerRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, timer_catch


@pytest.fixture
def broken(platform: Platform) -> str:
    """An instance that waits for a timer, and whose state has been damaged. Returns the timer's id."""
    platform.runtime.deployments.deploy(SYSTEM, {"nap.bpmn": diagram("nap", START, timer_catch("PT1M"), END)})
    damaged = platform.start("nap")
    with platform.runtime.core.store.write() as session:
        row = session.get_one(InstanceRow, damaged)
        row.state = {"was": row.state}
        return session.scalars(select(TimerRow.id).where(TimerRow.instance_id == damaged)).one()


def only(platform: Platform) -> SetbackView:
    (setback,) = platform.runtime.setbacks.list(SYSTEM).items
    return setback


def test_it_keeps_nothing_else_from_being_done(platform: Platform, broken: str) -> None:
    """The timers behind it fire, and it is noted with its reason."""
    sound = platform.start("nap")
    platform.clock.advance(timedelta(minutes=2))
    platform.runtime.tick(limit=1)
    platform.runtime.tick(limit=1)
    assert platform.case(sound).view.status == "completed"
    setback = only(platform)
    assert (setback.kind, setback.subject, setback.failures) == (DueKind.TIMER, broken, 1)
    assert setback.retry_at is not None
    assert setback.retry_at > platform.clock.now()


def test_it_is_tried_again_within_bounds(platform: Platform, broken: str) -> None:
    """After growing pauses, a dozen times; then only when an operator asks."""
    platform.clock.advance(timedelta(minutes=2))
    platform.runtime.tick()
    pauses = []
    while (retry_at := only(platform).retry_at) is not None:
        platform.runtime.tick()
        assert only(platform).retry_at == retry_at
        pauses.append(retry_at - platform.clock.now())
        platform.clock.advance(pauses[-1])
        platform.runtime.tick()
    assert len(pauses) == MOST_FAILURES - 1
    assert pauses[0] < timedelta(seconds=2) < timedelta(minutes=1) < pauses[-1]
    platform.clock.advance(timedelta(days=30))
    platform.runtime.tick()
    assert only(platform).failures == MOST_FAILURES
    platform.runtime.setbacks.retry(SYSTEM, DueKind.TIMER, broken)
    platform.runtime.tick()
    assert only(platform).failures == 1
    actions = [each.action for each in platform.runtime.audit.list(SYSTEM, action="due.").items]
    assert actions == ["due.retried", "due.given-up"]


def test_what_can_be_done_at_last_is_no_setback_any_more(platform: Platform, broken: str) -> None:
    """The state was repaired: the timer fires, and the setback is gone."""
    platform.clock.advance(timedelta(minutes=2))
    platform.runtime.tick()
    with platform.runtime.core.store.write() as session:
        row = session.scalars(select(InstanceRow)).one()
        assert isinstance(row.state, dict)
        row.state = row.state["was"]
    platform.runtime.setbacks.retry(SYSTEM, DueKind.TIMER, broken)
    platform.runtime.tick()
    assert platform.case(row.id).view.status == "completed"
    assert platform.runtime.setbacks.list(SYSTEM).items == ()


def test_what_fails_stops_nothing_behind_it_in_the_same_tick(platform: Platform) -> None:
    """Messages are done before follow-ups, deliveries and announcements behind them: each fails alone."""
    now = platform.clock.now()
    with platform.runtime.core.store.write() as session:
        session.add(FollowUpRow(id="f", kind="signal", created_at=now, payload={"nothing": "in it"}))
        session.add(
            MessageRow(
                id="m",
                name="x",
                correlation_key="",
                message_id=None,
                variables=[],
                published_at=now,
                published_by="t",
                expires_at=now + timedelta(days=1),
                correlated=False,
                trace_id=None,
                delivery_id=None,
            )
        )
    platform.clock.advance(timedelta(minutes=1))
    platform.runtime.tick()
    assert [each.kind for each in platform.runtime.setbacks.list(SYSTEM).items] == [DueKind.FOLLOW_UP]
    with platform.runtime.core.store.read() as session:
        assert session.get_one(MessageRow, "m").correlated


def test_only_operators_ask_for_another_try(platform: Platform, broken: str) -> None:
    """And only for what has failed."""
    with pytest.raises(Forbidden):
        platform.runtime.setbacks.retry(platform.actor("anna"), DueKind.TIMER, broken)
    with pytest.raises(Forbidden):
        platform.runtime.setbacks.list(platform.actor("anna"))
    with pytest.raises(NotFound):
        platform.runtime.setbacks.retry(SYSTEM, DueKind.TIMER, broken)
