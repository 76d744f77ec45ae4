"""Which of the database's errors mean that it cannot be had now: away, full, locked, read-only. All others are bugs."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy.exc

from app.errors import Unavailable

_SQLITE = {  # by primary result code
    sqlite3.SQLITE_BUSY: "it is locked",
    sqlite3.SQLITE_LOCKED: "it is locked",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_IOERR: "its disk does not answer",
    sqlite3.SQLITE_FULL: "its disk is full",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
}
_POSTGRES = {  # by class of SQLSTATE
    "08": "the connection to it was lost",
    "25": "it is read-only",
    "40": "others held what was needed",
    "53": "its disk, its memory or its connections are used up",
    "55": "others held what was needed",
    "57": "it is shutting down or starting",
    "58": "its machine is in trouble",
}


@contextmanager
def noticing() -> Iterator[None]:
    """Raise `Unavailable` in place of an error that says so."""
    try:
        yield
    except (sqlalchemy.exc.DBAPIError, sqlalchemy.exc.TimeoutError) as error:
        reason = why(error)
        if reason is None:
            raise
        raise Unavailable(f"Expected the database to answer, but {reason}. Nothing was changed; try again.") from error


def why(error: sqlalchemy.exc.SQLAlchemyError) -> str | None:
    """Why the database cannot be had, if that is what the error says."""
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return "every connection to it is in use"
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        return None if code is None else _SQLITE.get(code & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return _POSTGRES.get(state[:2])
    return "it is away" if isinstance(error, sqlalchemy.exc.OperationalError | sqlalchemy.exc.InterfaceError) else None
