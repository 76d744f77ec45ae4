"""A message with a key starts no second instance of a process while the first runs: the next wait in their order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import select

from app.runtime import SYSTEM, Actor
from app.runtime.views import InstanceFilter, InstanceStatus
from app.store.tables import InstanceRow, KeyedStartRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, start_by, user_task

GO = '<bpmn:message id="m" name="go" />'
WAITING = diagram("asked", start_by("message", "m"), user_task(), END, roots=GO)
QUICK = diagram("quick", start_by("message", "m"), END, roots=GO)


def deploy(platform: Platform, model: bytes = WAITING) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {"m.bpmn": model})


def publish(platform: Platform, key: str, number: int, seconds: int = 3600) -> None:
    platform.runtime.messages.publish(SYSTEM, "go", key, {"n": number}, time_to_live_seconds=seconds)


def running(platform: Platform) -> list[int]:
    """What the running instances were started with, in the order of their starts."""
    with platform.runtime.core.store.read() as session:
        query = select(InstanceRow).where(InstanceRow.status == "running").order_by(InstanceRow.id)
        return [int(dict(row.variables)["n"]) for row in session.scalars(query)]  # type: ignore[call-overload]


def complete(platform: Platform) -> None:
    platform.complete("anna", platform.inbox("anna")[0].id)
    platform.run()


def left(platform: Platform) -> int:
    with platform.runtime.core.store.read() as session:
        return len(session.scalars(select(KeyedStartRow.id)).all())


def test_the_next_message_starts_when_the_first_instance_has_ended(platform: Platform) -> None:
    """One at a time, in the order in which they were published; at last nothing is noted any more."""
    deploy(platform)
    for number in (1, 2, 3):
        publish(platform, "K", number)
    for number in (1, 2, 3):
        assert running(platform) == [number]
        complete(platform)
    assert running(platform) == []
    assert left(platform) == 0


def test_other_keys_and_no_key_start_at_once(platform: Platform) -> None:
    """And so does an instance with the same business key that somebody starts by hand, before or beside."""
    deploy(platform, diagram("hand", START, user_task(), END))
    deploy(platform)
    platform.runtime.instances.start(SYSTEM, "hand", {"n": 0}, business_key="K")
    for number, key in enumerate(("K", "L", "", ""), start=1):
        publish(platform, key, number)
    assert running(platform) == [0, 1, 2, 3, 4]


def test_what_ends_at_once_keeps_nobody_waiting(platform: Platform) -> None:
    """A process without a wait takes every message."""
    deploy(platform, QUICK)
    for number in (1, 2):
        publish(platform, "K", number)
    assert len(platform.runtime.instances.list(SYSTEM, InstanceFilter(process_id="quick")).items) == 2
    assert left(platform) == 0


def test_a_message_waits_no_longer_than_it_lives(platform: Platform) -> None:
    """Then it starts nothing, and the audit log says so; one that does not live on does not wait at all."""
    deploy(platform)
    publish(platform, "K", 1)
    publish(platform, "K", 2, seconds=60)
    publish(platform, "K", 3, seconds=0)
    assert left(platform) == 2
    platform.clock.advance(timedelta(minutes=2))
    platform.run()
    complete(platform)
    assert running(platform) == []
    assert len(platform.runtime.audit.list(SYSTEM, action="message.expired-waiting").items) == 1


def test_a_cancel_makes_way_and_the_newest_version_is_started(platform: Platform, admin: Actor) -> None:
    """Also one by force, of an instance that the engine cannot load."""
    deploy(platform)
    for number in (1, 2, 3):
        publish(platform, "K", number)
    deploy(platform, WAITING.replace(b'name="Decide"', b'name="Look"'))
    for number, damaged in ((2, False), (3, True)):
        (view,) = platform.runtime.instances.list(SYSTEM, InstanceFilter(status=InstanceStatus.RUNNING)).items
        if damaged:
            with platform.runtime.core.store.write() as session:
                session.get_one(InstanceRow, view.id).state = {}
        platform.runtime.instances.cancel(admin, view.id, "make way")
        platform.run()
        assert running(platform) == [number]
    (view,) = platform.runtime.instances.list(SYSTEM, InstanceFilter(status=InstanceStatus.RUNNING)).items
    assert view.version == 2


def test_of_two_messages_at_the_same_moment_one_starts_and_one_waits(platform: Platform) -> None:
    """Whichever is first: the other one finds it running, and is not lost."""
    deploy(platform)
    together = Barrier(2)

    def at_once(number: int) -> None:
        together.wait()
        publish(platform, "K", number)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(at_once, (1, 2)))
    assert len(running(platform)) == 1
    assert left(platform) == 2
    complete(platform)
    assert len(running(platform)) == 1
