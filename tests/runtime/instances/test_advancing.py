"""Instances from start to end: tasks, jobs, calls; one transaction each."""

from decimal import Decimal

import pytest
from sqlalchemy import event

from app.errors import Conflict, Invalid, NotFound
from app.runtime import SYSTEM, Actor
from app.runtime.views import InstanceFilter, InstanceStatus, JobState
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram, service_task, user_task
from tests.runtime.ledger import Ledger


def deploy(platform: Platform, *diagrams: bytes) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {f"bpmn/{n}.bpmn": each for n, each in enumerate(diagrams)})


def test_an_instance_waits_at_its_user_task_and_ends_with_it(platform: Platform) -> None:
    """Start → user task → complete → end, with the variables of both in the instance's scope."""
    deploy(platform, diagram("order", START, user_task(), END))
    case = platform.start("order", {"amount": Decimal("12.30")})
    (item,) = platform.inbox("anna")
    platform.complete("anna", item.id, {"ok": True})
    detail = platform.case(case)
    assert detail.view.status is InstanceStatus.COMPLETED
    assert detail.variables == {"amount": Decimal("12.30"), "ok": True}
    assert detail.active == {}
    assert detail.completed == {"start": 1, "decide": 1, "end": 1}
    assert detail.flows == ("flow-1", "flow-2")


def test_a_job_is_done_once_and_its_result_goes_on(platform: Platform, ledger: Ledger) -> None:
    """Start → service task → end: the handler ran once, and its result is a variable."""
    deploy(platform, diagram("pay", START, service_task("ledger.book"), END))
    case = platform.start("pay", {"amount": Decimal(7)})
    platform.run()
    (job,) = platform.case(case).jobs
    assert job.state is JobState.DONE
    assert ledger.entries == {job.idempotency_key: Decimal(7)}
    assert platform.case(case).variables["entry"] == job.idempotency_key


def test_a_called_process_is_an_instance_of_its_own(platform: Platform) -> None:
    """Caller and called advance together, and the called one's variables come back."""
    deploy(platform, diagram("outer", START, call("inner"), END), diagram("inner", START, user_task(), END))
    case = platform.start("outer", {"amount": Decimal(1)})
    (child,) = platform.case(case).children
    assert (child.process_id, child.status, child.trace_id) == ("inner", "running", platform.case(case).view.trace_id)
    (item,) = platform.inbox("anna")
    platform.complete("anna", item.id, {"ok": True})
    assert platform.case(child.id).view.status is InstanceStatus.COMPLETED
    assert platform.case(case).view.status is InstanceStatus.COMPLETED
    assert platform.case(case).variables["ok"] is True


def test_cancelling_the_caller_cancels_what_it_called(platform: Platform, admin: Actor) -> None:
    """Tasks and jobs of the whole tree end with it."""
    deploy(platform, diagram("outer", START, call("inner"), END), diagram("inner", START, user_task(), END))
    case = platform.start("outer")
    platform.runtime.instances.cancel(admin, case, "a mistake")
    (child,) = platform.case(case).children
    assert (platform.case(case).view.status, child.status) == ("cancelled", "cancelled")
    assert platform.inbox("anna") == ()


def test_setting_variables_leaves_old_and_new_values_in_the_audit_log(platform: Platform, admin: Actor) -> None:
    """Who changed what, from what, to what."""
    deploy(platform, diagram("order", START, user_task(), END))
    case = platform.start("order", {"amount": Decimal(1)})
    platform.runtime.instances.set_variables(admin, case, {"amount": Decimal(2)})
    (record,) = platform.runtime.audit.list(SYSTEM, stream=case, action="instance.variables-set").items
    assert record.actor == "carla"
    assert record.detail["old"] == {"amount": Decimal(1)}
    assert record.detail["new"] == {"amount": Decimal(2)}


def test_a_running_instance_keeps_its_version(platform: Platform) -> None:
    """A new version is for new instances; the list tells them apart."""
    deploy(platform, diagram("order", START, user_task(), END))
    old = platform.start("order")
    deploy(platform, diagram("order", START, END))
    new = platform.start("order")
    assert platform.case(old).view.version == 1
    assert (platform.case(new).view.version, platform.case(new).view.status) == (2, "completed")
    found = platform.runtime.instances.list(SYSTEM, InstanceFilter(version=1))
    assert [view.id for view in found.items] == [old]


def test_pages_follow_each_other_without_gap(platform: Platform) -> None:
    """Keyset paging: newest first, every instance once."""
    deploy(platform, diagram("order", START, END))
    started = [platform.start("order") for _ in range(5)]
    first = platform.runtime.instances.list(SYSTEM, limit=3)
    second = platform.runtime.instances.list(SYSTEM, after=first.next, limit=3)
    assert [view.id for page in (first, second) for view in page.items] == started[::-1]
    assert second.next is None


def test_what_cannot_be_started_is_said(platform: Platform) -> None:
    """An unknown process, and variables that JSON cannot hold."""
    deploy(platform, diagram("order", START, END))
    with pytest.raises(NotFound):
        platform.start("nothing")
    with pytest.raises(Invalid):
        platform.start("order", {"when": object()})


def test_a_task_is_completed_once(platform: Platform) -> None:
    """The second one who tries is told that it is done."""
    deploy(platform, diagram("order", START, user_task(), END))
    platform.start("order")
    (item,) = platform.inbox("anna")
    platform.complete("anna", item.id)
    with pytest.raises(Conflict):
        platform.complete("anna", item.id)


def test_statements_per_advance_do_not_depend_on_the_history(platform: Platform) -> None:
    """Completing the tenth task of an instance costs as many statements as completing the second."""
    tasks = [user_task(f"task-{number}") for number in range(10)]
    deploy(platform, diagram("long", START, *tasks, END))
    platform.start("long")
    statements: list[str] = []
    engine = platform.runtime.core.store.engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = []
    for _ in range(9):
        (item,) = platform.inbox("anna")
        statements.clear()
        platform.runtime.inbox.complete(platform.actor("anna"), item.id, {})
        counts.append(len(statements))
    assert len(set(counts[1:])) == 1
