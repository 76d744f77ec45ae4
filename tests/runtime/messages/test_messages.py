"""Messages, signals and timers: each reaches what waits for it, once, also when it comes too early or is told twice."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.runtime import SYSTEM, Actor
from app.runtime.messages.following_up import correlate
from app.runtime.views import InstanceFilter
from app.store.tables import FollowUpRow, MessageRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, message_catch, start_by, timer_catch, user_task

PAID, PAID_MESSAGE = message_catch("paid")
WAITING = diagram("waiting", START, PAID, END, roots=PAID_MESSAGE)
ORDERED = diagram("ordered", start_by("message", "m"), user_task(), END, roots='<bpmn:message id="m" name="ordered" />')
ALARM = '<bpmn:signal id="s" name="alarm" />'
EVACUATE = diagram("evacuate", start_by("signal", "s"), user_task(), END, roots=ALARM)
STAY = diagram(
    "stay",
    START,
    '<bpmn:intermediateCatchEvent id="hear">{flows}<bpmn:signalEventDefinition id="d" signalRef="s" />'
    "</bpmn:intermediateCatchEvent>",
    END,
    roots=ALARM,
)
SHOUT = diagram(
    "shout",
    START,
    '<bpmn:intermediateThrowEvent id="cry">{flows}<bpmn:signalEventDefinition id="d" signalRef="s" />'
    "</bpmn:intermediateThrowEvent>",
    END,
    roots=ALARM,
)
PAUSE = diagram("nap", START, timer_catch("PT1H"), END)
DAILY = diagram("daily", start_by("timer", "R/PT1H"), user_task(), END)


def deploy(platform: Platform, *diagrams: bytes) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {f"{n}.bpmn": each for n, each in enumerate(diagrams)})


def running(platform: Platform, process_id: str) -> int:
    return len(platform.runtime.instances.list(SYSTEM, InstanceFilter(process_id=process_id)).items)


def test_a_message_reaches_the_instance_with_its_key(platform: Platform) -> None:
    """And no other."""
    deploy(platform, WAITING)
    one, two = platform.start("waiting", {"order_id": "1"}), platform.start("waiting", {"order_id": "2"})
    platform.publish("paid", "2", {"sum": 5})
    assert platform.case(one).view.status == "running"
    assert platform.case(two).view.status == "completed"
    assert platform.case(two).variables["sum"] == 5


def test_a_message_that_comes_early_waits_for_its_subscription(platform: Platform) -> None:
    """Until it expires."""
    deploy(platform, WAITING)
    platform.publish("paid", "1")
    assert platform.case(platform.start("waiting", {"order_id": "1"})).view.status == "completed"
    platform.publish("paid", "2")
    platform.advance(hours=2)
    assert platform.case(platform.start("waiting", {"order_id": "2"})).view.status == "running"


def test_a_message_is_delivered_to_a_process_once(platform: Platform) -> None:
    """A second instance with the same key waits for another message."""
    deploy(platform, WAITING)
    platform.publish("paid", "1")
    assert platform.case(platform.start("waiting", {"order_id": "1"})).view.status == "completed"
    assert platform.case(platform.start("waiting", {"order_id": "1"})).view.status == "running"


def test_the_same_message_id_is_published_once(platform: Platform, admin: Actor) -> None:
    """Whoever repeats it is given the first one's id."""
    deploy(platform, ORDERED)
    publish = platform.runtime.messages.publish
    assert publish(admin, "ordered", "1", {}, "m-1") == publish(admin, "ordered", "1", {}, "m-1")
    assert running(platform, "ordered") == 1


def test_a_message_starts_the_newest_version_only(platform: Platform) -> None:
    """Start events of older versions are closed."""
    deploy(platform, ORDERED)
    deploy(platform, ORDERED.replace(b'name="Decide"', b'name="Decide now"'))
    platform.publish("ordered", "1")
    (view,) = platform.runtime.instances.list(SYSTEM).items
    assert (view.version, view.business_key) == (2, "1")


def test_an_interrupted_correlation_is_finished_by_the_clock(platform: Platform, admin: Actor) -> None:
    """The message was stored, and the process that was to correlate it died."""
    deploy(platform, ORDERED)
    core = platform.runtime.core
    message_id = platform.runtime.messages.publish(admin, "unrelated", "1", {})
    with core.store.write() as session:
        session.execute(update(MessageRow).where(MessageRow.id == message_id).values(correlated=False, name="ordered"))
    platform.advance(seconds=10)
    correlate(core, message_id)
    assert running(platform, "ordered") == 1


def test_a_signal_reaches_everybody_who_waits(platform: Platform) -> None:
    """Waiting instances and start events, each once, though each in a transaction of its own."""
    deploy(platform, EVACUATE, STAY, SHOUT)
    cases = [platform.start("stay") for _ in range(3)]
    platform.start("shout")
    assert [platform.case(case).view.status for case in cases] == ["completed"] * 3
    assert running(platform, "evacuate") == 1


def test_a_lost_follow_up_is_carried_out_by_the_clock(platform: Platform, admin: Actor) -> None:
    """The signal was thrown, and the thrower died before telling anybody."""
    deploy(platform, STAY)
    case = platform.start("stay")
    core = platform.runtime.core
    with core.store.write() as session:
        payload = {"instance": case, "name": "alarm", "variables": {}, "trace": None}
        session.add(FollowUpRow(id="f", kind="signal", created_at=core.clock.now(), payload=payload))
    platform.run()
    assert platform.case(case).view.status == "running"
    platform.advance(seconds=5)
    assert platform.case(case).view.status == "completed"


def test_a_timer_fires_when_it_is_due_and_once(platform: Platform) -> None:
    """Not a second earlier."""
    deploy(platform, PAUSE)
    case = platform.start("nap")
    platform.advance(minutes=59)
    assert platform.case(case).view.status == "running"
    platform.advance(minutes=1)
    assert platform.case(case).view.status == "completed"
    assert platform.runtime.tick().done["timers"] == 0


def test_a_start_timer_makes_up_for_downtime_with_one_start(platform: Platform) -> None:
    """Its cycle goes on from there, and not in a burst."""
    deploy(platform, DAILY)
    platform.advance(hours=1)
    assert running(platform, "daily") == 1
    platform.clock.advance(timedelta(hours=5))
    platform.run()
    assert running(platform, "daily") == 2


@pytest.mark.parametrize("version", [1, 2])
def test_a_redeployed_timer_start_belongs_to_the_newest_version(platform: Platform, version: int) -> None:
    """Two versions do not start side by side."""
    for number in range(version):
        deploy(platform, DAILY.replace(b'name="Decide"', f'name="Decide {number}"'.encode()))
    platform.advance(hours=1)
    assert running(platform, "daily") == 1
