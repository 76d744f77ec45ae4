"""The audit chain: append-only records, each with the hash of itself and of its predecessor, one chain per stream.

A stream is a process instance (by id) or "system". Chains of their own need no lock that is shared by all instances
(see docs/adr/0011). A chain's row keeps its length and its head, so that a cut end shows as well.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.batch import Batch
from app.store.tables import AuditRecordRow, AuditStreamRow, InstanceRow

SYSTEM_STREAM = "system"
ORIGIN = "0" * 64  # what the first record of a chain has as its predecessor
Head = tuple[int, str]  # how many records a chain has, and the hash of the newest
BEGINNING: Head = (0, ORIGIN)
NOTHING_KNOWN: Mapping[str, Head] = {}
_HASHED = ("id", "stream", "position", "at", "actor", "action", "subject", "detail", "previous_hash")


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What is to be recorded; `detail` is JSON text."""

    stream: str
    actor: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    checked: int
    streams: int
    head: str
    broken: str | None = None
    why: str | None = None


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
            head = row["hash"] = digest(row)
            batch.put(AuditRecordRow, **row)
        if stream in begun:
            batch.put(AuditStreamRow, stream=stream, count=position, head=head)
        else:
            batch.change(AuditStreamRow, stream, count=position, head=head)


def digest(row: dict[str, object]) -> str:
    """SHA-256 over every column, as a JSON list, so that no two rows look alike."""
    return hashlib.sha256(json.dumps([row[name] for name in _HASHED], ensure_ascii=False).encode()).hexdigest()


def verify(session: Session) -> Verdict:
    """Recompute every chain. A record that was changed is named before a neighbour whose link it breaks."""
    streams = session.execute(select(AuditStreamRow.stream, AuditStreamRow.count, AuditStreamRow.head))
    heads = {stream: (count, head) for stream, count, head in streams}
    checked = 0
    suspicion: tuple[str, str] | None = None
    ends: dict[str, tuple[int, str]] = {}
    for row in _rows(session):
        checked += 1
        if digest(row) != row["hash"]:
            why = (
                f"stream {row['stream']}, record {row['position']}: its content does not have the hash that it carries"
            )
            return Verdict(checked, len(heads), "", str(row["id"]), why)
        stream = str(row["stream"])
        position, head = ends.get(stream, (0, ORIGIN))
        if suspicion is None and row["position"] != position + 1:
            suspicion = str(row["id"]), f"stream {stream}: records are missing between {position} and {row['position']}"
        if suspicion is None and row["previous_hash"] != head:
            suspicion = str(row["id"]), f"stream {stream}, record {row['position']}: it does not follow its predecessor"
        ends[stream] = int(str(row["position"])), str(row["hash"])
    suspicion = suspicion or _ends_that_differ(session, heads, ends)
    total = hashlib.sha256(json.dumps(sorted(ends.items())).encode()).hexdigest()
    return Verdict(checked, len(heads), total, *(suspicion or ()))


def _ends_that_differ(
    session: Session, heads: dict[str, tuple[int, str]], ends: dict[str, tuple[int, str]]
) -> tuple[str, str] | None:
    for stream in sorted(heads.keys() | ends.keys()):
        count, head = heads.get(stream, (None, None))
        end = ends.get(stream, (0, ORIGIN))
        if count is None:
            return f"{stream}:1", f"stream {stream}: it has records, but its head is missing"
        if (count, head) != end:
            return f"{stream}:{end[0] + 1}", f"stream {stream}: its head says {count} records, but {end[0]} are there"
    bare = select(InstanceRow.id).where(~select(AuditStreamRow).where(AuditStreamRow.stream == InstanceRow.id).exists())
    missing = session.scalar(bare.order_by(InstanceRow.id).limit(1))
    return None if missing is None else (f"{missing}:1", f"stream {missing}: a process instance without its records")


def _rows(session: Session) -> Iterator[dict[str, object]]:
    table = AuditRecordRow.__table__
    result = session.execute(select(table).order_by(table.c.stream, table.c.position).execution_options(yield_per=1000))
    for row in result.mappings():
        yield dict(row)


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
        fresh = [{"stream": stream, "count": 0, "head": ORIGIN} for stream in missing]
        session.execute(dialect.insert(AuditStreamRow).on_conflict_do_nothing(), fresh)
        heads = {stream: (count, head) for stream, count, head in session.execute(query)}
    return heads
