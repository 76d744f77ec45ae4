"""The inbox: tasks, to whom they are offered, approvals with their votes, comments."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base
from app.store.states import ApprovalState, TaskKind, TaskState

_OPEN = text("state = 'open'")
ANYBODY = "anybody"  # to whom a task without candidates is offered


class TaskRow(Base):
    __tablename__ = "inbox_task"
    __table_args__ = (
        Index("inbox_task_open", text("priority DESC"), "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index(
            "inbox_task_assigned", "assignee", text("priority DESC"), "id", postgresql_where=_OPEN, sqlite_where=_OPEN
        ),
        Index("inbox_task_overdue", "state", "escalate_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[TaskKind]
    state: Mapped[TaskState]
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    root_id: Mapped[str]
    process_id: Mapped[str]
    process_name: Mapped[str]
    business_key: Mapped[str | None]
    element_instance_id: Mapped[str | None]
    element_id: Mapped[str]
    job_id: Mapped[str | None]
    incident_id: Mapped[str | None]
    name: Mapped[str]
    summary: Mapped[str]
    assignee: Mapped[str | None]
    candidate_users: Mapped[object]
    candidate_groups: Mapped[object]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    escalate_at: Mapped[datetime | None]  # when it counts as overdue; None once nobody is left to escalate to
    priority: Mapped[int]
    level: Mapped[int]
    tier: Mapped[str | None]
    form_id: Mapped[str | None]
    variables: Mapped[object]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    held_up: Mapped[str | None]  # the transition that listeners are asked about; None at rest
    asked_by: Mapped[str | None]  # who asked for it
    denied: Mapped[str | None]  # the transition that a listener denied last, until the next one begins
    denied_because: Mapped[str | None]


class TaskCandidateRow(Base):
    """To whom a task is offered, in the order of the inbox: `name` is "user:anna", "group:support" or "anybody".

    Only while it is open and nobody has it, so that a list reads no more than it shows (docs/adr/0080).
    """

    __tablename__ = "inbox_task_candidate"
    __table_args__ = (Index("inbox_task_offered", "name", text("priority DESC"), "task_id"),)

    task_id: Mapped[str] = mapped_column(ForeignKey("inbox_task.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    priority: Mapped[int]  # the task's


class ApprovalRow(Base):
    """A gate at which an action waits. Its id is that of its inbox task."""

    __tablename__ = "approval"
    __table_args__ = (Index("approval_by_clock", "state", "granted_at"),)

    id: Mapped[str] = mapped_column(ForeignKey("inbox_task.id"), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"), index=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    action: Mapped[str]
    gate: Mapped[str]
    tier: Mapped[str]
    approver_role: Mapped[str]
    approvals_needed: Mapped[int]
    four_eyes: Mapped[bool]
    requester: Mapped[str | None]
    state: Mapped[ApprovalState]
    created_at: Mapped[datetime]
    granted_at: Mapped[datetime | None]  # the clock's moment of a fast track
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    request: Mapped[object]
    assessment: Mapped[object]


class VoteRow(Base):
    __tablename__ = "approval_vote"

    approval_id: Mapped[str] = mapped_column(ForeignKey("approval.id"), primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    approved: Mapped[bool]
    reason: Mapped[str]
    at: Mapped[datetime]


class CommentRow(Base):
    __tablename__ = "task_comment"

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("inbox_task.id"), index=True)
    author: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]


class TaskDraftRow(Base):
    """What somebody has typed into a task and not sent yet."""

    __tablename__ = "task_draft"

    task_id: Mapped[str] = mapped_column(ForeignKey("inbox_task.id"), primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[object]
    saved_at: Mapped[datetime]
