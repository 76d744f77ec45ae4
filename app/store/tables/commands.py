"""Commands that a program gave under a key of its own."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base


class CommandReceiptRow(Base):
    """That a command was carried out: written in its own transaction. `status` and `answer` follow after it."""

    __tablename__ = "command_receipt"
    __table_args__ = (Index("command_receipt_age", "at"),)

    person_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]  # of what was asked
    at: Mapped[datetime]
    status: Mapped[int | None]
    answer: Mapped[str | None]
