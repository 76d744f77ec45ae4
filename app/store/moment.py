"""The database's own clock, which all processes of an installation share."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def moment(session: Session) -> datetime:
    """Now, says the database; SQLite has no clock but its host's, which every process on it has too."""
    if session.get_bind().dialect.name != "postgresql":
        return datetime.now(UTC)
    found = session.scalar(select(func.clock_timestamp()))
    if not isinstance(found, datetime):
        raise TypeError(f"Expected a moment from the database, but found {found!r}.")
    return found.astimezone(UTC)
