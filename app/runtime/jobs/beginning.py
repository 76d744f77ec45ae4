"""The beginning of an attempt: the mandate is asked, and the job goes on, waits at a gate, is held, or is refused."""

from collections.abc import Container
from datetime import timedelta

from app.handlers import DataProblem, Effect, ExceptionClass
from app.handlers.registry import AnyHandler
from app.roles import TYPED, Outcome
from app.runtime.governance import Attempt, approving, circuits, governing, held_jobs
from app.runtime.jobs import ending
from app.runtime.jobs.work import Work
from app.runtime.transaction import mapping
from app.store.states import InstanceStatus, JobState
from app.store.tables import JobRow

LIMIT_PAUSE = timedelta(minutes=1)


def begin(attempt: Attempt, worker_id: str, serves: Container[str]) -> Work | None:
    """One attempt of a job of a type that the worker `serves`; None if there is nothing to do now."""
    job = attempt.job
    leased_by_us = job.state is JobState.LEASED and job.worker_id == worker_id
    available = job.state is JobState.AVAILABLE and job.due_at <= attempt.transaction.now
    may_run = attempt.row.status is InstanceStatus.RUNNING or attempt.is_undo
    if not (may_run and (leased_by_us or available)):
        return None
    handler = attempt.handler
    if handler is None or job.type not in serves:
        if leased_by_us:
            attempt.let_go()
            job.state = JobState.AVAILABLE  # for a worker that has the handler; the clock gives up where none comes
        return None
    try:
        handler.check(attempt.variables)
    except DataProblem as problem:
        ending.fail(attempt, ending.Failure(ExceptionClass.DATA, str(problem), problem.problems))
        return None
    return _pass_gate(attempt, worker_id, handler)


def _pass_gate(attempt: Attempt, worker_id: str, handler: AnyHandler) -> Work | None:
    asked = governing.ask(attempt)
    assessment = asked.assessment
    reasons = "; ".join(assessment.reasons)
    match assessment.outcome:
        case Outcome.APPROVAL_NEEDED:
            attempt.let_go()
            approving.open_gate(attempt, asked)
        case Outcome.HELD:
            switched_off = any(not check.passed and check.name == "kill-switches" for check in assessment.checks)
            _hold(attempt, held_jobs.SWITCH if switched_off else held_jobs.LIMIT, reasons)
        case Outcome.REFUSED:
            _evidence(attempt, asked)
            breach = ExceptionClass(assessment.breach) if assessment.breach else ExceptionClass.POLICY
            ending.fail(attempt, ending.Failure(breach, reasons))
        case Outcome.ALLOWED:
            if circuits.lets_through(attempt.transaction, attempt.core, handler.system, attempt.job.id):
                return _go(attempt, worker_id, handler, asked)
            _hold(attempt, held_jobs.by_circuit(handler.system), f"the circuit of {handler.system} is open")
    return None


def _go(attempt: Attempt, worker_id: str, handler: AnyHandler, asked: governing.Asked) -> Work:
    job, row = attempt.job, attempt.row
    deadline = attempt.transaction.now + timedelta(seconds=handler.timeout_seconds)
    job.state = JobState.LEASED
    job.worker_id = worker_id
    job.attempt += 1
    job.unanswered += 1  # until somebody answers
    job.lease_until = deadline + attempt.core.settings.lease
    if handler.effect is not Effect.READ:
        governing.record_use(attempt, asked)
    if job.attempt == 1:
        _evidence(attempt, asked)
    return Work(
        job_id=job.id,
        attempt=job.attempt,
        type=job.type,
        worker_id=worker_id,
        variables=attempt.variables,
        headers={name: str(value) for name, value in mapping(job.headers).items()},
        instance_id=row.id,
        root_id=row.root_id,
        process_id=row.process_id,
        element_id=job.element_id,
        trace_id=job.trace_id,
        idempotency_key=job.idempotency_key,
        deadline=deadline,
        timeout_seconds=handler.timeout_seconds,
        retries=job.retries,
        process_variables=mapping(row.variables),
        look_first=job.attempt > 1,
        undo_result=_result_to_undo(attempt),
    )


def _result_to_undo(attempt: Attempt) -> dict[str, object] | None:
    if attempt.job.undo_of is None:
        return None
    return mapping(attempt.transaction.session.get_one(JobRow, attempt.job.undo_of).result)


def _hold(attempt: Attempt, cause: str, reason: str) -> None:
    job, now = attempt.job, attempt.transaction.now
    attempt.let_go()
    job.state = JobState.HELD
    job.held_by = cause
    job.message = reason
    job.due_at = now + LIMIT_PAUSE if cause == held_jobs.LIMIT else now
    attempt.record("job.held", by=cause, reason=reason)


def _evidence(attempt: Attempt, asked: governing.Asked) -> None:
    """What was asked and checked, once per job: retries are checked as well, and leave records of the audit log."""
    facts = asked.mandate.inputs_seen(asked.request)
    detail = {
        "request": attempt.redacted(dict(asked.request.inputs)),
        "inputs": [
            {
                "name": fact.name,
                "source": fact.source if fact.bound else TYPED,
                "age_seconds": None if fact.age is None else int(fact.age.total_seconds()),
            }
            for fact in facts
            if fact.value is not None
        ],
        "assessment": approving.assessment_json(asked),
        "requester": asked.request.requester,
    }
    attempt.put_evidence(attempt.stage, f"checks of {'undoing ' if attempt.is_undo else ''}{attempt.job.type}", detail)
    attempt.record("action.assessed", outcome=asked.assessment.outcome, tier=asked.assessment.tier)
