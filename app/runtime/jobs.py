"""Jobs: durable background work. The worker leases, begins, and then finishes or fails; the mandate's checks run in `begin`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.handlers import ExceptionClass, Verification
from app.runtime.core import Core
from app.runtime.views import Actor, JobState, JobView, Page


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt of one job, allowed by the mandate. Whoever holds it may answer until the lease ends.

    `look_first`: an earlier attempt may have had its effect; ask `handler.verify(variables, None, context)` before doing
    it. `undo_result`: this job takes back an earlier one, whose result this is; call `handler.undo(variables, undo_result,
    context)`.
    """

    job_id: str
    attempt: int  # from 1; also the fencing token: an answer of an older attempt is refused
    type: str
    worker_id: str
    variables: Mapping[str, object]
    headers: Mapping[str, str]
    instance_id: str
    process_id: str
    element_id: str
    trace_id: str
    idempotency_key: str
    deadline: datetime
    timeout_seconds: float
    look_first: bool = False
    undo_result: Mapping[str, object] | None = None


class Jobs:
    """Called by workers, in the name of the system; `list`, `get` and `retry` by people."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def lease(self, worker_id: str, limit: int) -> tuple[str, ...]:
        """Take up to `limit` available jobs, those of highest priority first. Returns their ids; `begin` each."""
        raise NotImplementedError

    def begin(self, job_id: str, worker_id: str) -> Work | None:
        """Start one attempt: of a job that this worker leased, or of an available one, which is leased by this.

        The mandate is asked: None means that there is nothing to do now, because somebody else has it, it waits for
        approval, is held, or was refused.
        """
        raise NotImplementedError

    def finish(self, work: Work, result: Mapping[str, object], verification: Verification | None = None) -> None:
        """The action was done (and read back): the process goes on with the result. Raises `Conflict` for a late answer.

        A verification that is not confirmed is a data exception: an incident with both sides as evidence.
        """
        raise NotImplementedError

    def fail(
        self,
        work: Work,
        exception_class: ExceptionClass,
        message: str,
        *,
        problems: Mapping[str, str] | None = None,
        system: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        """The attempt failed. Transient: retried with backoff, at last a dead letter and an incident; data: an incident,
        the owner is told; infrastructure: the circuit of `system` counts it and the job waits; policy: never retried,
        escalated. Raises `Conflict` for a late answer.
        """
        raise NotImplementedError

    def throw_error(
        self, work: Work, code: str, message: str = "", variables: Mapping[str, object] | None = None
    ) -> None:
        """The handler ended with a BPMN error. Raises `Conflict` for a late answer."""
        raise NotImplementedError

    def throw_escalation(self, work: Work, code: str, variables: Mapping[str, object] | None = None) -> None:
        """The handler threw a BPMN escalation; its job stays open unless an interrupting event caught it."""
        raise NotImplementedError

    def extend(self, work: Work, seconds: float) -> None:
        """Keep the lease for `seconds` from now. Raises `Conflict` if it is lost."""
        raise NotImplementedError

    def announce(self, limit: int = 100) -> int:
        """Announce again available jobs whose announcement may have been lost. Returns how many."""
        raise NotImplementedError

    def list(
        self,
        actor: Actor,
        *,
        state: JobState | None = None,
        type: str | None = None,
        instance_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[JobView]:
        """Jobs, newest first. Right: instances.see."""
        raise NotImplementedError

    def get(self, actor: Actor, job_id: str) -> JobView:
        """One job. Right: instances.see."""
        raise NotImplementedError
