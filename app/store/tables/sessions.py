"""Sign-in sessions, kept on the server so that each can be ended from here."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base


class SessionRow(Base):
    """`id` is the SHA-256 of the secret that the browser or the API client holds: a stolen table signs nobody in."""

    __tablename__ = "sign_in_session"

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]  # page or token
    client: Mapped[str]  # what the browser calls itself, for the person's own list
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
