"""What two transactions do to each other when one begins before the other has committed."""

from decimal import Decimal

import pytest

from app.errors import Conflict
from app.runtime import SYSTEM, Actor
from app.runtime.views import JobState, ModelKind, SwitchScope
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task, user_task
from tests.runtime.interleaving import overlap
from tests.runtime.ledger import Ledger


@pytest.mark.parametrize(
    ("scope", "key"),
    [
        (SwitchScope.EVERYTHING, "*"),
        (SwitchScope.PROCESS, "pay"),
        (SwitchScope.ACTION, "ledger.book"),
        (SwitchScope.SYSTEM, "ledger"),
        (SwitchScope.ELEMENT, "pay/act"),
    ],
)
def test_a_job_that_is_being_held_while_its_switch_is_cleared_goes_on(
    platform: Platform, admin: Actor, ledger: Ledger, scope: SwitchScope, key: str
) -> None:
    """The clearing waits for whoever holds by the switch, and releases that as well."""
    runtime, store = platform.runtime, platform.runtime.core.store
    runtime.deployments.deploy(SYSTEM, {"pay.bpmn": diagram("pay", START, service_task("ledger.book"), END)})
    case = platform.start("pay", {"amount": Decimal(7)})
    (job,) = platform.case(case).jobs
    switch = runtime.switches.set(admin, scope, key, "an audit")
    held, _ = overlap(
        store, lambda: runtime.jobs.begin(job.id, "worker"), lambda: runtime.switches.clear(admin, switch)
    )
    assert held is None
    assert platform.case(case).jobs[0].state is JobState.AVAILABLE
    platform.run()
    assert (platform.case(case).view.status.value, ledger.attempts) == ("completed", 1)


def test_a_job_that_begins_while_its_switch_is_being_cleared_is_not_held(platform: Platform, admin: Actor) -> None:
    """It waits for the clearing, and finds no switch."""
    runtime, store = platform.runtime, platform.runtime.core.store
    runtime.deployments.deploy(SYSTEM, {"pay.bpmn": diagram("pay", START, service_task("ledger.book"), END)})
    case = platform.start("pay", {"amount": Decimal(7)})
    (job,) = platform.case(case).jobs
    switch = runtime.switches.set(admin, SwitchScope.PROCESS, "pay", "an audit")
    _, work = overlap(
        store, lambda: runtime.switches.clear(admin, switch), lambda: runtime.jobs.begin(job.id, "worker")
    )
    assert work is not None


def test_a_switch_on_something_else_is_cleared_without_waiting(platform: Platform, admin: Actor) -> None:
    """Only those whom a switch may hold share its lock: under load, clearing another one need not wait for them."""
    runtime, store = platform.runtime, platform.runtime.core.store
    runtime.deployments.deploy(SYSTEM, {"pay.bpmn": diagram("pay", START, service_task("ledger.book"), END)})
    case = platform.start("pay", {"amount": Decimal(7)})
    (job,) = platform.case(case).jobs
    other = runtime.switches.set(admin, SwitchScope.SYSTEM, "something-else", "an audit")
    ended: list[str] = []

    def begin() -> None:
        runtime.jobs.begin(job.id, "worker")
        ended.append("begin")

    def clear() -> None:
        runtime.switches.clear(admin, other)
        ended.append("clear")

    overlap(store, begin, clear)
    assert store.is_sqlite or ended == ["clear", "begin"]  # on SQLite one writes at a time


def test_a_switch_that_two_throw_at_once_is_thrown_once(platform: Platform, admin: Actor) -> None:
    """The second is told who was first, so that one clearing suffices."""
    switches, store = platform.runtime.switches, platform.runtime.core.store

    def throw() -> str:
        try:
            return switches.set(admin, SwitchScope.SYSTEM, "shop", "an audit")
        except Conflict as conflict:
            return str(conflict)

    overlap(store, throw, throw)
    switches.lift(admin, SwitchScope.SYSTEM, "shop")
    assert switches.list() == []


def test_two_who_deploy_the_same_at_once_are_served_in_turn(platform: Platform) -> None:
    """The second finds that nothing is left to change."""
    deployments, store = platform.runtime.deployments, platform.runtime.core.store
    files = {"bpmn/order.bpmn": diagram("order", START, user_task(), END)}
    first, second = overlap(store, lambda: deployments.deploy(SYSTEM, files), lambda: deployments.deploy(SYSTEM, files))
    assert ([model.version for model in first.changed], second.changed) == ([1], ())
    assert [model.version for model in deployments.versions(ModelKind.BPMN, "order")] == [1]


def test_two_who_deploy_different_contents_at_once_make_two_versions(platform: Platform) -> None:
    """Each becomes a version of its own, and the later one is the latest."""
    deployments, store = platform.runtime.deployments, platform.runtime.core.store
    one, two = (
        {"bpmn/order.bpmn": diagram("order", START, user_task(element_id), END)} for element_id in ("one", "two")
    )
    overlap(store, lambda: deployments.deploy(SYSTEM, one), lambda: deployments.deploy(SYSTEM, two))
    found = deployments.versions(ModelKind.BPMN, "order")
    assert [(model.version, model.latest) for model in found] == [(2, True), (1, False)]
    assert deployments.model(ModelKind.BPMN, "order").content == two["bpmn/order.bpmn"]
