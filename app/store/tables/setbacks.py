"""Due things that failed."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base
from app.store.states import DueKind


class SetbackRow(Base):
    """That a due thing could not be done; gone as soon as it can. `subject` is the id of what is due."""

    __tablename__ = "setback"

    kind: Mapped[DueKind] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]  # in a row
    message: Mapped[str]
    first_at: Mapped[datetime]
    incident_id: Mapped[str | None] = mapped_column(index=True)  # on the instance that it is about
    retry_at: Mapped[datetime | None] = mapped_column(index=True)  # NULL: given up, until somebody asks for it
