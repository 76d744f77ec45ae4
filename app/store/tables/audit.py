"""The audit log. Every column is text or a whole number, so that what was hashed is exactly what is stored."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base


class AuditStreamRow(Base):
    """The head of one chain: how many records it has and the hash of the newest, so that a cut end shows."""

    __tablename__ = "audit_stream"

    stream: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    head: Mapped[str]


class AuditRecordRow(Base):
    __tablename__ = "audit_record"
    __table_args__ = (
        UniqueConstraint("stream", "position", name="audit_record_position"),
        Index("audit_record_order", "at", "stream", "position"),
        Index("audit_record_by_actor", "actor", "at", "stream", "position"),
        Index("audit_record_by_action", "action", "at", "stream", "position"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    stream: Mapped[str]
    position: Mapped[int]
    at: Mapped[str]  # ISO 8601 in UTC with microseconds, always 32 characters, so that it sorts
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]  # JSON
    previous_hash: Mapped[str]
    hash: Mapped[str]
