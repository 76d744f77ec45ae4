"""Repairs by hand: tokens moved, ended instances begun again, and the same for many."""

from decimal import Decimal

import pytest

from app.errors import Conflict, Forbidden, Invalid
from app.runtime import SYSTEM, Actor
from app.runtime.views import Activation, CancelAll, InstanceFilter, MoveAll, SetVariablesOfAll
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task, timer_catch, user_task
from tests.runtime.ledger import Ledger

TWO_TASKS = diagram("order", START, user_task("check"), user_task("decide"), END)


def deploy(platform: Platform, *diagrams: bytes) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {f"bpmn/{n}.bpmn": each for n, each in enumerate(diagrams)})


def places(platform: Platform, case: str) -> dict[str, int]:
    return dict(platform.case(case).active)


def test_a_token_moves_in_one_transaction(platform: Platform, admin: Actor) -> None:
    """The task it leaves is gone from the inbox, the one it comes to is there; the audit log has both places."""
    deploy(platform, TWO_TASKS)
    case = platform.start("order")
    assert platform.runtime.modifying.move(admin, case, "check", "decide", "checked by telephone") == 1
    assert places(platform, case) == {"decide": 1}
    (item,) = platform.inbox("anna")
    (record,) = platform.runtime.audit.list(SYSTEM, stream=case, action="instance.modified").items
    assert (record.actor, record.detail["reason"]) == ("carla", "checked by telephone")
    assert (record.detail["old"], record.detail["new"]) == ({"check": Decimal(1)}, {"decide": Decimal(1)})
    platform.complete("anna", item.id)
    assert platform.case(case).view.status == "completed"


def test_a_moved_token_takes_its_timer_with_it(platform: Platform, admin: Actor) -> None:
    """What the element waited for does not happen any more."""
    deploy(platform, diagram("order", START, timer_catch("PT1H"), user_task(), END))
    case = platform.start("order")
    platform.runtime.modifying.move(admin, case, "pause", "decide")
    platform.advance(hours=2)
    assert places(platform, case) == {"decide": 1}


def test_elements_are_activated_with_variables_and_others_cancelled(platform: Platform, admin: Actor) -> None:
    """One command for both; old and new values of the variables are audited."""
    deploy(platform, TWO_TASKS)
    case = platform.start("order", {"amount": Decimal(1)})
    (live,) = platform.runtime.modifying.live(admin, case)
    activation = Activation("decide", {"amount": Decimal(2)})
    platform.runtime.modifying.modify(admin, case, [activation], [live.element_instance_id])
    assert places(platform, case) == {"decide": 1}
    assert platform.case(case).variables == {"amount": Decimal(2)}
    (record,) = platform.runtime.audit.list(SYSTEM, stream=case, action="instance.modified").items
    (activated,) = record.detail["activated"]  # type: ignore[misc]
    assert (activated["old"], activated["new"]) == ({"amount": Decimal(1)}, {"amount": Decimal(2)})


def test_a_modification_that_fails_half_way_changes_nothing(platform: Platform, admin: Actor) -> None:
    """The activation is taken back with the cancellation that could not be."""
    deploy(platform, TWO_TASKS)
    case = platform.start("order")
    with pytest.raises(Conflict):
        platform.runtime.modifying.modify(admin, case, [Activation("decide")], ["nobody"])
    assert places(platform, case) == {"check": 1}
    with pytest.raises(Conflict):
        platform.runtime.modifying.move(admin, case, "decide", "check")
    with pytest.raises(Invalid):
        platform.runtime.modifying.modify(admin, case)


def test_taking_the_last_token_away_ends_the_instance(platform: Platform, admin: Actor) -> None:
    """Nothing is left to wait for; the audit log says so."""
    deploy(platform, TWO_TASKS)
    case = platform.start("order")
    (live,) = platform.runtime.modifying.live(admin, case)
    platform.runtime.modifying.modify(admin, case, cancel=[live.element_instance_id])
    assert platform.case(case).view.status == "completed"
    assert platform.runtime.audit.verify().ok


def test_only_operators_repair(platform: Platform) -> None:
    """An approver may not."""
    deploy(platform, TWO_TASKS)
    case = platform.start("order")
    anna = platform.actor("anna")
    for forbidden in (
        lambda: platform.runtime.modifying.move(anna, case, "check", "decide"),
        lambda: platform.runtime.modifying.restart(anna, case, "decide"),
        lambda: platform.runtime.migrating.migrate(anna, case, 2),
        lambda: platform.runtime.bulk.run(anna, CancelAll(), InstanceFilter()),
    ):
        with pytest.raises(Forbidden):
            forbidden()


def test_an_ended_instance_begins_again_at_an_element(platform: Platform, admin: Actor, ledger: Ledger) -> None:
    """A new instance with the old one's variables, key and trace; what was done before it is not done again."""
    deploy(platform, diagram("pay", START, service_task("ledger.book"), user_task(), END))
    case = platform.runtime.instances.start(SYSTEM, "pay", {"amount": Decimal(7)}, business_key="A-1")
    platform.run()
    with pytest.raises(Conflict):
        platform.runtime.modifying.restart(admin, case, "decide")
    platform.runtime.instances.cancel(admin, case)
    again = platform.runtime.modifying.restart(admin, case, "decide", {"note": "again"})
    platform.run()
    detail = platform.case(again)
    assert (detail.active, ledger.attempts) == ({"decide": 1}, 1)
    assert (detail.variables["amount"], detail.variables["note"]) == (Decimal(7), "again")
    assert (detail.view.business_key, detail.view.trace_id) == ("A-1", platform.case(case).view.trace_id)
    for stream in (case, again):
        (record,) = platform.runtime.audit.list(SYSTEM, stream=stream, action="instance.restarted").items
        assert (record.detail["instance"], record.detail["old"]) == (again, {"note": None})
    with pytest.raises(Conflict):
        platform.runtime.modifying.restart(admin, case, "nowhere")


def test_many_instances_are_repaired_in_bounded_batches(platform: Platform, admin: Actor) -> None:
    """Each batch says what was done, what could not be, and where the next one begins."""
    deploy(platform, TWO_TASKS)
    cases = [platform.start("order") for _ in range(5)]
    platform.runtime.modifying.move(admin, cases[1], "check", "decide")
    wanted = InstanceFilter(process_id="order")
    move = MoveAll("check", "decide")
    tried = platform.runtime.bulk.run(admin, move, wanted, dry_run=True)
    assert (len(tried.done), places(platform, cases[0])) == (5, {"check": 1})
    first = platform.runtime.bulk.run(admin, move, wanted, limit=3)
    second = platform.runtime.bulk.run(admin, move, wanted, after=first.next, limit=3)
    assert [*first.done, *second.done] == [cases[0], *cases[2:]]
    assert (list(first.failed), second.failed, second.next) == ([cases[1]], {}, None)
    platform.runtime.bulk.run(admin, SetVariablesOfAll({"checked": True}), wanted)
    assert all(platform.case(each).variables == {"checked": True} for each in cases)
    platform.runtime.bulk.run(admin, CancelAll("a mistake"), wanted)
    assert {platform.case(each).view.status.value for each in cases} == {"cancelled"}
    with pytest.raises(Invalid):
        platform.runtime.bulk.run(admin, move, wanted, limit=501)
