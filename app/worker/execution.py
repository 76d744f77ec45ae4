"""One attempt of one job: ask the mandate, look whether it already happened, do it, read it back, report.

What a handler raises is sorted into the exception classes; what follows from the class is the runtime's to decide.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import count

import structlog

from app.clock import Clock
from app.errors import Conflict, Unavailable, said
from app.handlers import (
    ActionContext,
    ActionProblem,
    BpmnError,
    DataProblem,
    Escalation,
    HandlerRegistry,
    InfrastructureProblem,
    TransientProblem,
    Verification,
    receipt_variables,
)
from app.handlers.registry import AnyHandler
from app.logs import tracing
from app.runtime import Done, Runtime, Work
from app.runtime.transaction import reach
from app.worker.calls import Calls
from app.worker.classification import classify
from app.worker.gathering import Gathering

FIRST_PAUSE_SECONDS = 0.2
BEATS_PER_LEASE = 3  # how often a lease is renewed before it would end

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to: the result variables, and what reading them back has shown (None: not verifiable)."""

    result: Mapping[str, object]
    verification: Verification | None


@dataclass(frozen=True, slots=True)
class Execution:
    """Runs jobs in the name of one worker. `config` is for the handlers' contexts; a job is kept for one `lease`.

    `answers` takes what handlers have done to `runtime.jobs`.
    """

    runtime: Runtime
    registry: HandlerRegistry
    clock: Clock
    config: Mapping[str, str]
    calls: Calls
    lease: timedelta
    worker_id: str
    answers: Gathering[Done]
    announcements: Iterator[int] = field(default_factory=count, repr=False)

    def run_job(self, job_id: str) -> None:
        """Run one attempt, if there is something to do. A late answer is dropped: somebody else has the job."""
        work = self.runtime.jobs.begin(job_id, self.worker_id, self.registry)
        if work is None:
            return
        with tracing(work.trace_id, instance_id=work.instance_id, job_id=job_id, attempt=str(work.attempt)):
            try:
                self._run(work)
            except Conflict as late:
                log.warning("answer refused", reason=str(late))

    def run_announced(self, job_id: str) -> None:
        """The same for an announcement, which may come twice at once: each takes the job in a name of its own."""
        replace(self, worker_id=f"{self.worker_id}/{next(self.announcements)}").run_job(job_id)

    def _run(self, work: Work) -> None:
        """What fails while the attempt is written down is a failure of the attempt: it must not be tried for ever."""
        try:
            self._report(work)
        except (Conflict, Unavailable):
            raise
        except Exception as error:
            log.exception("answer not written down", type=work.type)
            self._fail(work, _unwritten(error))

    def _report(self, work: Work) -> None:
        handler = self.registry.get(work.type)
        if handler is None:
            message = f"Expected a task handler of {work.type} in this worker, but found none. Install it and retry."
            self._fail(work, TransientProblem(message))
            return
        jobs = self.runtime.jobs
        try:
            outcome = self._attempt(work, handler)
        except Conflict:
            raise
        except BpmnError as error:
            self._write(partial(jobs.throw_error, work, error.code, error.message, error.variables))
        except Escalation as escalation:
            self._write(partial(jobs.throw_escalation, work, escalation.code, escalation.variables))
        except Exception as error:  # noqa: BLE001 - whatever a handler raises becomes a failure of its job
            self._fail(work, classify(error, handler.system))
        else:
            reach("before-commit")
            self._write(partial(self.answers, Done(work, outcome.result, outcome.verification)))
            log.info("attempt done", type=work.type)

    def _fail(self, work: Work, problem: ActionProblem) -> None:
        log.warning(
            "attempt failed",
            type=work.type,
            exception_class=problem.exception_class.value,
            problem=type(problem).__name__,
        )
        report = partial(
            self.runtime.jobs.fail,
            work,
            problem.exception_class,
            said(problem),
            problems=problem.problems if isinstance(problem, DataProblem) else None,
            system=problem.system if isinstance(problem, InfrastructureProblem) else None,
            retry_after_seconds=problem.retry_after_seconds if isinstance(problem, TransientProblem) else None,
            retries=problem.retries if isinstance(problem, TransientProblem) else None,
        )
        self._write(report)

    def _write(self, report: Callable[[], None]) -> None:
        """Write the end of an attempt down. A database that is away is awaited for as long as the lease lasts."""
        end = time.monotonic() + self.lease.total_seconds()
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                report()
            except Unavailable as away:
                if time.monotonic() + pause > end:
                    raise
                log.warning("answer waits for the database", reason=str(away))
                time.sleep(pause)
                pause *= 2
            else:
                return

    def _attempt(self, work: Work, handler: AnyHandler) -> Outcome:
        context = self._context(work)
        reach("before-handler")
        return self.calls.within(
            work.timeout_seconds,
            handler.system,
            lambda: perform(handler, work, context),
            beat=lambda: self._keep(work),
            beat_seconds=self.lease.total_seconds() / BEATS_PER_LEASE,
        )

    def _keep(self, work: Work) -> None:
        """Renew the lease. Raises `Conflict` where it is lost; a database that is away costs one renewal."""
        try:
            self.runtime.jobs.extend(work, self.lease.total_seconds())
        except Conflict:
            raise
        except Exception:
            log.exception("lease not renewed", type=work.type)

    def _context(self, work: Work) -> ActionContext:
        return ActionContext(
            idempotency_key=work.idempotency_key,
            job_id=work.job_id,
            attempt=work.attempt,
            instance_id=work.instance_id,
            process_id=work.process_id,
            trace_id=work.trace_id,
            started_at=self.clock.now(),
            timeout_seconds=work.timeout_seconds,
            config=self.config,
            headers=work.headers,
            variables=work.process_variables,
            retries=work.retries,
        )


def _unwritten(error: Exception) -> ActionProblem:
    """Why an answer could not be written down, where the attempt itself went well."""
    if isinstance(error, ActionProblem):
        return error
    return TransientProblem(f"The answer could not be written down: {type(error).__name__}: {said(error)}")


def perform(handler: AnyHandler, work: Work, context: ActionContext) -> Outcome:
    """Do the work, once: an effect of an earlier attempt whose answer was lost is found and taken, not repeated.

    What was read back is the result: an answer may be wrong, the other system's books are what there is.
    """
    if work.undo_result is not None:
        return _undo(handler, work, work.undo_result, context)
    if work.look_first and handler.verified:
        seen = handler.verify(work.variables, None, context)
        if seen.confirmed:
            return Outcome(receipt_variables(seen) or {}, seen)
    result = handler.perform(work.variables, context)
    reach("after-side-effect")
    if not handler.verified:
        return Outcome(result, None)
    verification = handler.verify(work.variables, result, context)
    return Outcome((receipt_variables(verification) if verification.confirmed else None) or result, verification)


def _undo(handler: AnyHandler, work: Work, done: Mapping[str, object], context: ActionContext) -> Outcome:
    """Take it back, and see that it is gone: what confirmed the effect must not confirm it any more."""
    result = handler.undo(work.variables, done, context)
    reach("after-side-effect")
    if not handler.verified:
        return Outcome(result, None)
    seen = handler.verify(work.variables, done, context)
    return Outcome(result, replace(seen, confirmed=not seen.confirmed, receipt=None))
