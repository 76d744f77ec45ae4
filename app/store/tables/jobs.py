"""Jobs, what they have used of their role's limits, and what may hold them: kill switches and circuits."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base
from app.store.states import CircuitState, JobState, SwitchScope


class JobRow(Base):
    __tablename__ = "job"
    __table_args__ = (
        Index("job_due", "state", "due_at"),
        Index("job_lease", "state", "lease_until"),
        Index("job_by_instance", "instance_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str]  # stable across retries and across a restore: see `runtime.instances.origins`
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    root_id: Mapped[str]
    process_id: Mapped[str]
    element_instance_id: Mapped[str]
    element_id: Mapped[str]
    type: Mapped[str]
    kind: Mapped[str]
    state: Mapped[JobState]
    attempt: Mapped[int]  # of the last lease; an answer with an older one is refused
    retries: Mapped[int]  # attempts that are left
    failures: Mapped[int]  # transient ones in a row, for the backoff
    unanswered: Mapped[int]  # attempts in a row whose lease ended without an answer
    priority: Mapped[int]
    headers: Mapped[object]
    variables: Mapped[object]
    trace_id: Mapped[str]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]  # not before this moment
    announced_at: Mapped[datetime | None]
    worker_id: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    exception_class: Mapped[str | None]
    message: Mapped[str | None]
    held_by: Mapped[str | None]
    approval_id: Mapped[str | None]  # the gate that let it pass
    result: Mapped[object]
    undo_of: Mapped[str | None]
    undone_by: Mapped[str | None]
    asked_by: Mapped[str | None]  # of an undo: who wants it


class ActionUseRow(Base):
    """That an action was allowed once, and for how much: what value and count windows add up.

    One row for the JobRole and one for each of its WorkRoles: `counted_over` is "job-role:…" or "work-role:…".
    """

    __tablename__ = "action_use"
    __table_args__ = (Index("action_use_window", "counted_over", "action", "at"),)

    job_id: Mapped[str] = mapped_column(primary_key=True)
    counted_over: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    process_id: Mapped[str]
    subject: Mapped[str | None]
    at: Mapped[datetime]
    value_ten_thousandths: Mapped[int] = mapped_column(BigInteger)  # whole numbers add up exactly on every database
    given_back_at: Mapped[datetime | None]  # when the action was undone: it counts no more


class SwitchRow(Base):
    __tablename__ = "kill_switch"

    id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[SwitchScope]
    key: Mapped[str]
    reason: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
    cleared_by: Mapped[str | None]
    cleared_at: Mapped[datetime | None] = mapped_column(index=True)


class CircuitRow(Base):
    __tablename__ = "circuit"

    system: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[CircuitState]
    failures: Mapped[int]
    opened_at: Mapped[datetime | None]
    probe_at: Mapped[datetime | None]
    probe_job_id: Mapped[str | None]
    message: Mapped[str | None]
