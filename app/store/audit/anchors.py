"""Anchors: where all chains that grew ended at a moment, sealed by a digest that follows the anchor before.

A chain alone does not show that its newest records are missing, nor that all of it was written anew. An anchor's digest
that is kept outside does: today's log must still have every end that the anchor names, and every anchor must still have
the digest that was kept. What an anchor seals was verified just before, so the next verification can begin there.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.store.audit.chain import ORIGIN
from app.store.tables import AuditAnchorRow, AuditRecordRow, AuditSealRow, AuditStreamRow


@dataclass(frozen=True, slots=True)
class End:
    """Where one chain ends: so many records, and the hash of the last."""

    stream: str
    count: int
    head: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """`records` are those that came since the anchor before; `digest` covers all of it and the digest before."""

    number: int  # from 1
    at: str  # ISO 8601 in UTC
    streams: int
    records: int
    previous: str
    digest: str

    @classmethod
    def of(cls, row: AuditAnchorRow) -> "Anchor":
        return cls(row.number, row.at, row.streams, row.records, row.previous, row.digest)


def newest_anchor(session: Session) -> Anchor | None:
    row = session.scalars(select(AuditAnchorRow).order_by(AuditAnchorRow.number.desc()).limit(1)).first()
    return None if row is None else Anchor.of(row)


def unsealed(session: Session, limit: int) -> tuple[End, ...]:
    """Where chains end that have grown since they were sealed; no more than `limit` of them."""
    grown = select(AuditStreamRow).where(AuditStreamRow.count > AuditStreamRow.sealed)
    rows = session.scalars(grown.order_by(AuditStreamRow.stream).limit(limit))
    return tuple(End(row.stream, row.count, row.head) for row in rows)


def seal(session: Session, ends: Sequence[End], now: datetime) -> Anchor:
    """Write down an anchor of these ends, which were verified. The caller holds `Lock.ANCHORS`."""
    before = newest_anchor(session)
    number, previous = (before.number + 1, before.digest) if before else (1, ORIGIN)
    at = now.astimezone(UTC).isoformat(timespec="microseconds")
    names = [end.stream for end in ends]
    known = select(func.coalesce(func.sum(AuditStreamRow.sealed), 0)).where(AuditStreamRow.stream.in_(names))
    records = sum(end.count for end in ends) - int(session.scalar(known) or 0)
    sealed = _digest((number, at, len(ends), records, previous), ends)
    anchor = Anchor(number, at, len(ends), records, previous, sealed)
    row = {name: getattr(anchor, name) for name in Anchor.__slots__}
    session.execute(insert(AuditAnchorRow.__table__).values(**row))  # type: ignore[arg-type]
    seals = [
        {"anchor": number, "place": place, "stream": end.stream, "count": end.count, "head": end.head}
        for place, end in enumerate(ends)
    ]
    session.execute(insert(AuditSealRow.__table__), seals)  # type: ignore[arg-type]
    marks = [{"stream": end.stream, "sealed": end.count, "sealed_head": end.head} for end in ends]
    session.execute(update(AuditStreamRow), marks)
    return anchor


def verify_anchors(session: Session) -> tuple[int, str | None]:
    """How many anchors there are, and what is wrong with the first that does not hold."""
    anchors = session.scalars(select(AuditAnchorRow).order_by(AuditAnchorRow.number)).all()
    seals = _seals(session)
    previous = ORIGIN
    for number, row in enumerate(anchors, start=1):
        if row.number != number:
            return len(anchors), f"anchor {number} is missing"
        ends = next(seals, (number, []))
        digest = _digest((number, row.at, row.streams, row.records, previous), ends[1])
        if ends[0] != number or (row.previous, row.digest) != (previous, digest):
            return len(anchors), f"anchor {number}: its content does not have the digest that it carries"
        previous = row.digest
    lost = (
        select(AuditSealRow.anchor, AuditSealRow.stream, AuditSealRow.count)
        .outerjoin(
            AuditRecordRow,
            (AuditRecordRow.stream == AuditSealRow.stream) & (AuditRecordRow.position == AuditSealRow.count),
        )
        .where(or_(AuditRecordRow.hash.is_(None), AuditRecordRow.hash != AuditSealRow.head))
    )
    for anchor, stream, count in session.execute(lost.order_by(AuditSealRow.anchor, AuditSealRow.place).limit(1)):
        return len(anchors), f"anchor {anchor}: record {count} of stream {stream} is not the one that it sealed"
    return len(anchors), None


def _seals(session: Session) -> Iterator[tuple[int, list[End]]]:
    query = select(AuditSealRow.anchor, AuditSealRow.stream, AuditSealRow.count, AuditSealRow.head)
    ordered = query.order_by(AuditSealRow.anchor, AuditSealRow.place).execution_options(yield_per=1000)
    for anchor, rows in groupby(session.execute(ordered), key=lambda row: row.anchor):
        yield anchor, [End(stream, count, head) for _, stream, count, head in rows]


def _digest(anchor: tuple[int, str, int, int, str], ends: Iterable[End]) -> str:
    """Over number, time, streams, records and the digest before, and then over each end."""
    hashed = hashlib.sha256(json.dumps(anchor).encode())
    for end in ends:
        hashed.update(json.dumps([end.stream, end.count, end.head]).encode())
    return hashed.hexdigest()
