"""Undo: taking an action back, from the audit log, with the checks of any other action."""

from app.errors import Conflict, Invalid, NotFound
from app.runtime.instances import advancing, origins
from app.runtime.people import require
from app.runtime.transaction import Core, mapping, new_id
from app.runtime.views import Actor, JobState, Permission
from app.store.tables import JobRow

UNDO_RETRIES = 3


class Undoing:
    def __init__(self, core: Core) -> None:
        self._core = core

    def undo(self, actor: Actor, job_id: str, reason: str) -> str:
        """A new job that takes back what the finished job did. See `Runtime.undo`."""
        require(actor, Permission.INSTANCES_OPERATE)
        if not reason.strip():
            raise Invalid({"$.reason": "Expected a reason for undoing."})
        with self._core.transaction(actor) as transaction:
            session = transaction.session
            located = session.get(JobRow, job_id)
            if located is None:
                raise NotFound(f"Expected a job {job_id}, but found none.")
            row = advancing.lock(transaction, located.instance_id)
            done = transaction.anew(JobRow, job_id) or located
            handler = self._core.registry.get(done.type)
            if done.state is not JobState.DONE or done.undo_of is not None:
                raise Conflict(f"Expected an action that was done, but the job is {done.state}.")
            if handler is None or not handler.reversible:
                raise Conflict(f"Expected an action that can be undone, but {done.type} names no undo.")
            if done.undone_by is not None:
                earlier = session.get_one(JobRow, done.undone_by)
                if earlier.state not in (JobState.CANCELLED, JobState.FAILED):
                    raise Conflict(f"Expected an action that was not undone, but job {done.undone_by} undoes it.")
                earlier.state = JobState.CANCELLED  # it is asked for anew: the failed one is not tried again beside it
            undo_id = new_id()
            done.undone_by = undo_id
            transaction.batch.put(
                JobRow,
                id=undo_id,
                idempotency_key=origins.derived(done.idempotency_key, "undo"),
                instance_id=row.id,
                root_id=row.root_id,
                process_id=row.process_id,
                element_instance_id=done.element_instance_id,
                element_id=done.element_id,
                type=done.type,
                kind=done.kind,
                state=JobState.AVAILABLE,
                attempt=0,
                retries=UNDO_RETRIES,
                failures=0,
                unanswered=0,
                priority=done.priority,
                headers=mapping(done.headers),
                variables=mapping(done.variables),
                trace_id=done.trace_id,
                created_at=transaction.now,
                due_at=transaction.now,
                announced_at=transaction.now,
                undo_of=job_id,
                asked_by=actor.name,
            )
            transaction.announce(undo_id)
            transaction.record(
                "action.undo-requested", job_id, stream=row.id, action=done.type, undo=undo_id, reason=reason
            )
            return undo_id
