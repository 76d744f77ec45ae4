"""How an attempt ends: done and read back, failed by class, or with a BPMN error or escalation."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from app.engine import commands
from app.errors import Conflict
from app.handlers import Answer, ExceptionClass, Verification
from app.handlers.variables import to_variable, to_variables
from app.roles import ActionRequest, CheckResult, Stage
from app.runtime.governance import Attempt, circuits, escalating, governing, held_jobs
from app.runtime.instances import advancing, standstill
from app.runtime.jobs import results
from app.runtime.transaction import mapping, storable_text
from app.store.states import JobState
from app.store.tables import JobRow

JOB = "job"  # the kind of an incident


TIMES = ("never", "once", "twice", "three times")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed, in words that can be stored, whoever said them."""

    exception_class: ExceptionClass
    message: str
    problems: Mapping[str, str] = field(default_factory=dict)
    system: str | None = None
    retry_after_seconds: float | None = None
    retries: int | None = None  # attempts that shall be left; None: one fewer than before

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", storable_text(self.message))
        problems = {storable_text(path): storable_text(problem) for path, problem in self.problems.items()}
        object.__setattr__(self, "problems", problems)
        if self.system is not None:
            object.__setattr__(self, "system", storable_text(self.system))


def finish(attempt: Attempt, result: Mapping[str, object], verification: Verification | None) -> None:
    """The handler has answered. Where the read-back or a check of the role objects, it is an exception instead.

    An answer that does not fit what was asked is an incident of the job.
    """
    job, transaction = attempt.job, attempt.transaction
    if attempt.handler is not None:
        circuits.answered(transaction, attempt.handler.system)
    values = to_variables(result, job.type)
    job.result = values
    _act_evidence(attempt, values)
    checks = _check_after(attempt, values, verification)
    if verification is not None or checks:
        _verify_evidence(attempt, verification, checks)
    if verification is not None and not verification.confirmed:
        found = verification.detail or "the other system does not show it"
        fail(attempt, Failure(ExceptionClass.DATA, f"{job.type} is not confirmed: {found}"))
        return
    if failed := [check for check in checks if not check.passed]:
        message = "; ".join(f"{check.name}: {check.detail}" for check in failed)
        fail(attempt, Failure(ExceptionClass(failed[0].breach), message))
        return
    _done(attempt, "action.done")
    if job.undo_of is not None:
        transaction.session.get_one(JobRow, job.undo_of).undone_by = job.id
        governing.give_back(attempt, job.undo_of)
        return
    transaction.gather()
    answer = Answer(values) if attempt.handler is None else attempt.handler.answer(values)
    complete = commands.CompleteJob(job.id, answer.variables, results.of(answer.result))
    advancing.Advance(attempt.core, transaction).send(attempt.row.id, complete)


def fail(attempt: Attempt, failure: Failure, *, tells_process: bool = True) -> None:
    """What follows from the exception class (governance.md, "Exceptions").

    A process that cannot be told, because that fails, stands still: the incident is raised without it.
    """
    job, transaction, kind = attempt.job, attempt.transaction, failure.exception_class
    attempt.let_go()
    job.unanswered = 0
    job.exception_class = kind
    job.message = failure.message
    attempt.record("action.failed", attempt=job.attempt, exception_class=kind)
    if kind is ExceptionClass.INFRASTRUCTURE:
        _wait_for_system(attempt, failure)
        return
    _failure_evidence(attempt, failure)
    wanted = job.retries - 1 if failure.retries is None else failure.retries
    left = min(max(0, wanted), attempt.core.settings.most_attempts)
    if kind is ExceptionClass.TRANSIENT and left > 0 and job.attempt < attempt.core.settings.most_attempts:
        job.retries = left
        _try_again(attempt, failure.retry_after_seconds)
        return
    job.state = JobState.FAILED
    job.ended_at = transaction.now
    if kind is ExceptionClass.TRANSIENT:
        job.retries = 0
    else:
        escalating.escalate_exception(attempt, kind, failure.message)
    if not attempt.is_undo:
        transaction.gather()
        transaction.failures[job.id] = kind
        if tells_process:
            incident = commands.RaiseIncident(job.id, JOB, failure.message)
            advancing.Advance(attempt.core, transaction).send(attempt.row.id, incident)
        else:
            place = {"element_id": job.element_id, "element_instance_id": job.element_instance_id}
            standstill.begin(transaction, attempt.row, failure.message, job_id=job.id, **place)


def lose(attempt: Attempt) -> None:
    """Its workers died of it, or fell silent, so often that it must not cost another one."""
    deaths = attempt.job.unanswered
    times = TIMES[deaths] if deaths < len(TIMES) else f"{deaths} times"
    message = (
        f"Expected an answer of {attempt.job.type}, but its worker died {times}, or was silent beyond its lease. "
        "See the worker's log, correct the handler, and retry."
    )
    fail(attempt, Failure(ExceptionClass.TRANSIENT, message, retries=0))


def throw_error(attempt: Attempt, code: str, message: str, variables: Mapping[str, object]) -> None:
    """End the job with a BPMN error; the engine raises an incident where nothing catches it."""
    _done(attempt, "action.threw-error", code=code)
    attempt.job.message = f"BPMN error {code}: {message}"
    attempt.transaction.gather()
    values = to_variables(variables, attempt.job.type)
    error = commands.ThrowError(attempt.job.id, code, message, values)
    advancing.Advance(attempt.core, attempt.transaction).send(attempt.row.id, error)


def throw_escalation(attempt: Attempt, code: str, variables: Mapping[str, object]) -> None:
    """Throw the escalation, and complete the job unless that has ended it."""
    _done(attempt, "action.threw-escalation", code=code)
    attempt.transaction.gather()
    values = to_variables(variables, attempt.job.type)
    advance = advancing.Advance(attempt.core, attempt.transaction)
    advance.send(attempt.row.id, commands.ThrowEscalation(attempt.job.id, code, values))
    with suppress(Conflict):  # an interrupting event has caught it, and the job is gone
        advance.send(attempt.row.id, commands.CompleteJob(attempt.job.id, values))


def _done(attempt: Attempt, action: str, **detail: object) -> None:
    job = attempt.job
    job.state = JobState.DONE
    job.ended_at = attempt.transaction.now
    job.unanswered = 0
    job.lease_until = None
    job.exception_class = None
    job.message = None
    attempt.record(action, attempt=job.attempt, undo_of=job.undo_of, **detail)


def _try_again(attempt: Attempt, retry_after_seconds: float | None) -> None:
    job, now = attempt.job, attempt.transaction.now
    job.failures += 1
    pause = attempt.core.backoff(job.failures)
    if retry_after_seconds is not None and retry_after_seconds > 0:  # not NaN
        longest = attempt.core.settings.longest_wish
        pause = max(pause, timedelta(seconds=min(retry_after_seconds, longest.total_seconds())))
    job.state = JobState.AVAILABLE
    job.due_at = now + pause
    job.announced_at = now  # earlier than due: the clock announces it when it is


def _wait_for_system(attempt: Attempt, failure: Failure) -> None:
    """A system that is down costs no attempt: the job waits until its circuit lets it try again."""
    job = attempt.job
    system = failure.system or (attempt.handler.system if attempt.handler else job.type)
    if not circuits.failed(attempt.transaction, attempt.core, system, failure.message):
        _try_again(attempt, None)
        return
    job.state = JobState.HELD
    job.held_by = held_jobs.by_circuit(system)
    attempt.record("job.held", by=job.held_by, reason=failure.message)


def _check_after(
    attempt: Attempt, result: Mapping[str, object], verification: Verification | None
) -> tuple[CheckResult, ...]:
    mandate, row = attempt.mandate, attempt.row
    if attempt.is_undo or attempt.job.type not in mandate.grants:
        return ()
    request = ActionRequest(
        attempt.job.type,
        attempt.variables,
        mapping(row.variables),
        attempt.transaction.now,
        process_id=row.process_id,
    )
    return mandate.check_after(request, result, None if verification is None else _verification_json(verification))


def _verification_json(verification: Verification) -> dict[str, object]:
    return {
        "confirmed": verification.confirmed,
        "found": to_variable(verification.found, "a verification"),
        "detail": verification.detail,
    }


def _act_evidence(attempt: Attempt, result: Mapping[str, object]) -> None:
    job, handler = attempt.job, attempt.handler
    detail = {
        "system": handler.system if handler else None,
        "request": attempt.redacted(attempt.variables),
        "response": attempt.redacted(dict(result)),
        "attempt": job.attempt,
        "read_at": attempt.transaction.now.isoformat() if attempt.stage is Stage.UNDERSTAND else None,
        "undo_of": job.undo_of,
    }
    attempt.put_evidence(attempt.stage, f"{'undo of ' if attempt.is_undo else ''}{job.type}", detail)


def _verify_evidence(attempt: Attempt, verification: Verification | None, checks: tuple[CheckResult, ...]) -> None:
    detail: dict[str, object] = {
        "checks": [{"name": each.name, "passed": each.passed, "detail": each.detail} for each in checks]
    }
    if verification is not None:
        detail["verification"] = attempt.redacted(_verification_json(verification))
    attempt.put_evidence(Stage.VERIFY, f"verification of {attempt.job.type}", detail)


def _failure_evidence(attempt: Attempt, failure: Failure) -> None:
    detail = {
        "exception_class": failure.exception_class,
        "problem": failure.message,
        "problems": dict(failure.problems),
        "attempt": attempt.job.attempt,
        "request": attempt.redacted(attempt.variables),
    }
    attempt.put_evidence(attempt.stage, f"{failure.exception_class} exception", detail)
