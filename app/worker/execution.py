"""One attempt of one job: ask the mandate, look whether it already happened, do it, read it back, report.

The handler runs in a thread of its own, so that one that never returns costs a thread and not the worker. What it
raised is sorted into the exception classes here; what follows from the class is the runtime's to decide.
"""

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import httpx
import structlog

from app.clock import Clock
from app.errors import Conflict
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
from app.runtime import Runtime, Work
from app.runtime.faults import reach

SYSTEM_IS_DOWN = frozenset({502, 503, 504})
TOO_MANY_REQUESTS = 429

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to: the result variables, and what reading them back has shown (None: not verifiable)."""

    result: Mapping[str, object]
    verification: Verification | None


@dataclass(frozen=True, slots=True)
class Execution:
    """Runs jobs in the name of one worker. `threads` runs the handlers; `config` is what their contexts hold."""

    runtime: Runtime
    registry: HandlerRegistry
    clock: Clock
    config: Mapping[str, str]
    threads: Executor
    worker_id: str

    def run_job(self, job_id: str) -> None:
        """Run one attempt, if there is something to do. A late answer is dropped: somebody else has the job."""
        work = self.runtime.jobs.begin(job_id, self.worker_id)
        if work is None:
            return
        with structlog.contextvars.bound_contextvars(
            trace_id=work.trace_id, instance_id=work.instance_id, job_id=job_id, attempt=work.attempt
        ):
            try:
                self._report(work)
            except Conflict as late:
                log.warning("answer refused", reason=str(late))

    def _report(self, work: Work) -> None:
        jobs = self.runtime.jobs
        try:
            outcome = self._attempt(work)
        except BpmnError as error:
            jobs.throw_error(work, error.code, error.message, error.variables)
        except Escalation as escalation:
            jobs.throw_escalation(work, escalation.code, escalation.variables)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises becomes a failure of its job
            problem = classify(error, self.registry[work.type].system)
            log.warning(
                "attempt failed", type=work.type, exception_class=problem.exception_class, error=type(error).__name__
            )
            jobs.fail(
                work,
                problem.exception_class,
                str(problem),
                problems=problem.problems if isinstance(problem, DataProblem) else None,
                system=problem.system if isinstance(problem, InfrastructureProblem) else None,
                retry_after_seconds=problem.retry_after_seconds if isinstance(problem, TransientProblem) else None,
            )
        else:
            reach("before-commit")
            jobs.finish(work, outcome.result, outcome.verification)
            log.info("attempt done", type=work.type)

    def _attempt(self, work: Work) -> Outcome:
        handler = self.registry[work.type]
        context = self._context(work)
        reach("before-handler")
        running = self.threads.submit(perform, handler, work, context)
        try:
            return running.result(work.timeout_seconds)
        except TimeoutError:
            if running.done():
                raise  # the handler's own time-out, not ours
            running.cancel()
            raise TransientProblem(f"No answer within {work.timeout_seconds:g} seconds.") from None

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
        )


def perform(handler: AnyHandler, work: Work, context: ActionContext) -> Outcome:
    """Do the work, once: an effect of an earlier attempt whose answer was lost is found and taken, not repeated."""
    if work.undo_result is not None:
        return Outcome(handler.undo(work.variables, work.undo_result, context), None)
    if work.look_first and handler.verified:
        seen = handler.verify(work.variables, None, context)
        if seen.confirmed:
            return Outcome(receipt_variables(seen) or {}, seen)
    result = handler.perform(work.variables, context)
    reach("after-side-effect")
    return Outcome(result, handler.verify(work.variables, result, context) if handler.verified else None)


def classify(error: Exception, system: str) -> ActionProblem:
    """The exception class of anything that a handler raised (governance.md, "Exceptions").

    A handler may let httpx's exceptions through. What nobody expected counts as transient: it is tried again, within
    bounds, and becomes an incident.
    """
    match error:
        case ActionProblem():
            return error
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return InfrastructureProblem(system, f"{system} cannot be reached.")
        case httpx.HTTPStatusError(response=response):
            return _of_status(response, system)
        case httpx.TimeoutException() | httpx.TransportError():
            return TransientProblem(f"{system} did not answer ({type(error).__name__}).")
        case _:
            return TransientProblem(f"The handler failed with {type(error).__name__}: {error}")


def _of_status(response: httpx.Response, system: str) -> ActionProblem:
    said = f"{system} answered {response.status_code}."
    if response.status_code in SYSTEM_IS_DOWN:
        return InfrastructureProblem(system, said)
    if response.status_code == TOO_MANY_REQUESTS or response.is_server_error:
        wish = response.headers.get("Retry-After", "")
        return TransientProblem(said, float(wish) if wish.isdecimal() else None)
    return DataProblem(said)
