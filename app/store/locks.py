"""Locks that are about no row: whoever asks second waits until the transaction of whoever asked first has ended.

SQLite needs none: BEGIN IMMEDIATE lets one transaction write at a time.
"""

from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

_OURS = 0x6261_696C  # any number that is ours: PostgreSQL's advisory locks are shared by all of a database


class Lock(IntEnum):
    DEPLOYMENT = 1  # which version of a model is the latest
    SWITCHES = 2  # which switches are set


def hold_limit(session: Session, limit: str) -> None:
    """Hold the use of a limit of this name until the transaction ends: what is counted stays the count till then."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(limit, _OURS))))


def hold(session: Session, lock: Lock) -> None:
    """Hold the lock until the transaction ends. Nothing read before is held to be true by it: ask for it first."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_OURS, int(lock))))
