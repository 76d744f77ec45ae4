"""Process instances, and what is kept about them: history, evaluations, evidence, incidents."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.roles import Stage
from app.store.database import Base
from app.store.states import IncidentState, InstanceStatus

_STOPPED = text("incident_count > 0")


class InstanceRow(Base):
    """One run of a process. Whoever advances it holds the lock on the row `root_id`: one lock for a tree of calls."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("process_instance_by_process", "process_id", "status", "id"),
        Index("process_instance_by_version", "process_id", "version", "id"),
        Index("process_instance_by_status", "status", "id"),
        Index("process_instance_by_business_key", "business_key", "id"),
        Index("process_instance_with_incidents", "process_id", "id", postgresql_where=_STOPPED, sqlite_where=_STOPPED),
        Index("process_instance_any_incidents", "id", postgresql_where=_STOPPED, sqlite_where=_STOPPED),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    root_id: Mapped[str] = mapped_column(index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    parent_element_id: Mapped[str | None]  # the call activity's element instance in the parent
    process_id: Mapped[str]
    process_name: Mapped[str]
    model_id: Mapped[str] = mapped_column(ForeignKey("model.id"))
    version: Mapped[int]
    mandate_id: Mapped[str | None] = mapped_column(ForeignKey("mandate.id"))
    job_role: Mapped[str | None]
    requester: Mapped[str | None]  # an account, or "clock"; null where whoever asked is not known
    repaired_by: Mapped[str | None]  # the operator who put its tokens where no flow led, or began it again
    business_key: Mapped[str | None]
    trace_id: Mapped[str] = mapped_column(index=True)
    status: Mapped[InstanceStatus]
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    state: Mapped[object]  # the engine's, proportional to the live tokens
    variables: Mapped[object]  # of the instance's own scope, for people to look at
    flows: Mapped[object]  # ids of the sequence flows taken, each once
    history_count: Mapped[int]
    origin: Mapped[str]  # what started it, as a UUID; two runs of the same past have the same one
    activations: Mapped[object]  # element id → how many jobs and calls it has requested
    incident_count: Mapped[int]  # open ones


class HistoryRow(Base):
    """One line of a timeline. A visit to an element is one row, completed later; `key` finds it again."""

    __tablename__ = "history"
    __table_args__ = (Index("history_by_key", "instance_id", "key"),)

    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    key: Mapped[str | None]  # the element instance's id
    element_id: Mapped[str | None]
    element_name: Mapped[str | None]
    element_type: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    actor: Mapped[str | None]
    detail: Mapped[object]


class EvaluationRow(Base):
    """One answer of a decision, with its inputs, the version asked and the rules that matched."""

    __tablename__ = "evaluation"

    id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element_instance_id: Mapped[str | None]
    element_id: Mapped[str | None]
    decision_id: Mapped[str]
    model_id: Mapped[str | None] = mapped_column(ForeignKey("model.id"))
    model_key: Mapped[str | None]
    model_version: Mapped[int | None]
    at: Mapped[datetime]
    inputs: Mapped[object]
    evaluation: Mapped[object]


class EvidenceRow(Base):
    __tablename__ = "evidence"

    id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    stage: Mapped[Stage]
    at: Mapped[datetime]
    what: Mapped[str]
    element_id: Mapped[str | None]
    job_id: Mapped[str | None]
    detail: Mapped[object]


class IncidentRow(Base):
    __tablename__ = "incident"
    __table_args__ = (Index("incident_by_state", "state", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    process_id: Mapped[str]
    element_instance_id: Mapped[str]
    element_id: Mapped[str]
    kind: Mapped[str]
    exception_class: Mapped[str | None]
    message: Mapped[str]
    state: Mapped[IncidentState]
    job_id: Mapped[str | None]
    raised_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
