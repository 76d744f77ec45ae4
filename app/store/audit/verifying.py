"""The proof that no record was changed, taken away or put in, and no evidence: every hash is computed again.

The chains are read in the order of their streams, each record together with what its chain's row says, so that a log
of any size needs the memory of one record. `parts` cuts it into pieces that several processes can read at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from app.store.audit.chain import HASHED, ORIGIN, digest
from app.store.audit.sealing import Seals
from app.store.tables import AuditRecordRow, AuditStreamRow, InstanceRow

AT_A_TIME = 1000
_RECORD = AuditRecordRow.__table__.c
_CHAIN = AuditStreamRow.__table__.c


@dataclass(frozen=True, slots=True)
class Streams:
    """A piece of the log: the streams from `first` to before `end`; None is no bound."""

    first: str | None = None
    end: str | None = None

    def within(self, column: ColumnElement[str] | InstrumentedAttribute[str]) -> tuple[ColumnElement[bool], ...]:
        bounds = []
        if self.first is not None:
            bounds.append(column >= self.first)
        if self.end is not None:
            bounds.append(column < self.end)
        return tuple(bounds)


ALL = Streams()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken` names the first broken record: its id, or stream and position of one that is missing."""

    checked: int
    streams: int
    broken: str | None = None
    why: str | None = None


def parts(session: Session, streams: int) -> tuple[Streams, ...]:
    """The log in pieces of so many streams, the last one of fewer."""
    numbered = select(_CHAIN.stream, func.row_number().over(order_by=_CHAIN.stream).label("number")).subquery()
    first = select(numbered.c.stream).where(numbered.c.number % streams == 1 % streams, numbered.c.number > 1)
    bounds = [None, *session.scalars(first.order_by(numbered.c.number)), None]
    return tuple(Streams(first, end) for first, end in pairwise(bounds))


def verify(session: Session, part: Streams = ALL, *, unsealed_only: bool = False) -> Verdict:
    """Recompute the chains of this part, and compare the evidence that they seal.

    A record that was changed is named before a neighbour whose link it breaks, and before evidence.

    With `unsealed_only` only what came after the last anchor is read: it has to continue the ends that are sealed.
    """
    checked = 0
    suspicion: tuple[str, str] | None = None
    chain = _Chain("", 0, ORIGIN)
    seals = Seals()
    for row in _rows(session, part, unsealed_only=unsealed_only):
        checked += 1
        record, stream, position = row[:3]
        previous, hash_, count, head, sealed, sealed_head = row[len(HASHED) - 1 :]
        if digest(row[: len(HASHED)]) != hash_:
            why = f"stream {stream}, record {position}: its content does not have the hash that it carries"
            return Verdict(checked, _count(session, part), record, why)
        if stream != chain.stream:
            suspicion = suspicion or chain.end_that_differs()
            if len(seals) >= AT_A_TIME:
                suspicion = suspicion or next(seals.differences(session), None)
                seals = Seals()
            chain = _Chain(stream, sealed, sealed_head) if unsealed_only else _Chain(stream, 0, ORIGIN)
            chain.count, chain.head = count, head
        suspicion = suspicion or chain.follow(record, position, previous, hash_)
        seals.add(stream, position, row[HASHED.index("detail")])
    suspicion = suspicion or chain.end_that_differs() or _without_records(session, part, unsealed_only=unsealed_only)
    suspicion = suspicion or next(seals.differences(session), None)
    return Verdict(checked, _count(session, part), *(suspicion or ()))


class _Chain:
    """One stream while it is read: where it stands, and what its row says about its end."""

    __slots__ = ("count", "head", "position", "previous", "stream")

    def __init__(self, stream: str, position: int, previous: str) -> None:
        self.stream, self.position, self.previous = stream, position, previous
        self.count: int | None = position
        self.head: str | None = previous

    def follow(self, record: str, position: int, previous: str, hash_: str) -> tuple[str, str] | None:
        before, self.position = self.position, position
        expected, self.previous = self.previous, hash_
        if position != before + 1:
            return record, f"stream {self.stream}: records are missing between {before} and {position}"
        if previous != expected:
            return record, f"stream {self.stream}, record {position}: it does not follow its predecessor"
        return None

    def end_that_differs(self) -> tuple[str, str] | None:
        if self.count is None:
            return f"{self.stream}:1", f"stream {self.stream}: it has records, but its head is missing"
        if (self.count, self.head) != (self.position, self.previous):
            missing = f"{self.stream}:{self.position + 1}"
            return missing, f"stream {self.stream}: its head says {self.count} records, but {self.position} are there"
        return None


def _rows(session: Session, part: Streams, *, unsealed_only: bool) -> Iterator[tuple[Any, ...]]:
    said = (_CHAIN.count, _CHAIN.head, _CHAIN.sealed, _CHAIN.sealed_head)
    query = select(*(_RECORD[name] for name in HASHED), _RECORD.hash, *said)
    query = query.join_from(
        AuditRecordRow, AuditStreamRow, _CHAIN.stream == _RECORD.stream, isouter=not unsealed_only
    ).where(*part.within(_RECORD.stream))
    if unsealed_only:
        query = query.where(_CHAIN.count > _CHAIN.sealed, _RECORD.position > _CHAIN.sealed)
    ordered = query.order_by(_RECORD.stream, _RECORD.position)
    for row in session.execute(ordered.execution_options(yield_per=AT_A_TIME)):
        yield tuple(row)


def _without_records(session: Session, part: Streams, *, unsealed_only: bool) -> tuple[str, str] | None:
    """A chain whose end is not there at all, or an instance without a chain."""
    end = (_RECORD.stream == _CHAIN.stream, _RECORD.position == _CHAIN.count)
    cut = select(_CHAIN.stream, _CHAIN.count).where(*part.within(_CHAIN.stream), _CHAIN.count > 0)
    if unsealed_only:
        cut = cut.where(_CHAIN.count > _CHAIN.sealed)
    cut = cut.where(~select(_RECORD.id).where(*end).exists()).order_by(_CHAIN.stream).limit(1)
    for stream, count in session.execute(cut):
        return f"{stream}:{count}", f"stream {stream}: its head says {count} records, but the last of them is not there"
    if unsealed_only:
        return None
    bare = select(InstanceRow.id).where(~select(AuditStreamRow).where(AuditStreamRow.stream == InstanceRow.id).exists())
    missing = session.scalar(bare.where(*part.within(InstanceRow.id)).order_by(InstanceRow.id).limit(1))
    return None if missing is None else (f"{missing}:1", f"stream {missing}: a process instance without its records")


def _count(session: Session, part: Streams) -> int:
    counted = session.scalar(select(func.count()).select_from(AuditStreamRow).where(*part.within(_CHAIN.stream)))
    return counted or 0


def first_problem(verdicts: Sequence[Verdict]) -> Verdict:
    """What several parts found, as one."""
    checked = sum(verdict.checked for verdict in verdicts)
    streams = sum(verdict.streams for verdict in verdicts)
    broken = next((verdict for verdict in verdicts if verdict.broken is not None), None)
    return Verdict(checked, streams, *((broken.broken, broken.why) if broken else ()))
