"""The audit chain: append-only records, each with the hash of itself and of its predecessor, one chain per stream.

A stream is a process instance (by id) or "system". Chains of their own need no lock that is shared by all instances
(see docs/adr/0011). A chain's row keeps its length and its head, so that a cut end shows as well.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.batch import Batch
from app.store.tables import AuditRecordRow, AuditStreamRow

SYSTEM_STREAM = "system"
ORIGIN = "0" * 64  # what the first record of a chain has as its predecessor
Head = tuple[int, str]  # how many records a chain has, and the hash of the newest
BEGINNING: Head = (0, ORIGIN)
NOTHING_KNOWN: Mapping[str, Head] = {}
HASHED = ("id", "stream", "position", "at", "actor", "action", "subject", "detail", "previous_hash")  # in this order
_as_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What is to be recorded; `detail` is JSON text."""

    stream: str
    actor: str
    action: str
    subject: str
    detail: str


def append(
    session: Session,
    batch: Batch,
    records: Iterable[NewRecord],
    now: datetime,
    new_id: Callable[[], str],
    *,
    known: Mapping[str, Head] = NOTHING_KNOWN,
) -> None:
    """Add records to the ends of their chains, by the batch; locks those chains until the transaction ends.

    `known` are ends that nobody else can move now, because the transaction holds the lock of their process instance;
    the end BEGINNING is that of a stream which this transaction begins.
    """
    by_stream: dict[str, list[NewRecord]] = {}
    for record in records:
        by_stream.setdefault(record.stream, []).append(record)
    if not by_stream:
        return
    heads = {stream: end for stream, end in known.items() if stream in by_stream}
    begun = {stream for stream, end in heads.items() if end == BEGINNING}
    heads.update(_lock(session, sorted(by_stream.keys() - heads.keys())))
    for stream, added in by_stream.items():
        position, head = heads[stream]
        for record in added:
            position += 1
            row: dict[str, object] = {
                "id": new_id(),
                "stream": stream,
                "position": position,
                "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor": record.actor,
                "action": record.action,
                "subject": record.subject,
                "detail": record.detail,
                "previous_hash": head,
            }
            head = row["hash"] = digest([row[name] for name in HASHED])
            batch.put(AuditRecordRow, **row)
        if stream in begun:
            batch.put(AuditStreamRow, stream=stream, count=position, head=head, sealed=0, sealed_head=ORIGIN)
        else:
            batch.change(AuditStreamRow, stream, count=position, head=head)


def digest(columns: Sequence[object]) -> str:
    """SHA-256 over a record's columns `HASHED`, as a JSON list, so that no two rows look alike."""
    return hashlib.sha256(_as_json(columns).encode()).hexdigest()


def _lock(session: Session, streams: list[str]) -> dict[str, tuple[int, str]]:
    """Count and head of each chain, locked; a chain that does not exist begins."""
    if not streams:
        return {}
    query = (
        select(AuditStreamRow.stream, AuditStreamRow.count, AuditStreamRow.head)
        .where(AuditStreamRow.stream.in_(streams))
        .order_by(AuditStreamRow.stream)
        .with_for_update()
    )
    heads = {stream: (count, head) for stream, count, head in session.execute(query)}
    if missing := [stream for stream in streams if stream not in heads]:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        fresh = [
            {"stream": stream, "count": 0, "head": ORIGIN, "sealed": 0, "sealed_head": ORIGIN} for stream in missing
        ]
        session.execute(dialect.insert(AuditStreamRow).on_conflict_do_nothing(), fresh)
        heads = {stream: (count, head) for stream, count, head in session.execute(query)}
    return heads
