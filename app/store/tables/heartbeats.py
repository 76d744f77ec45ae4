"""Heartbeats: which processes are alive, by the database's own clock."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base
from app.store.states import ProcessKind


class HeartbeatRow(Base):
    """One process that works on this database, until it says farewell or was silent for long."""

    __tablename__ = "heartbeat"
    __table_args__ = (Index("heartbeat_seen", "kind", "seen_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[ProcessKind]
    host: Mapped[str]
    process_number: Mapped[int]
    types: Mapped[object]  # of jobs that it does; of a worker
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    offset_milliseconds: Mapped[int]  # how far its clock is ahead of the database's
