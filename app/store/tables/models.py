"""Deployed models, their versions, what they start, the mandates compiled from them, and drafts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base
from app.store.states import ModelKind, ProposalState


class DeploymentRow(Base):
    __tablename__ = "deployment"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str]


class ModelRow(Base):
    """One version of one model. A diagram with several processes has a row for each of them."""

    __tablename__ = "model"
    __table_args__ = (
        UniqueConstraint("kind", "key", "version", name="model_version_once"),
        Index("model_latest", "kind", "latest"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[ModelKind]
    key: Mapped[str]
    version: Mapped[int]
    latest: Mapped[bool]
    name: Mapped[str]
    file_name: Mapped[str]
    version_tag: Mapped[str | None]
    checksum: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    facts: Mapped[
        object
    ]  # what was read from it: {"decisions": [ids]} of a decision model, {"job_role": …} of a process
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str]


class DeployedModelRow(Base):
    """Which model versions a deployment consists of, changed or not: what the binding "deployment" refers to."""

    __tablename__ = "deployed_model"

    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("model.id"), primary_key=True, index=True)


class StartTriggerRow(Base):
    """A message, signal, timer or condition that starts the newest version of a process, alone or with others."""

    __tablename__ = "start_trigger"
    __table_args__ = (Index("start_trigger_named", "kind", "name"), Index("start_trigger_due", "due"))

    id: Mapped[str] = mapped_column(primary_key=True)
    process_id: Mapped[str] = mapped_column(index=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("model.id"))
    element_id: Mapped[str]
    kind: Mapped[str]  # `TriggerKind`
    name: Mapped[str | None]  # of the message or signal, the text of a timer; null for a condition, however long it is
    others: Mapped[str]  # `Others`
    schedule: Mapped[object]  # of a timer: `Schedule.to_state`
    due: Mapped[datetime | None]


class MandateRow(Base):
    """A JobRole as it was compiled; `document` is the whole mandate, with the stamps of its role documents."""

    __tablename__ = "mandate"
    __table_args__ = (UniqueConstraint("job_role", "version", name="mandate_version_once"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    job_role: Mapped[str]
    version: Mapped[int]
    latest: Mapped[bool]
    checksum: Mapped[str]
    document: Mapped[object]
    holders: Mapped[object]  # groups and people who hold the role
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))


class ProcessRoleRow(Base):
    """Which JobRole governs a process now, by what role documents and the newest diagram say together."""

    __tablename__ = "process_role"

    process_id: Mapped[str] = mapped_column(primary_key=True)
    job_role: Mapped[str]


class ProposalRow(Base):
    """A deployment that changes what anybody may do, until somebody else than its author has decided about it."""

    __tablename__ = "proposal"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str]
    state: Mapped[ProposalState]
    files: Mapped[object]  # path → content, in base 64
    changes: Mapped[object]  # what anybody may do then, in words: what the second person decides about
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    comment: Mapped[str | None]
    deployment_id: Mapped[str | None]  # that it became


class DraftRow(Base):
    __tablename__ = "draft"

    kind: Mapped[ModelKind] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]
    saved_by: Mapped[str]
    saved_at: Mapped[datetime]
