"""Process instances with their jobs and incidents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers import HandlerRegistry
from app.runtime.views.inbox import InboxItem
from app.store.states import IncidentState, InstanceStatus, JobState
from app.store.tables import IncidentRow, InstanceRow, JobRow

Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class InstanceFilter:
    """Every field that is not None must match."""

    process_id: str | None = None
    version: int | None = None
    status: InstanceStatus | None = None
    business_key: str | None = None
    with_incidents: bool | None = None
    parent_id: str | None = None
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class InstanceView:
    id: str
    process_id: str
    process_name: str
    version: int
    status: InstanceStatus
    business_key: str | None
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    incident_count: int
    trace_id: str
    parent_id: str | None
    job_role: str | None

    @classmethod
    def of(cls, row: InstanceRow) -> Self:
        return cls(
            row.id,
            row.process_id,
            row.process_name,
            row.version,
            row.status,
            row.business_key,
            row.started_at,
            row.started_by,
            row.ended_at,
            row.incident_count,
            row.trace_id,
            row.parent_id,
            row.job_role,
        )


@dataclass(frozen=True, slots=True)
class StartedView:
    """An instance that a start event has started."""

    id: str
    process_id: str
    version: int
    element_id: str


@dataclass(frozen=True, slots=True)
class StartOccurrenceView:
    """A trigger of a start event that has occurred, and waits for the others that the start event needs."""

    id: str
    process_id: str
    element_id: str
    kind: str  # message, signal, timer or condition
    name: str  # of the message or signal, else the text of the timer or condition
    correlation_key: str | None
    variables: Variables
    occurred_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentView:
    id: str
    instance_id: str
    process_id: str
    element_id: str
    kind: str  # job, expression, decision, message, error …
    exception_class: str | None  # transient, data, infrastructure or policy, where it came from a handler
    message: str
    state: IncidentState
    job_id: str | None
    raised_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None

    @classmethod
    def of(cls, row: IncidentRow) -> Self:
        return cls(
            row.id,
            row.instance_id,
            row.process_id,
            row.element_id,
            row.kind,
            row.exception_class,
            row.message,
            row.state,
            row.job_id,
            row.raised_at,
            row.resolved_at,
            row.resolved_by,
        )


class UndoState(StrEnum):
    """How far the undo of an action is. Only `DONE` has taken it back."""

    ASKED = "asked"
    WAITING = "waiting"  # for an approval, a switch, a circuit
    REFUSED = "refused"
    FAILED = "failed"
    DONE = "undone"


_UNDO_STATES: Mapping[JobState, UndoState] = {
    JobState.AWAITING_APPROVAL: UndoState.WAITING,
    JobState.HELD: UndoState.WAITING,
    JobState.CANCELLED: UndoState.REFUSED,
    JobState.FAILED: UndoState.FAILED,
    JobState.DONE: UndoState.DONE,
}
_MAY_BE_ASKED_AGAIN = (None, UndoState.REFUSED, UndoState.FAILED)


@dataclass(frozen=True, slots=True)
class JobView:
    id: str
    instance_id: str
    process_id: str
    element_id: str
    type: str
    state: JobState
    attempt: int
    retries: int  # attempts that are left
    priority: int
    created_at: datetime
    due_at: datetime | None  # not before this moment
    lease_until: datetime | None
    worker_id: str | None
    exception_class: str | None
    message: str | None
    held_by: str | None  # the switch, circuit or limit that holds it, in words
    undo_of: str | None
    undone_by: str | None  # the job that undoes it, if anybody asked for that: `undo` says how far it is
    undo: UndoState | None
    reversible: bool
    idempotency_key: str  # what other systems know it by

    @classmethod
    def of_all(cls, session: Session, rows: Iterable[JobRow], registry: HandlerRegistry) -> tuple[Self, ...]:
        """Jobs with the states of their undos, which one statement reads."""
        found = list(rows)
        undos = [row.undone_by for row in found if row.undone_by is not None]
        query = select(JobRow.id, JobRow.state).where(JobRow.id.in_(undos))
        states: dict[str, JobState] = dict(session.execute(query).all()) if undos else {}
        return tuple(cls.of(row, registry, states.get(row.undone_by or "")) for row in found)

    @classmethod
    def of(cls, row: JobRow, registry: HandlerRegistry, undo_job: JobState | None) -> Self:
        undo = None if undo_job is None else _UNDO_STATES.get(undo_job, UndoState.ASKED)
        handler = registry.get(row.type)
        reversible = (
            handler is not None
            and handler.reversible
            and row.state is JobState.DONE
            and row.undo_of is None
            and undo in _MAY_BE_ASKED_AGAIN
        )
        return cls(
            row.id,
            row.instance_id,
            row.process_id,
            row.element_id,
            row.type,
            row.state,
            row.attempt,
            row.retries,
            row.priority,
            row.created_at,
            row.due_at,
            row.lease_until,
            row.worker_id,
            row.exception_class,
            row.message,
            row.held_by,
            row.undo_of,
            row.undone_by,
            undo,
            reversible,
            row.idempotency_key,
        )


@dataclass(frozen=True, slots=True)
class InstanceDetail:
    """An instance with what its page shows. Counts are per element id, for the marks on the diagram."""

    view: InstanceView
    model_id: str
    variables: Variables
    active: Mapping[str, int]
    completed: Mapping[str, int]
    cancelled: Mapping[str, int]
    incident_elements: Mapping[str, int]
    flows: tuple[str, ...]  # ids of the sequence flows taken
    children: tuple[InstanceView, ...]
    incidents: tuple[IncidentView, ...]
    jobs: tuple[JobView, ...]
    tasks: tuple[InboxItem, ...]
