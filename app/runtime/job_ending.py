"""How an attempt ends: done and read back, failed by class, or with a BPMN error or escalation."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from app.engine import commands
from app.errors import Conflict
from app.handlers import Effect, ExceptionClass, Verification
from app.handlers.schema import to_variable
from app.roles import ActionRequest, CheckResult
from app.runtime import advancing, circuits, escalating, governing
from app.runtime.core import Core
from app.runtime.identifiers import new_id
from app.runtime.showing import mapping
from app.runtime.transaction import Transaction
from app.store.states import JobState, Stage
from app.store.tables import EvidenceRow, InstanceRow, JobRow

JOB = "job"  # the kind of an incident


@dataclass(frozen=True, slots=True)
class Failure:
    exception_class: ExceptionClass
    message: str
    problems: Mapping[str, str] = field(default_factory=dict)
    system: str | None = None
    retry_after_seconds: float | None = None
    retries: int | None = None  # attempts that shall be left; None: one fewer than before


def finish(
    core: Core,
    transaction: Transaction,
    row: InstanceRow,
    job: JobRow,
    result: Mapping[str, object],
    verification: Verification | None,
) -> None:
    """The handler has answered. Where the read-back or a check of the role objects, it is an exception, not a result."""
    handler = core.registry.get(job.type)
    if handler is not None:
        circuits.answered(transaction, handler.system)
    values = {str(name): to_variable(value) for name, value in result.items()}
    job.result = values
    _act_evidence(core, transaction, row, job, values)
    checks = _check_after(core, transaction, row, job, values, verification)
    if verification is not None or checks:
        _verify_evidence(core, transaction, row, job, verification, checks)
    failed = [check for check in checks if not check.passed]
    if verification is not None and not verification.confirmed:
        found = verification.detail or "the other system does not show it"
        fail(core, transaction, row, job, Failure(ExceptionClass.DATA, f"{job.type} is not confirmed: {found}"))
        return
    if failed:
        message = "; ".join(f"{check.name}: {check.detail}" for check in failed)
        fail(core, transaction, row, job, Failure(ExceptionClass(failed[0].breach), message))
        return
    _done(transaction, row, job, "action.done")
    if job.undo_of is not None:
        transaction.session.get_one(JobRow, job.undo_of).undone_by = job.id
        return
    transaction.session.flush()
    advancing.Advance(core, transaction).send(row.id, commands.CompleteJob(job.id, values))


def fail(core: Core, transaction: Transaction, row: InstanceRow, job: JobRow, failure: Failure) -> None:
    """What follows from the exception class (governance.md, "Exceptions")."""
    kind = failure.exception_class
    job.worker_id = None
    job.lease_until = None
    job.exception_class = kind
    job.message = failure.message
    transaction.record(
        "action.failed", job.id, stream=row.id, action=job.type, attempt=job.attempt, exception_class=kind
    )
    if kind is ExceptionClass.INFRASTRUCTURE:
        _wait_for_system(core, transaction, row, job, failure)
        return
    _failure_evidence(core, transaction, row, job, failure)
    left = max(0, job.retries - 1) if failure.retries is None else failure.retries
    if kind is ExceptionClass.TRANSIENT and left > 0:
        job.retries = left
        job.failures += 1
        _try_again(core, transaction, job, failure.retry_after_seconds)
        return
    job.state = JobState.FAILED
    job.ended_at = transaction.now
    if kind is ExceptionClass.TRANSIENT:
        job.retries = 0
    else:
        escalating.escalate_exception(core, transaction, row, job, kind, failure.message)
    if job.undo_of is None:
        transaction.session.flush()
        transaction.failures[job.id] = kind
        advancing.Advance(core, transaction).send(row.id, commands.RaiseIncident(job.id, JOB, failure.message))


def throw_error(
    core: Core,
    transaction: Transaction,
    row: InstanceRow,
    job: JobRow,
    code: str,
    message: str,
    variables: Mapping[str, object],
) -> None:
    """End the job with a BPMN error; the engine raises an incident where nothing catches it."""
    _done(transaction, row, job, "action.threw-error", code=code)
    job.message = f"BPMN error {code}: {message}"
    transaction.session.flush()
    values = {name: to_variable(value) for name, value in variables.items()}
    advancing.Advance(core, transaction).send(row.id, commands.ThrowError(job.id, code, message, values))


def throw_escalation(
    core: Core, transaction: Transaction, row: InstanceRow, job: JobRow, code: str, variables: Mapping[str, object]
) -> None:
    """Throw the escalation, and complete the job unless that has ended it."""
    _done(transaction, row, job, "action.threw-escalation", code=code)
    transaction.session.flush()
    values = {name: to_variable(value) for name, value in variables.items()}
    advance = advancing.Advance(core, transaction)
    advance.send(row.id, commands.ThrowEscalation(job.id, code, values))
    with suppress(Conflict):  # an interrupting event has caught it, and the job is gone
        advance.send(row.id, commands.CompleteJob(job.id, values))


def backoff(core: Core, failures: int) -> timedelta:
    """The pause before the next attempt: doubling, bounded, and between a half and the whole of it by chance."""
    settings = core.settings
    full = min(settings.backoff * 2 ** min(failures - 1, 30), settings.longest_backoff)
    return full * (0.5 + core.random() / 2)


def _done(transaction: Transaction, row: InstanceRow, job: JobRow, action: str, **detail: object) -> None:
    job.state = JobState.DONE
    job.ended_at = transaction.now
    job.lease_until = None
    job.exception_class = None
    job.message = None
    transaction.record(
        action, job.id, stream=row.id, action=job.type, attempt=job.attempt, undo_of=job.undo_of, **detail
    )


def _try_again(core: Core, transaction: Transaction, job: JobRow, retry_after_seconds: float | None) -> None:
    pause = backoff(core, max(1, job.failures))
    if retry_after_seconds is not None:
        pause = max(pause, timedelta(seconds=retry_after_seconds))
    job.state = JobState.AVAILABLE
    job.due_at = transaction.now + pause
    job.announced_at = transaction.now  # earlier than due: the clock announces it when it is


def _wait_for_system(core: Core, transaction: Transaction, row: InstanceRow, job: JobRow, failure: Failure) -> None:
    """A system that is down costs no attempt: the job waits until its circuit lets it try again."""
    handler = core.registry.get(job.type)
    system = failure.system or (handler.system if handler else job.type)
    if circuits.failed(transaction, core, system, failure.message):
        job.state = JobState.HELD
        job.held_by = circuits.held_by(system)
        transaction.record("job.held", job.id, stream=row.id, action=job.type, by=job.held_by, reason=failure.message)
        return
    job.failures += 1
    _try_again(core, transaction, job, None)


def _check_after(
    core: Core,
    transaction: Transaction,
    row: InstanceRow,
    job: JobRow,
    result: Mapping[str, object],
    verification: Verification | None,
) -> tuple[CheckResult, ...]:
    if row.mandate_id is None or job.undo_of is not None:
        return ()
    mandate = core.models.mandate(transaction.session, row.mandate_id)
    request = ActionRequest(
        job.type, mapping(job.variables), mapping(row.variables), transaction.now, process_id=row.process_id
    )
    return mandate.check_after(request, result, None if verification is None else _verification_json(verification))


def _verification_json(verification: Verification) -> dict[str, object]:
    return {
        "confirmed": verification.confirmed,
        "found": to_variable(verification.found),
        "detail": verification.detail,
    }


def _act_evidence(
    core: Core, transaction: Transaction, row: InstanceRow, job: JobRow, result: Mapping[str, object]
) -> None:
    handler = core.registry.get(job.type)
    reads = handler is not None and handler.effect is Effect.READ
    detail = {
        "action": job.type,
        "system": handler.system if handler else None,
        "request": _redacted(core, transaction, row, mapping(job.variables)),
        "response": _redacted(core, transaction, row, dict(result)),
        "attempt": job.attempt,
        "read_at": transaction.now.isoformat() if reads else None,
        "undo_of": job.undo_of,
    }
    stage = Stage.UNDERSTAND if reads else Stage.ACT
    put_evidence(transaction, row, job, stage, f"{'undo of ' if job.undo_of else ''}{job.type}", detail)


def _verify_evidence(
    core: Core,
    transaction: Transaction,
    row: InstanceRow,
    job: JobRow,
    verification: Verification | None,
    checks: tuple[CheckResult, ...],
) -> None:
    detail: dict[str, object] = {
        "action": job.type,
        "checks": [{"name": each.name, "passed": each.passed, "detail": each.detail} for each in checks],
    }
    if verification is not None:
        detail["verification"] = _redacted(core, transaction, row, _verification_json(verification))
    put_evidence(transaction, row, job, Stage.VERIFY, f"verification of {job.type}", detail)


def _failure_evidence(core: Core, transaction: Transaction, row: InstanceRow, job: JobRow, failure: Failure) -> None:
    detail = {
        "action": job.type,
        "exception_class": failure.exception_class,
        "message": failure.message,
        "problems": dict(failure.problems),
        "attempt": job.attempt,
        "request": _redacted(core, transaction, row, mapping(job.variables)),
    }
    handler = core.registry.get(job.type)
    reads = handler is not None and handler.effect is Effect.READ
    put_evidence(
        transaction, row, job, Stage.UNDERSTAND if reads else Stage.ACT, f"{failure.exception_class} exception", detail
    )


def put_evidence(
    transaction: Transaction, row: InstanceRow, job: JobRow, stage: Stage, what: str, detail: Mapping[str, object]
) -> None:
    transaction.batch.put(
        EvidenceRow,
        id=new_id(),
        instance_id=row.id,
        stage=stage,
        at=transaction.now,
        what=what,
        element_id=job.element_id,
        job_id=job.id,
        detail=dict(detail),
    )


def _redacted(core: Core, transaction: Transaction, row: InstanceRow, value: object) -> object:
    mandate = core.models.mandate(transaction.session, row.mandate_id) if row.mandate_id else None
    return governing.redacted(mandate, value)
