"""Jobs: leases, fencing, retries, the four exception classes, BPMN errors, replay."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from app.errors import Conflict
from app.handlers import (
    BpmnError,
    DataProblem,
    InfrastructureProblem,
    PolicyProblem,
    TransientProblem,
)
from app.runtime import SYSTEM, Actor, Done, Work
from app.runtime.views import CircuitState, IncidentState, JobState, SwitchScope, TaskKind
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task
from tests.runtime.ledger import Ledger

PAY = diagram("pay", START, service_task("ledger.book"), END)
CATCHES = (
    '<bpmn:boundaryEvent id="refused" attachedToRef="act"><bpmn:outgoing>to-other</bpmn:outgoing>'
    '<bpmn:errorEventDefinition id="refused-definition" errorRef="error-refused" /></bpmn:boundaryEvent>'
    '<bpmn:endEvent id="other"><bpmn:incoming>to-other</bpmn:incoming></bpmn:endEvent>'
    '<bpmn:sequenceFlow id="to-other" sourceRef="refused" targetRef="other" />'
)
REFUSED = '<bpmn:error id="error-refused" errorCode="REFUSED" />'


@pytest.fixture(autouse=True)
def deployed(platform: Platform) -> None:
    catching = diagram("catching", START, service_task("ledger.book"), END, CATCHES, roots=REFUSED)
    platform.runtime.deployments.deploy(SYSTEM, {"pay.bpmn": PAY, "catching.bpmn": catching})


def start(platform: Platform, process_id: str = "pay") -> str:
    return platform.start(process_id, {"amount": Decimal(7)})


def test_a_transient_failure_is_tried_again_later(platform: Platform, ledger: Ledger) -> None:
    """Not at once: the pause grows; and the key under which it is tried stays the same, so one effect remains."""
    ledger.fails_with(TransientProblem("busy"), TransientProblem("busy"))
    case = start(platform)
    platform.run()
    assert ledger.attempts == 1
    platform.advance(seconds=1)
    assert ledger.attempts == 2
    platform.advance(seconds=2)
    assert (ledger.attempts, len(ledger.entries)) == (3, 1)
    assert platform.case(case).view.status == "completed"


def test_the_other_systems_wish_is_the_least_pause(platform: Platform, ledger: Ledger) -> None:
    """Retry-After is kept."""
    ledger.fails_with(TransientProblem("busy", retry_after_seconds=300))
    start(platform)
    platform.run()
    platform.advance(seconds=299)
    assert ledger.attempts == 1
    platform.advance(seconds=1)
    assert ledger.attempts == 2


def test_exhausted_retries_are_a_dead_letter_that_can_be_replayed(
    platform: Platform, ledger: Ledger, admin: Actor
) -> None:
    """An incident is raised in the same transaction; retrying it requests the same job with fresh retries."""
    ledger.fails_with(*[TransientProblem("busy")] * 3)
    case = start(platform)
    platform.advance(minutes=10)
    platform.advance(minutes=10)
    platform.advance(minutes=10)
    (job,) = platform.case(case).jobs
    (incident,) = platform.case(case).incidents
    assert (job.state, job.exception_class) == (JobState.FAILED, "transient")
    assert (incident.job_id, incident.exception_class) == (job.id, "transient")
    assert platform.case(case).incident_elements == {"act": 1}
    platform.runtime.incidents.retry(admin, incident.id)
    platform.run()
    detail = platform.case(case)
    assert detail.view.status == "completed"
    assert (detail.view.incident_count, detail.incidents[0].state) == (0, IncidentState.RESOLVED)
    assert list(ledger.entries) == [job.idempotency_key]


def test_a_handler_that_always_asks_for_another_attempt_is_stopped(platform: Platform, ledger: Ledger) -> None:
    """Every retry has a bound: the hundredth attempt is the last, and an operator is asked."""
    ledger.fails_with(*(TransientProblem("not yet", retries=3) for _ in range(120)))
    case = start(platform)
    for _ in range(110):
        platform.advance(minutes=11)
    assert ledger.attempts == 100
    assert len(platform.case(case).incidents) == 1


def test_a_data_exception_blocks_the_case_and_tells_its_owner(platform: Platform, ledger: Ledger) -> None:
    """It is never tried again by itself."""
    ledger.fails_with(DataProblem("the systems disagree", {"$.tier": "gold here, silver there"}))
    case = start(platform)
    platform.advance(hours=1)
    (incident,) = platform.case(case).incidents
    (task,) = platform.case(case).tasks
    assert (ledger.attempts, incident.exception_class) == (1, "data")
    assert (task.kind, task.candidate_groups) == (TaskKind.EXCEPTION, ("operators",))


def test_a_policy_exception_escalates(platform: Platform, ledger: Ledger) -> None:
    """Without a routing decision and without a role, operators are told."""
    ledger.fails_with(PolicyProblem("not allowed"))
    case = start(platform)
    platform.advance(hours=1)
    assert ledger.attempts == 1
    assert [task.name for task in platform.case(case).tasks] == ["Policy exception in ledger.book"]


def test_a_system_that_is_down_opens_its_circuit_and_its_jobs_resume(platform: Platform, ledger: Ledger) -> None:
    """Two failures in a row open it; other jobs of the system are held unasked; one probe closes it; all go on."""
    ledger.fails_with(*[InfrastructureProblem("ledger", "down")] * 3)
    cases = [start(platform), start(platform), start(platform)]
    platform.run()
    (circuit,) = platform.runtime.circuits.list()
    assert (circuit.system, circuit.state, ledger.attempts) == ("ledger", CircuitState.OPEN, 2)
    platform.advance(seconds=10)
    assert {job.state for case in cases for job in platform.case(case).jobs} == {JobState.HELD}
    platform.advance(seconds=30)
    assert ledger.attempts == 3  # the probe found it still down
    platform.advance(seconds=40)
    assert [platform.case(case).view.status for case in cases] == ["completed"] * 3
    assert platform.runtime.circuits.list()[0].state is CircuitState.CLOSED
    assert len(ledger.entries) == 3


def test_a_kill_switch_holds_work_and_loses_none(platform: Platform, ledger: Ledger, admin: Actor) -> None:
    """From the next check on; clearing it lets everything go on."""
    switch = platform.runtime.switches.set(admin, SwitchScope.ACTION, "ledger.book", "an audit is under way")
    case = start(platform)
    platform.advance(hours=1)
    assert [job.state for job in platform.case(case).jobs] == [JobState.HELD]
    assert platform.runtime.switches.list()[0].held_jobs == 1
    assert ledger.attempts == 0
    platform.runtime.switches.clear(admin, switch)
    platform.run()
    assert platform.case(case).view.status == "completed"


def test_a_bpmn_error_is_caught_by_the_process(platform: Platform, ledger: Ledger) -> None:
    """The boundary event takes the token; nobody is bothered."""
    ledger.fails_with(BpmnError("REFUSED", "no"))
    case = start(platform, "catching")
    platform.run()
    detail = platform.case(case)
    assert (detail.view.status, detail.completed.get("other"), detail.incidents) == ("completed", 1, ())


def test_an_error_that_nothing_catches_is_an_incident(platform: Platform, ledger: Ledger) -> None:
    """And not the silent end of the instance."""
    ledger.fails_with(BpmnError("REFUSED", "no"))
    case = start(platform)
    platform.run()
    (incident,) = platform.case(case).incidents
    assert "REFUSED" in incident.message


def test_a_late_answer_is_refused(platform: Platform, ledger: Ledger) -> None:
    """A worker whose lease ended answers after another took over: its attempt number fences it off."""
    case = start(platform)
    (job_id,) = platform.runtime.jobs.lease("slow", 10)
    late = platform.runtime.jobs.begin(job_id, "slow")
    assert late is not None
    platform.clock.advance(timedelta(minutes=10))
    platform.runtime.tick()
    second = platform.runtime.jobs.begin(job_id, "quick")
    assert second is not None
    assert (late.attempt, second.attempt, second.look_first) == (1, 2, True)
    with pytest.raises(Conflict):
        platform.runtime.jobs.finish(late, {"entry": "late"})
    platform.runtime.jobs.finish(second, {"entry": "in time"})
    assert platform.case(case).variables["entry"] == "in time"


def test_one_worker_at_a_time(platform: Platform) -> None:
    """What is leased is not leased again, and cannot be begun by anybody else."""
    start(platform)
    (job_id,) = platform.runtime.jobs.lease("one", 10)
    assert platform.runtime.jobs.lease("two", 10) == ()
    assert platform.runtime.jobs.begin(job_id, "two") is None


def test_a_lost_answer_is_found_and_not_repeated(platform: Platform, ledger: Ledger) -> None:
    """The effect happened, the answer was lost: before the retry the system is asked, and its receipt is taken."""
    ledger.loses_the_answer(TransientProblem("no answer"))
    case = start(platform)
    platform.run()
    platform.advance(minutes=1)
    assert (ledger.attempts, len(ledger.entries)) == (1, 1)
    assert platform.case(case).view.status == "completed"


def test_what_cannot_be_read_back_is_an_exception(platform: Platform, ledger: Ledger) -> None:
    """Nothing is fire-and-forget: an unconfirmed effect stops the case."""
    ledger.shows = False
    case = start(platform)
    platform.run()
    (incident,) = platform.case(case).incidents
    assert incident.exception_class == "data"
    assert "not confirmed" in incident.message


def test_an_action_is_undone_with_the_checks_of_any_other(platform: Platform, ledger: Ledger, admin: Actor) -> None:
    """Once, after the instance has ended; the log shows both."""
    case = start(platform)
    platform.run()
    (job,) = platform.case(case).jobs
    assert job.reversible
    undo = platform.runtime.undo(admin, job.id, "paid twice")
    platform.run()
    assert ledger.entries == {}
    done, undoing = platform.case(case).jobs
    assert (done.undone_by, undoing.undo_of, undoing.state) == (undo, job.id, JobState.DONE)
    with pytest.raises(Conflict):
        platform.runtime.undo(admin, job.id, "again")


def test_lost_announcements_are_repeated(platform: Platform) -> None:
    """Announcements are hints: an available job is announced again until somebody has it."""
    start(platform)
    assert platform.runtime.tick().done["announcements"] == 0
    platform.clock.advance(timedelta(seconds=15))
    assert platform.runtime.tick().done["announcements"] == 1


def test_a_job_whose_variables_do_not_fit_is_a_data_exception(platform: Platform, ledger: Ledger) -> None:
    """The field is named, and the handler is not even called."""
    case = platform.start("pay", {"amount": "much"})
    platform.run()
    (incident,) = platform.case(case).incidents
    assert "$.amount" in incident.message
    assert ledger.attempts == 0


def begun(platform: Platform, *process_ids: str) -> list[Work]:
    """The first attempts of all jobs of new instances of these processes."""
    cases = [start(platform, process_id) for process_id in process_ids]
    jobs = [job.id for case in cases for job in platform.case(case).jobs]
    works = [platform.runtime.jobs.begin(job, "worker") for job in jobs]
    return [work for work in works if work is not None]


def test_answers_that_come_together_are_one_transaction(platform: Platform) -> None:
    """Five instances go on with one commit."""
    works = begun(platform, *["pay"] * 5)
    engine = platform.runtime.core.store.engine
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    assert platform.runtime.jobs.finish_many([Done(work, {"booked": 7}) for work in works]) == [None] * 5
    assert len(commits) == 1
    assert all(platform.case(work.instance_id).view.status == "completed" for work in works)
    assert platform.runtime.audit.verify().ok


def test_a_late_answer_keeps_no_other_from_being_taken(platform: Platform) -> None:
    """It alone is refused."""
    works = begun(platform, *["pay"] * 3)
    late = replace(works[1], attempt=7)
    first, second, third = platform.runtime.jobs.finish_many([Done(each, {}) for each in (works[0], late, works[2])])
    assert (first, type(second), third) == (None, Conflict, None)
    states = [platform.runtime.jobs.get(SYSTEM, work.job_id).state for work in works]
    assert states == [JobState.DONE, JobState.LEASED, JobState.DONE]


def test_answers_of_one_instance_are_taken_one_after_the_other(platform: Platform) -> None:
    """Two jobs of one instance, and one of another, end at the same time: nothing is lost."""
    twice = service_task("ledger.book").replace(
        "{flows}",
        '{flows}<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">'
        "=2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
    )
    platform.runtime.deployments.deploy(SYSTEM, {"twice.bpmn": diagram("twice", START, twice, END)})
    works = begun(platform, "twice", "pay")
    assert len(works) == 3
    assert platform.runtime.jobs.finish_many([Done(work, {}) for work in works]) == [None] * 3
    assert {platform.case(work.instance_id).view.status.value for work in works} == {"completed"}
