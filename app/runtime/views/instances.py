"""Process instances with their jobs and incidents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

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
    undone_by: str | None
    reversible: bool
    idempotency_key: str  # what other systems know it by

    @classmethod
    def of(cls, row: JobRow, registry: HandlerRegistry) -> Self:
        handler = registry.get(row.type)
        reversible = (
            handler is not None
            and handler.reversible
            and row.state is JobState.DONE
            and row.undo_of is None
            and row.undone_by is None
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
