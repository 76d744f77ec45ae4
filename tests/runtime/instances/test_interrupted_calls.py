"""Call activities that are left while what they called waits: caller and called stay whole, whatever leaves them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.runtime import SYSTEM, Actor
from app.runtime.views import Activation, InstanceFilter, InstanceStatus
from app.testing import Platform
from tests.runtime.diagrams import END, user_task
from tests.runtime.instances.calls import (
    LEAVES,
    assert_whole,
    boundary,
    deploy_chain,
    event_sub_process,
    task_of,
)

QUIET = (user_task("work"), END)


def happen(platform: Platform, kind: str) -> None:
    """What the event on the call activity waits for."""
    match kind:
        case "timer":
            platform.clock.advance(timedelta(seconds=6))
            platform.runtime.tick()
        case "message":
            platform.runtime.messages.publish(SYSTEM, "stop", "K", {})
        case "signal":
            platform.runtime.messages.broadcast(SYSTEM, "alarm", {})
        case _:
            platform.complete("anna", task_of(platform, "work"))


def statuses(platform: Platform, ids: list[str]) -> list[str]:
    """Of the one instance of each of these processes."""
    found = {each.process_id: str(each.status) for each in platform.runtime.instances.list(SYSTEM, limit=500).items}
    return [found[each] for each in ids]


def instance_of(platform: Platform, process_id: str) -> str:
    (found,) = platform.runtime.instances.list(SYSTEM, InstanceFilter(process_id=process_id)).items
    return found.id


@pytest.mark.parametrize("shape", [boundary, event_sub_process], ids=["boundary", "event subprocess"])
def test_an_interrupted_call_leaves_both_sides_whole(platform: Platform, shape: Callable[..., str]) -> None:
    """Everything below is cancelled, later steps on the caller work, and all above complete with it."""
    for kind in ("timer", "message", "signal", "error", "escalation"):
        for above, below in ((0, 0), (1, 0)) if kind in LEAVES else ((0, 0), (1, 0), (0, 2)):
            leaf = LEAVES.get(kind, QUIET)
            name, catch = f"{kind}-{above}-{below}", shape(kind, interrupting=True)
            ids = deploy_chain(platform, name, catch, leaf, above=above, below=below)
            case = platform.start(ids[0], {"key": "K"})
            happen(platform, kind)
            assert set(statuses(platform, ids[above + 1 :])) == {"failed" if kind == "error" else "cancelled"}, name
            assert [each.element_id for each in platform.inbox("anna")] == ["after"], name
            platform.runtime.instances.set_variables(SYSTEM, case, {"later": True})
            platform.complete("anna", task_of(platform, "after"))
            assert platform.case(case).view.status is InstanceStatus.COMPLETED, name
    assert_whole(platform)


@pytest.mark.parametrize("shape", [boundary, event_sub_process], ids=["boundary", "event subprocess"])
def test_what_does_not_interrupt_leaves_the_called_process_going(platform: Platform, shape: Callable[..., str]) -> None:
    """Both ways are gone to their ends."""
    for kind in ("timer", "message", "signal", "escalation"):
        catch, leaf = shape(kind, interrupting=False), LEAVES.get(kind, QUIET)
        ids = deploy_chain(platform, kind, catch, leaf, above=1)
        case = platform.start(ids[0], {"key": "K"})
        happen(platform, kind)
        assert statuses(platform, ids) == ["running", "running", "running"], kind
        platform.complete("anna", task_of(platform, "rest" if kind == "escalation" else "work"))
        assert statuses(platform, ids) == ["running", "running", "completed"], kind
        platform.complete("anna", task_of(platform, "after"))
        assert platform.case(case).view.status is InstanceStatus.COMPLETED, kind
    assert_whole(platform)


def test_an_operator_leaves_a_waiting_call(platform: Platform, admin: Actor) -> None:
    """By moving its token, or by beginning the call again in one transaction: what it had called is cancelled."""
    catch = boundary("timer", interrupting=True)
    ids = deploy_chain(platform, "moved", catch, QUIET, below=2)
    case = platform.start(ids[0])
    platform.runtime.modifying.move(admin, case, "call", "after", "by hand")
    assert statuses(platform, ids) == ["running", "cancelled", "cancelled", "cancelled"]
    platform.complete("anna", task_of(platform, "after"))
    assert platform.case(case).view.status is InstanceStatus.COMPLETED

    case = platform.start(deploy_chain(platform, "again", catch, QUIET, below=1)[0])
    (token,) = [each for each in platform.runtime.modifying.live(admin, case) if each.element_id == "call"]
    platform.runtime.modifying.modify(admin, case, [Activation("call")], [token.element_instance_id], "call again")
    (before, after) = platform.case(case).children
    assert {str(before.status), str(after.status)} == {"cancelled", "running"}
    platform.complete("anna", task_of(platform, "work"))
    assert platform.case(case).view.status is InstanceStatus.COMPLETED
    assert_whole(platform)


def test_cancelling_any_instance_of_a_chain_leaves_the_rest_whole(platform: Platform, admin: Actor) -> None:
    """What it called ends with it; a caller keeps its call activity, which an operator can leave."""
    for which in range(3):
        ids = deploy_chain(platform, f"cut-{which}", boundary("timer", interrupting=True), QUIET, above=1)
        case = platform.start(ids[0])
        platform.runtime.instances.cancel(admin, instance_of(platform, ids[which]), "a mistake")
        assert statuses(platform, ids) == ["running"] * which + ["cancelled"] * (3 - which)
        if which:
            platform.runtime.modifying.move(admin, case, "call", "end", "by hand")
        assert platform.case(case).view.status is (InstanceStatus.COMPLETED if which else InstanceStatus.CANCELLED)
    assert_whole(platform)
