"""The beginning of an attempt: the mandate is asked, and the job goes on, waits at a gate, is held, or is refused."""

from datetime import timedelta

from app.handlers import DEFAULT_TIMEOUT_SECONDS, DataProblem, Effect, ExceptionClass
from app.handlers.registry import AnyHandler
from app.roles import Outcome
from app.runtime import approving, circuits, governing, job_ending
from app.runtime.core import Core
from app.runtime.identifiers import new_id
from app.runtime.showing import mapping
from app.runtime.transaction import Transaction
from app.runtime.work import Work
from app.store.states import InstanceStatus, JobState, Stage
from app.store.tables import EvidenceRow, InstanceRow, JobRow

LIMIT = "limit"  # what a job that waits for a window to pass says about it
SWITCH = "switch"
LIMIT_PAUSE = timedelta(minutes=1)


def begin(core: Core, transaction: Transaction, row: InstanceRow, job: JobRow, worker_id: str) -> Work | None:
    """One attempt of a job whose instance is locked; None if there is nothing to do now."""
    leased_by_us = job.state is JobState.LEASED and job.worker_id == worker_id
    available = job.state is JobState.AVAILABLE and job.due_at <= transaction.now
    if not (leased_by_us or available) or (row.status is not InstanceStatus.RUNNING and job.undo_of is None):
        return None
    handler = core.registry.get(job.type)
    if handler is None:
        failure = job_ending.Failure(ExceptionClass.DATA, f"No task handler is named {job.type}.")
        job_ending.fail(core, transaction, row, job, failure)
        return None
    try:
        handler.check(mapping(job.variables))
    except DataProblem as problem:
        failure = job_ending.Failure(ExceptionClass.DATA, str(problem), problem.problems)
        job_ending.fail(core, transaction, row, job, failure)
        return None
    asked = governing.ask(core, transaction.session, row, job, transaction.now)
    match asked.assessment.outcome:
        case Outcome.APPROVAL_NEEDED:
            _let_go(job)
            approving.open_gate(core, transaction, row, job, asked)
        case Outcome.HELD:
            switched_off = any(not check.passed and check.name == "kill-switches" for check in asked.assessment.checks)
            _hold(transaction, row, job, SWITCH if switched_off else LIMIT, "; ".join(asked.assessment.reasons))
        case Outcome.REFUSED:
            _evidence(transaction, row, job, asked, None)
            breach = asked.assessment.breach
            failure = job_ending.Failure(
                ExceptionClass(breach) if breach else ExceptionClass.POLICY, "; ".join(asked.assessment.reasons)
            )
            job_ending.fail(core, transaction, row, job, failure)
        case Outcome.ALLOWED if not circuits.lets_through(transaction, core, handler.system, job.id):
            _hold(transaction, row, job, circuits.held_by(handler.system), f"the circuit of {handler.system} is open")
        case Outcome.ALLOWED:
            return _go(core, transaction, row, job, worker_id, handler, asked)
    return None


def _go(
    core: Core,
    transaction: Transaction,
    row: InstanceRow,
    job: JobRow,
    worker_id: str,
    handler: AnyHandler | None,
    asked: governing.Asked,
) -> Work:
    timeout_seconds = handler.timeout_seconds if handler else DEFAULT_TIMEOUT_SECONDS
    deadline = transaction.now + timedelta(seconds=timeout_seconds)
    job.state = JobState.LEASED
    job.worker_id = worker_id
    job.attempt += 1
    job.lease_until = deadline + core.settings.lease
    if handler is None or handler.effect is not Effect.READ:
        governing.record_use(asked, job, row, transaction.session)
    _evidence(transaction, row, job, asked, handler)
    return Work(
        job_id=job.id,
        attempt=job.attempt,
        type=job.type,
        worker_id=worker_id,
        variables=mapping(job.variables),
        headers={name: str(value) for name, value in mapping(job.headers).items()},
        instance_id=row.id,
        process_id=row.process_id,
        element_id=job.element_id,
        trace_id=job.trace_id,
        idempotency_key=job.id,
        deadline=deadline,
        timeout_seconds=timeout_seconds,
        retries=job.retries,
        process_variables=mapping(row.variables),
        look_first=job.attempt > 1,
        undo_result=_result_to_undo(transaction, job),
    )


def _result_to_undo(transaction: Transaction, job: JobRow) -> dict[str, object] | None:
    if job.undo_of is None:
        return None
    return mapping(transaction.session.get_one(JobRow, job.undo_of).result)


def _hold(transaction: Transaction, row: InstanceRow, job: JobRow, cause: str, reason: str) -> None:
    _let_go(job)
    job.state = JobState.HELD
    job.held_by = cause
    job.message = reason
    job.due_at = transaction.now + LIMIT_PAUSE if cause == LIMIT else transaction.now
    transaction.record("job.held", job.id, stream=row.id, action=job.type, by=cause, reason=reason)


def _let_go(job: JobRow) -> None:
    job.worker_id = None
    job.lease_until = None


def _evidence(
    transaction: Transaction, row: InstanceRow, job: JobRow, asked: governing.Asked, handler: AnyHandler | None
) -> None:
    """What was asked and checked, once per job unless the answer is another one on a later attempt."""
    if job.attempt > 1:
        return
    reads = handler is not None and handler.effect is Effect.READ
    facts = asked.mandate.inputs_seen(asked.request) if asked.mandate else ()
    transaction.batch.put(
        EvidenceRow,
        id=new_id(),
        instance_id=row.id,
        stage=Stage.UNDERSTAND if reads else Stage.ACT,
        at=transaction.now,
        what=f"checks of {'undoing ' if job.undo_of else ''}{job.type}",
        element_id=job.element_id,
        job_id=job.id,
        detail={
            "action": job.type,
            "request": governing.redacted(asked.mandate, dict(asked.request.inputs)),
            "inputs": [
                {
                    "name": fact.name,
                    "source": fact.source,
                    "age_seconds": None if fact.age is None else int(fact.age.total_seconds()),
                }
                for fact in facts
                if fact.value is not None
            ],
            "assessment": approving.assessment_json(asked),
            "requester": asked.request.requester,
        },
    )
    transaction.record(
        "action.assessed",
        job.id,
        stream=row.id,
        action=job.type,
        outcome=asked.assessment.outcome,
        tier=asked.assessment.tier,
    )
