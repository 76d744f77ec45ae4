"""People and what they may do."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base


class PersonRow(Base):
    __tablename__ = "person"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)  # the sign-in name
    display_name: Mapped[str]
    password_hash: Mapped[str | None]
    roles: Mapped[object]  # list of platform roles
    groups: Mapped[object]  # list of group names beside the JobRoles held
    active: Mapped[bool]
    created_at: Mapped[datetime]
