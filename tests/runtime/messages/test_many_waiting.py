"""A signal that many instances wait for: whoever throws it tells a few, the clock tells the others."""

from datetime import timedelta
from functools import partial

from sqlalchemy import event, func, select

from app.runtime import SYSTEM
from app.runtime.transaction import outgoing
from app.store.tables import FollowUpRow, InstanceRow, SubscriptionRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram

ALARM = '<bpmn:signal id="s" name="alarm" />'
CATCH = (
    '<bpmn:intermediateCatchEvent id="wait">{flows}<bpmn:signalEventDefinition id="d" signalRef="s" />'
    "</bpmn:intermediateCatchEvent>"
)
NUMBER = 3 * outgoing.AT_ONCE


def note(statements: list[str], *args: object) -> None:
    statements.append(str(args[2]))


def waiting(platform: Platform) -> int:
    with platform.runtime.core.store.read() as session:
        return session.scalar(select(func.count()).select_from(SubscriptionRow)) or 0


def start_many(platform: Platform, number: int) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {"w.bpmn": diagram("warned", START, CATCH, END, roots=ALARM)})
    for _ in range(number):
        platform.start("warned")


def test_throwing_tells_a_few_and_the_clock_the_others(platform: Platform) -> None:
    """Everybody who waited when it was thrown is told once; who comes later is not."""
    start_many(platform, NUMBER)
    assert platform.runtime.messages.broadcast(SYSTEM, "alarm", {}) == NUMBER
    assert waiting(platform) == NUMBER - outgoing.AT_ONCE
    platform.start("warned")
    platform.clock.advance(timedelta(seconds=6))
    for _ in range(4):
        platform.runtime.tick(limit=NUMBER)
    assert waiting(platform) == 1
    with platform.runtime.core.store.read() as session:
        assert session.scalars(select(FollowUpRow)).all() == []
        late = session.scalars(select(InstanceRow).order_by(InstanceRow.id.desc())).first()
        assert late is not None
        assert late.status == "running"


def test_each_step_is_bounded(platform: Platform) -> None:
    """One row names hundreds, and is divided part by part, in transactions of a few statements."""
    core = platform.runtime.core
    with core.transaction(SYSTEM) as transaction:
        row = FollowUpRow(
            id="many",
            kind="signal to many",
            created_at=transaction.now,
            payload={"instances": [f"i{number}" for number in range(250)], "name": "alarm", "variables": {}},
        )
        transaction.session.add(row)
    for left in (150, 50, 0):
        statements: list[str] = []
        engine = core.store.engine
        listener = partial(note, statements)
        event.listen(engine, "before_cursor_execute", listener)
        core.follow(core, outgoing.CarryOut("many"))
        event.remove(engine, "before_cursor_execute", listener)
        assert len(statements) < 10
        with core.store.read() as session:
            found = session.get(FollowUpRow, "many")
            assert (0 if found is None else len(dict(found.payload)["instances"])) == left  # type: ignore[call-overload]
            singles = session.scalar(select(func.count()).where(FollowUpRow.kind == "signal"))
            assert singles == 250 - left
