"""Timers that are due at once share transactions; one that cannot be fired costs the others nothing but that."""

from datetime import timedelta

from sqlalchemy import Connection, event

from app.runtime import SYSTEM
from app.runtime.clock.clock import AT_ONCE
from app.runtime.views import SwitchScope
from app.store.tables import InstanceRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram, timer_catch, user_task

MODELS = {
    "nap.bpmn": diagram("nap", START, timer_catch("PT1M"), END),
    "caller.bpmn": diagram("caller", START, call("nap"), user_task("after"), END),
}


def commits_of_a_tick(platform: Platform) -> int:
    engine = platform.runtime.core.store.engine
    commits: list[Connection] = []

    def note(connection: Connection) -> None:
        commits.append(connection)

    event.listen(engine, "commit", note)
    platform.runtime.tick()
    event.remove(engine, "commit", note)
    return len(commits)


def test_many_timers_cost_few_commits(platform: Platform) -> None:
    """Those of called instances are fired alone, since they share a tree with others."""
    platform.runtime.deployments.deploy(SYSTEM, MODELS)
    idle = commits_of_a_tick(platform)
    cases = [platform.start("nap") for _ in range(2 * AT_ONCE)]
    callers = [platform.start("caller") for _ in range(3)]
    platform.clock.advance(timedelta(minutes=2))
    assert commits_of_a_tick(platform) - idle <= 3 + len(callers)
    assert {platform.case(case).view.status for case in cases} == {"completed"}
    assert len(platform.inbox("anna")) == len(callers)


def test_one_that_fails_does_not_take_the_others_with_it(platform: Platform) -> None:
    """Its batch is rolled back and done one by one: everything else is done once, it is a setback."""
    platform.runtime.deployments.deploy(SYSTEM, MODELS)
    damaged, *sound = [platform.start("nap") for _ in range(5)]
    with platform.runtime.core.store.write() as session:
        row = session.get_one(InstanceRow, damaged)
        row.state = {"was": row.state}
    platform.clock.advance(timedelta(minutes=2))
    assert platform.runtime.tick().done["timers"] == len(sound)
    assert {platform.case(case).view.status for case in sound} == {"completed"}
    assert platform.case(damaged).view.status == "running"
    assert len(platform.runtime.setbacks.list(SYSTEM).items) == 1
    assert platform.runtime.tick().done["timers"] == 0


def test_a_held_process_keeps_its_timers(platform: Platform) -> None:
    """A switch that was thrown holds them in a batch as it does alone."""
    platform.runtime.deployments.deploy(SYSTEM, MODELS)
    held, other = [platform.start("nap") for _ in range(3)], platform.start("caller")
    for case in held[:2]:
        platform.runtime.switches.set(SYSTEM, SwitchScope.INSTANCE, case, "wait")
    platform.clock.advance(timedelta(minutes=2))
    platform.runtime.tick()
    assert [platform.case(case).view.status for case in held] == ["running", "running", "completed"]
    assert platform.case(other).tasks[0].element_id == "after"
    for case in held[:2]:
        platform.runtime.switches.lift(SYSTEM, SwitchScope.INSTANCE, case)
    platform.runtime.tick()
    assert {platform.case(case).view.status for case in held} == {"completed"}
