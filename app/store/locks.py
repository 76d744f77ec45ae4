"""Locks that are about no row: whoever asks second waits until the transaction of whoever asked first has ended.

SQLite needs none: BEGIN IMMEDIATE lets one transaction write at a time.
"""

from collections.abc import Iterable
from enum import IntEnum
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

_OURS = 0x6261_696C  # any number that is ours: PostgreSQL's advisory locks are shared by all of a database


class Lock(IntEnum):
    DEPLOYMENT = 1  # which version of a model is the latest
    SWITCHES = 2  # which switches are set
    STARTS = 3  # of a process: what is remembered for its start events, and who waits behind its event-based gateways
    LIMITS = 4  # of an action of a role: how much of its limits is used
    ANCHORS = 5  # which anchor of the audit log is the newest


def hold(session: Session, lock: Lock) -> None:
    """Hold the lock until the transaction ends. Nothing read before is held to be true by it: ask for it first."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_OURS, int(lock))))


def hold_of(session: Session, lock: Lock, names: Iterable[str]) -> None:
    """Hold this lock of each of these names, like `hold`. Ask once, for all at once: they are taken in one order."""
    if session.get_bind().dialect.name == "postgresql":
        for number in sorted({_number(name) for name in names}):
            session.execute(select(func.pg_advisory_xact_lock(_OURS + int(lock), number)))


def _number(name: str) -> int:
    """Four bytes for PostgreSQL. Two names with one number wait for each other without need, and that is all."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], signed=True)
