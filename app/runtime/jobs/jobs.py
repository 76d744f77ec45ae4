"""Jobs: durable background work. The worker leases, begins, then finishes or fails; `begin` asks the mandate."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy import select, update

from app.errors import BailiwickError, Conflict, Invalid, ModelError, NotFound
from app.handlers import ExceptionClass, Verification
from app.runtime.governance import Attempt
from app.runtime.instances import advancing
from app.runtime.jobs import beginning, ending
from app.runtime.jobs.work import Done, Work
from app.runtime.people import require
from app.runtime.transaction import SYSTEM, CannotAdvance, Core, Transaction, reach, together, told
from app.runtime.views import Actor, JobState, JobView, Page, Permission
from app.store.tables import JobRow

OURS = (NotFound, Invalid, ModelError)  # of what the platform itself has stored: no worker has named it

log = structlog.get_logger(__name__)


class Jobs:
    """Called by workers, in the name of the system; `list` and `get` by people."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def lease(
        self, worker_id: str, limit: int, *, types: Iterable[str] | None = None, waited: timedelta = timedelta(0)
    ) -> tuple[str, ...]:
        """Take up to `limit` available jobs, those of highest priority first. Returns their ids; `begin` each.

        Of these `types` only (None: of all), and of those that have been due for as long as `waited`.
        """
        due = [JobRow.state == JobState.AVAILABLE, JobRow.due_at <= self._core.clock.now() - waited]
        if types is not None:
            due.append(JobRow.type.in_(list(types)))
        with self._core.store.read() as session:
            if session.scalar(select(JobRow.id).where(*due).limit(1)) is None:
                return ()  # nobody who only looks waits for a lock, or makes others wait
        reach("before-lease")
        with self._core.transaction(SYSTEM) as transaction:
            now = transaction.now
            query = (
                select(JobRow.id)
                .where(*due)
                .order_by(JobRow.priority.desc(), JobRow.due_at, JobRow.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            ids = tuple(transaction.session.scalars(query))
            if ids:
                transaction.session.execute(
                    update(JobRow)
                    .where(JobRow.id.in_(ids))
                    .values(state=JobState.LEASED, worker_id=worker_id, lease_until=now + self._core.settings.lease)
                )
        reach("after-lease")
        return ids

    def begin(self, job_id: str, worker_id: str, serves: Container[str] | None = None) -> Work | None:
        """Start one attempt: of a job that this worker leased, or of an available one, which is leased by this.

        A job whose type is not among those that the worker `serves` (None: every handler of this process) is left for
        others; see `RuntimeSettings.unserved_for`.

        The mandate is asked: None means that there is nothing to do now, because somebody else has it, it waits for
        approval, is held, or was refused. What fails here costs the job an attempt.
        """
        reach("before-lease")
        try:
            with self._core.transaction(SYSTEM) as transaction:
                locked = advancing.lock_with(transaction, JobRow, job_id, to_advance=False)
                if locked is None:
                    return None
                attempt = Attempt(self._core, transaction, *locked)
                work = beginning.begin(attempt, worker_id, self._core.registry if serves is None else serves)
        except Exception as error:
            if isinstance(error, BailiwickError) and not isinstance(error, OURS):
                raise
            log.exception("job cannot begin", job_id=job_id)
            self._cannot_begin(job_id, worker_id, error)
            return None
        reach("after-lease")
        return work

    def _cannot_begin(self, job_id: str, worker_id: str, error: Exception) -> None:
        with self._core.transaction(SYSTEM) as transaction:
            locked = advancing.lock_with(transaction, JobRow, job_id)
            if locked is None:
                return
            job = locked[1]
            is_ours = job.state is JobState.LEASED and job.worker_id == worker_id
            if job.state is JobState.AVAILABLE or is_ours:
                message = f"Expected the job to begin, but found {told(error)}. Retry, or cancel the instance."
                failure = ending.Failure(ExceptionClass.TRANSIENT, message)
                ending.fail(Attempt(self._core, transaction, *locked), failure, tells_process=False)

    def finish(self, work: Work, result: Mapping[str, object], verification: Verification | None = None) -> None:
        """The action was done (and read back): the process goes on. Raises `Conflict` for a late answer.

        A verification that is not confirmed, or a check of the role on the result that fails, is an exception: an
        incident with both sides as evidence.
        """
        (failure,) = self.finish_many([Done(work, result, verification)])
        if failure is not None:
            raise failure

    def finish_many(self, answers: Sequence[Done]) -> list[Exception | None]:
        """The same for several at once, in few transactions. Returns for each what `finish` would have raised."""

        def take(transaction: Transaction, answer: Done) -> None:
            ending.finish(self._own(transaction, answer.work), answer.result, answer.verification)

        return together.carry_out(self._core, answers, lambda answer: answer.work.root_id, take)

    def fail(
        self,
        work: Work,
        exception_class: ExceptionClass,
        message: str,
        *,
        problems: Mapping[str, str] | None = None,
        system: str | None = None,
        retry_after_seconds: float | None = None,
        retries: int | None = None,
    ) -> None:
        """The attempt failed. Transient: retried with backoff while there are `retries` (not given: one fewer than
        before), at last a dead letter and an incident; data: an incident, the owner is told; infrastructure: the
        circuit of `system` counts it and the job waits; policy: never retried, escalated. Raises `Conflict` for a late
        answer.
        """
        failure = ending.Failure(exception_class, message, dict(problems or {}), system, retry_after_seconds, retries)
        try:
            with self._core.transaction(SYSTEM) as transaction:
                ending.fail(self._own(transaction, work), failure)
        except CannotAdvance as error:
            log.exception("process cannot be told of a failure", job_id=work.job_id)
            failure = replace(failure, message=f"{message} And the process could not be told: {told(error)}.")
            with self._core.transaction(SYSTEM) as transaction:
                ending.fail(self._own(transaction, work), failure, tells_process=False)

    def throw_error(
        self, work: Work, code: str, message: str = "", variables: Mapping[str, object] | None = None
    ) -> None:
        """The handler ended with a BPMN error. Raises `Conflict` for a late answer."""
        with self._core.transaction(SYSTEM) as transaction:
            ending.throw_error(self._own(transaction, work), code, message, variables or {})

    def throw_escalation(self, work: Work, code: str, variables: Mapping[str, object] | None = None) -> None:
        """The handler ended with a BPMN escalation: the job is done, unless an interrupting event has caught it."""
        with self._core.transaction(SYSTEM) as transaction:
            ending.throw_escalation(self._own(transaction, work), code, variables or {})

    def extend(self, work: Work, seconds: float) -> None:
        """Keep the lease for `seconds` from now. Raises `Conflict` if it is lost."""
        with self._core.transaction(SYSTEM) as transaction:
            job = transaction.anew(JobRow, work.job_id, lock=True)
            if job is None:
                raise Conflict(f"Expected job {work.job_id}, but it is gone. Stop the attempt.")
            _check_fence(job, work)
            job.lease_until = transaction.now + timedelta(seconds=seconds)

    def list(
        self,
        actor: Actor,
        *,
        state: JobState | None = None,
        type: str | None = None,  # noqa: A002 - the word of the contract
        instance_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[JobView]:
        """Jobs, newest first. Right: instances.see."""
        require(actor, Permission.INSTANCES_SEE)
        query = select(JobRow).order_by(JobRow.id.desc()).limit(limit + 1)
        for column, value in ((JobRow.state, state), (JobRow.type, type), (JobRow.instance_id, instance_id)):
            if value is not None:
                query = query.where(column == value)
        if after is not None:
            query = query.where(JobRow.id < after)
        with self._core.store.read() as session:
            rows = session.scalars(query).all()
            views = JobView.of_all(session, rows[:limit], self._core.registry)
            return Page(views, rows[limit - 1].id if len(rows) > limit else None)

    def get(self, actor: Actor, job_id: str) -> JobView:
        """One job. Right: instances.see."""
        require(actor, Permission.INSTANCES_SEE)
        with self._core.store.read() as session:
            row = session.get(JobRow, job_id)
            if row is None:
                raise NotFound(f"Expected a job {job_id}, but found none.")
            return JobView.of_all(session, [row], self._core.registry)[0]

    def _own(self, transaction: Transaction, work: Work) -> Attempt:
        """The attempt, locked, if it may still answer."""
        locked = advancing.lock_with(transaction, JobRow, work.job_id)
        if locked is None:
            raise Conflict(f"Expected job {work.job_id}, but it is gone. Drop the answer.")
        _check_fence(locked[1], work)
        return Attempt(self._core, transaction, *locked)


def _check_fence(job: JobRow, work: Work) -> None:
    if job.state is not JobState.LEASED or job.attempt != work.attempt or job.worker_id != work.worker_id:
        raise Conflict(
            f"Expected attempt {job.attempt} of job {job.id} ({job.state}), "
            f"but attempt {work.attempt} answered. Drop the answer."
        )
