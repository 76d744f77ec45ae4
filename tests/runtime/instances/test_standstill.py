"""What fails while an instance is advanced becomes an incident that an operator can retry, pass by, or cancel."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from pydantic import BaseModel, field_validator
from sqlalchemy import select, update

from app.errors import Conflict, ModelError
from app.handlers import ActionContext, ExceptionClass, action
from app.runtime import SYSTEM, Actor, Runtime
from app.runtime.clock.setbacks import MOST_QUIET_FAILURES
from app.runtime.transaction import ModelCache, told
from app.runtime.views import (
    Activation,
    IncidentState,
    IncidentView,
    InstanceFilter,
    InstanceStatus,
    JobState,
    SetVariablesOfAll,
)
from app.store.tables import EvidenceRow, HistoryRow, InstanceRow, JobRow, ModelRow, SubscriptionRow, TimerRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram, message_catch, service_task, timer_catch, user_task
from tests.runtime.instances.calls import assert_whole
from tests.runtime.ledger import Ledger

PAID, PAID_MESSAGE = message_catch("paid")
MODELS = {
    "nap.bpmn": diagram("nap", START, timer_catch("PT1M"), user_task(), END),
    "told.bpmn": diagram("told", START, PAID, user_task(), END, roots=PAID_MESSAGE),
    "pay.bpmn": diagram("pay", START, service_task("ledger.book", retries=1), user_task(), END),
    "calls.bpmn": diagram("calls", START, call("nap"), END),
}


@pytest.fixture(autouse=True)
def deployed(platform: Platform) -> None:
    platform.runtime.deployments.deploy(SYSTEM, MODELS)


def damage(platform: Platform, case: str) -> None:
    """The stored state is something that the engine cannot load."""
    with platform.runtime.core.store.write() as session:
        row = session.get_one(InstanceRow, case)
        row.state = {"was": row.state, "secret": "Jane Doe"}


def repair(platform: Platform, case: str) -> None:
    with platform.runtime.core.store.write() as session:
        row = session.get_one(InstanceRow, case)
        assert isinstance(row.state, dict)
        row.state = row.state["was"]


def incidents(platform: Platform, case: str, state: IncidentState = IncidentState.OPEN) -> tuple[IncidentView, ...]:
    return platform.runtime.incidents.list(SYSTEM, state=state, instance_id=case).items


def fail_often(platform: Platform) -> None:
    """Tick as often as it takes until an operator is told."""
    platform.clock.advance(timedelta(minutes=2))
    for _ in range(MOST_QUIET_FAILURES + 1):
        platform.runtime.tick()
        platform.clock.advance(timedelta(seconds=10))


def test_a_timer_that_fails_is_an_incident_on_its_element(platform: Platform) -> None:
    """After three tries, with class and place of the exception, and nothing of the case's data."""
    case = platform.start("nap")
    damage(platform, case)
    platform.clock.advance(timedelta(minutes=2))
    platform.runtime.tick()
    assert incidents(platform, case) == ()
    fail_often(platform)
    (incident,) = incidents(platform, case)
    assert (incident.kind, incident.element_id) == ("standstill", "pause")
    assert "Error" in incident.message
    assert "engine/" in incident.message
    assert "Jane" not in incident.message
    assert platform.case(case).view.incident_count == 1
    assert [each.action for each in platform.runtime.audit.list(SYSTEM, stream=case).items].count(
        "incident.raised"
    ) == 1
    assert_whole(platform)


def test_it_is_over_when_the_timer_fires_at_last(platform: Platform, admin: Actor) -> None:
    """The state was repaired: an operator's retry has it done by the next tick, or the clock does it in its time."""
    for asked in (True, False):
        case = platform.start("nap")
        damage(platform, case)
        fail_often(platform)
        (incident,) = incidents(platform, case)
        repair(platform, case)
        if asked:
            platform.runtime.incidents.retry(admin, incident.id)
        else:
            platform.clock.advance(timedelta(minutes=1))
        platform.runtime.tick()
        assert incidents(platform, case) == ()
        assert platform.runtime.setbacks.list(SYSTEM).items == ()
        assert dict(platform.case(case).active) == {"decide": 1}
    assert_whole(platform)


def test_a_retry_that_fails_again_is_a_new_incident(platform: Platform, admin: Actor) -> None:
    """After as many tries as before."""
    case = platform.start("nap")
    damage(platform, case)
    fail_often(platform)
    (first,) = incidents(platform, case)
    platform.runtime.incidents.retry(admin, first.id)
    assert incidents(platform, case) == ()
    fail_often(platform)
    (second,) = incidents(platform, case)
    assert second.id != first.id
    assert_whole(platform)


def test_moving_the_token_past_it_ends_it(platform: Platform, admin: Actor) -> None:
    """The timer is gone, and its incident and its setback with it."""
    case = platform.start("nap")
    damage(platform, case)
    fail_often(platform)
    repair(platform, case)
    platform.runtime.modifying.move(admin, case, "pause", "decide", "by hand")
    assert incidents(platform, case) == ()
    assert platform.runtime.setbacks.list(SYSTEM).items == ()
    assert_whole(platform)


def test_a_message_that_cannot_be_taken_is_an_incident_of_who_waits_for_it(platform: Platform, admin: Actor) -> None:
    """And is delivered once that can take it."""
    case = platform.start("told", {"order_id": "K"})
    damage(platform, case)
    platform.runtime.messages.publish(SYSTEM, "paid", "K", {}, time_to_live_seconds=86400)
    fail_often(platform)
    (incident,) = incidents(platform, case)
    repair(platform, case)
    platform.runtime.incidents.retry(admin, incident.id)
    platform.runtime.tick()
    assert incidents(platform, case) == ()
    assert dict(platform.case(case).active) == {"decide": 1}
    assert_whole(platform)


def test_a_job_whose_failure_cannot_be_told_is_an_incident(platform: Platform, admin: Actor) -> None:
    """The engine cannot be asked to raise it; retried, the job is done."""
    case = platform.start("pay", {"amount": Decimal(7)})
    (job,) = platform.case(case).jobs
    work = platform.runtime.jobs.begin(job.id, "worker")
    assert work is not None
    damage(platform, case)
    platform.runtime.jobs.fail(work, ExceptionClass.TRANSIENT, "The bank is busy.")
    (incident,) = incidents(platform, case)
    assert (incident.job_id, incident.element_id) == (job.id, "act")
    assert incident.message.startswith("The bank is busy.")
    assert platform.case(case).jobs[0].state is JobState.FAILED
    repair(platform, case)
    platform.runtime.incidents.retry(admin, incident.id)
    platform.run()
    assert incidents(platform, case) == ()
    assert dict(platform.case(case).active) == {"decide": 1}
    assert_whole(platform)


def test_an_answer_that_cannot_be_taken_is_an_incident(platform: Platform, admin: Actor, ledger: Ledger) -> None:
    """The action was done, the process cannot go on; retried after the repair, the action is not done twice."""
    case = platform.start("pay", {"amount": Decimal(7)})
    damage(platform, case)
    platform.run()
    (incident,) = incidents(platform, case)
    assert incident.job_id == platform.case(case).jobs[0].id
    assert "KeyError" in incident.message
    repair(platform, case)
    platform.runtime.incidents.retry(admin, incident.id)
    platform.run()
    assert dict(platform.case(case).active) == {"decide": 1}
    assert list(ledger.entries.values()) == [Decimal(7)]
    assert_whole(platform)


class Moody(BaseModel):
    amount: Decimal

    @field_validator("amount")
    @classmethod
    def refuse(cls, value: Decimal) -> Decimal:
        raise RuntimeError(f"nobody foresaw '{value}'")


@action("ledger.moody", system="ledger", effect="read")
def moody(request: Moody, context: ActionContext) -> Moody:
    """Look at an amount; its request cannot even be read."""
    return request


def test_a_job_that_cannot_begin_is_an_incident_at_last() -> None:
    """Each try costs an attempt; it is not begun for ever."""
    with Platform([], [moody]) as platform:
        model = diagram("moody", START, service_task("ledger.moody", retries=2), END)
        platform.runtime.deployments.deploy(SYSTEM, {"moody.bpmn": model})
        case = platform.start("moody", {"amount": Decimal(7)})
        (job,) = platform.case(case).jobs
        assert platform.runtime.jobs.begin(job.id, "worker") is None
        assert platform.case(case).jobs[0].state is JobState.AVAILABLE
        platform.clock.advance(timedelta(minutes=1))
        assert platform.runtime.jobs.begin(job.id, "worker") is None
        (incident,) = incidents(platform, case)
        assert (incident.job_id, incident.element_id) == (job.id, "act")
        assert "RuntimeError" in incident.message


def test_a_person_whose_answer_cannot_be_taken_is_told_and_so_are_operators(platform: Platform, admin: Actor) -> None:
    """One incident, however often they try; when it is resolved, the task can be completed."""
    case = platform.start("nap")
    platform.advance(minutes=2)
    (item,) = platform.inbox("anna")
    damage(platform, case)
    for _ in range(2):
        with pytest.raises(Conflict, match="Its operators see an incident"):
            platform.complete("anna", item.id)
    (incident,) = incidents(platform, case)
    repair(platform, case)
    platform.runtime.incidents.retry(admin, incident.id)
    platform.complete("anna", item.id)
    assert platform.case(case).view.status == "completed"
    assert_whole(platform)


def test_an_instance_can_always_be_cancelled(platform: Platform, admin: Actor) -> None:
    """Its state cannot be loaded: every row is closed, the evidence is kept, the audit log says that it was forced."""
    cases = [platform.start(each, {"order_id": "K", "amount": Decimal(7)}) for each in ("nap", "told", "pay", "calls")]
    broken = [*cases[:-1], platform.case(cases[-1]).children[0].id]
    for each in broken:
        damage(platform, each)
    fail_often(platform)
    for each in cases:
        assert platform.runtime.instances.cancel(admin, each, "it is broken")
    with platform.runtime.core.store.read() as session:
        assert {row.status for row in session.scalars(select(InstanceRow))} == {InstanceStatus.CANCELLED}
        assert {row.incident_count for row in session.scalars(select(InstanceRow))} == {0}
        assert session.scalars(select(TimerRow)).all() == []
        assert session.scalars(select(SubscriptionRow)).all() == []
        assert set(session.scalars(select(JobRow.state))) == {JobState.CANCELLED}
        assert set(session.scalars(select(HistoryRow.outcome).where(HistoryRow.kind == "element"))) == {
            "completed",
            "cancelled",
        }
        assert set(session.scalars(select(EvidenceRow.instance_id))) == {*cases, *broken}
        for row in session.scalars(select(InstanceRow).where(InstanceRow.id.in_(broken))):
            assert isinstance(row.state, dict)
            assert "was" in row.state
    for each in broken:
        (record,) = platform.runtime.audit.list(SYSTEM, stream=each, action="instance.cancelled").items
        assert (record.detail["by_force"], record.detail["reason"]) == (True, "it is broken")
    assert platform.runtime.audit.verify().ok
    assert platform.runtime.setbacks.list(SYSTEM).items == ()
    assert_whole(platform)


OPERATIONS: dict[str, Callable[[Runtime, Actor, str], object]] = {
    "variables": lambda runtime, admin, case: runtime.instances.set_variables(admin, case, {"amount": 1}),
    "modify": lambda runtime, admin, case: runtime.modifying.modify(admin, case, [Activation("pause", {})]),
    "move": lambda runtime, admin, case: runtime.modifying.move(admin, case, "pause", "pause"),
    "where tokens are": lambda runtime, admin, case: runtime.modifying.live(admin, case),
    "migrate": lambda runtime, admin, case: runtime.migrating.migrate(admin, case, 2),
    "migrate, dry": lambda runtime, admin, case: runtime.migrating.migrate(admin, case, 2, dry_run=True),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_cannot_be_read_refuses_repairs_and_says_what_works(
    platform: Platform, admin: Actor, operation: str
) -> None:
    """Nothing is changed, nothing is a mistake without a sentence; one damaged case of many fails alone in bulk."""
    case = platform.start("nap")
    platform.runtime.deployments.deploy(SYSTEM, {"nap.bpmn": diagram("nap", START, timer_catch("PT2M"), END)})
    damage(platform, case)
    with pytest.raises(Conflict, match=f"{case}.*Nothing was changed.*cancelled"):
        OPERATIONS[operation](platform.runtime, admin, case)
    healthy = platform.start("nap")
    report = platform.runtime.bulk.run(admin, SetVariablesOfAll({"amount": 2}), InstanceFilter(process_id="nap"))
    assert (report.done, list(report.failed)) == ((healthy,), [case])
    assert platform.runtime.instances.cancel(admin, case)


def test_a_start_that_fails_leaves_nothing(platform: Platform) -> None:
    """Whoever starts a process whose stored model cannot be read any more is told, and nothing is there of it."""
    with platform.runtime.core.store.write() as session:
        session.execute(update(ModelRow).where(ModelRow.key == "nap").values(content=b"<broken"))
    object.__setattr__(platform.runtime.core, "models", ModelCache())
    with pytest.raises(ModelError):
        platform.start("nap")
    with pytest.raises(ModelError):
        platform.start("calls")
    with platform.runtime.core.store.read() as session:
        assert session.scalars(select(InstanceRow.id)).all() == []
        assert session.scalars(select(EvidenceRow.id)).all() == []


def test_what_is_told_of_an_exception_quotes_nothing() -> None:
    """Texts of exceptions repeat values: what is quoted and long numbers are left out."""
    assert told(ValueError("cannot read 'Jane Doe' of 4929123412341234")) == "ValueError: cannot read … of …"
    assert told(KeyError("Jane")) == "KeyError: …"
