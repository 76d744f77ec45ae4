"""The audit log. What is hashed is text or a whole number, so that it is stored exactly."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base


class AuditStreamRow(Base):
    """The head of one chain: how many records it has and the hash of the newest, so that a cut end shows.

    `sealed` and `sealed_head` are the same as of the newest anchor that names the chain: so far it was verified.
    """

    __tablename__ = "audit_stream"
    __table_args__ = (
        Index(
            "audit_stream_unsealed",
            "stream",
            sqlite_where=text("count > sealed"),
            postgresql_where=text("count > sealed"),
        ),
    )

    stream: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    head: Mapped[str]
    sealed: Mapped[int]
    sealed_head: Mapped[str]


class AuditAnchorRow(Base):
    """One anchor: a digest over the ends of all chains that grew since the anchor before, and over its digest."""

    __tablename__ = "audit_anchor"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    streams: Mapped[int]
    records: Mapped[int]
    previous: Mapped[str]
    digest: Mapped[str]
    kept_at: Mapped[datetime | None]  # when it was last told to whoever keeps it outside


class AuditSealRow(Base):
    """One end that an anchor names."""

    __tablename__ = "audit_seal"

    anchor: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stream: Mapped[str]
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
