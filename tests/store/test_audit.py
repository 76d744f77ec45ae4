"""The audit chain: whatever is changed, taken away or put in afterwards is found, and the record is named."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.ids import new_id
from app.store import Store, audit
from app.store.audit import NewRecord
from app.store.batch import Batch
from app.store.tables import AuditRecordRow, AuditStreamRow
from tests.store.tampering import drop_triggers

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TEXTS = ("id", "stream", "at", "actor", "action", "subject", "detail", "previous_hash", "hash")


@pytest.fixture
def log(store: Store) -> Store:
    """Three records in the stream "system" and two in another, in two transactions; its owner has no scruples."""
    with store.write() as session:
        drop_triggers(session.connection())
    for number in range(2):
        with store.write() as session:
            append(session, [record("system", number), record("case", number)])
    with store.write() as session:
        append(session, [record("system", 2)])
    return store


def append(session: Session, records: list[NewRecord]) -> None:
    batch = Batch()
    audit.append(session, batch, records, NOW, new_id)
    batch.write(session)


def record(stream: str, number: int) -> NewRecord:
    return NewRecord(stream, "anna", "thing.done", f"subject-{number}", '{"amount": 35}')


def ids(store: Store, stream: str) -> list[str]:
    with store.snapshot() as session:
        query = select(AuditRecordRow.id).where(AuditRecordRow.stream == stream).order_by(AuditRecordRow.position)
        return list(session.scalars(query))


def verdict(store: Store) -> audit.Verdict:
    with store.snapshot() as session:
        return audit.verify(session)


def test_an_untouched_log_is_intact(log: Store) -> None:
    """Every record of every stream is checked."""
    found = verdict(log)
    assert (found.broken, found.checked, found.streams) == (None, 5, 2)


@pytest.mark.parametrize("column", TEXTS)
def test_one_changed_byte_in_any_column_names_the_record(log: Store, column: str) -> None:
    """Whether it is content, place, or the chain's own hashes."""
    victim = ids(log, "system")[1]
    with log.write() as session:
        row = session.get_one(AuditRecordRow, victim)
        value = getattr(row, column)
        changed = ("x" if value[0] != "x" else "y") + value[1:]
        session.execute(update(AuditRecordRow).where(AuditRecordRow.id == victim).values({column: changed}))
    assert verdict(log).broken == (changed if column == "id" else victim)


def test_a_changed_position_names_the_record(log: Store) -> None:
    """The only column that is a number."""
    victim = ids(log, "system")[1]
    with log.write() as session:
        session.execute(update(AuditRecordRow).where(AuditRecordRow.id == victim).values(position=9))
    assert verdict(log).broken == victim


@pytest.mark.parametrize("position", [1, 2])
def test_a_record_taken_out_is_missed(log: Store, position: int) -> None:
    """Its successor does not follow any more."""
    _, second, third = ids(log, "system")
    with log.write() as session:
        session.execute(
            delete(AuditRecordRow).where(AuditRecordRow.stream == "system", AuditRecordRow.position == position)
        )
    assert verdict(log).broken == (second if position == 1 else third)


def test_a_cut_end_is_missed(log: Store) -> None:
    """The head of the stream says how many there were."""
    with log.write() as session:
        session.execute(delete(AuditRecordRow).where(AuditRecordRow.id == ids(log, "system")[2]))
    found = verdict(log)
    assert found.broken == "system:3"
    assert "3 records, but 2 are there" in (found.why or "")


def test_a_whole_stream_taken_out_is_missed(log: Store) -> None:
    """Its head is still there; without the head, the records show that it is missing."""
    with log.write() as session:
        session.execute(delete(AuditStreamRow).where(AuditStreamRow.stream == "case"))
    assert verdict(log).broken == "case:1"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_in_pieces_the_log_is_read_once(log: Store, size: int) -> None:
    """Several processes share the streams; together they see each record, and the one that is broken."""
    with log.write() as session:
        append(session, [record(f"case-{number}", number) for number in range(4)])
    with log.snapshot() as session:
        pieces = audit.parts(session, size)
        whole = audit.first_problem([audit.verify(session, piece) for piece in pieces])
    assert (whole.broken, whole.checked, whole.streams) == (None, 9, 6)
    victim = ids(log, "case-2")[0]
    with log.write() as session:
        session.execute(update(AuditRecordRow).where(AuditRecordRow.id == victim).values(actor="nobody"))
    with log.snapshot() as session:
        assert audit.first_problem([audit.verify(session, piece) for piece in pieces]).broken == victim


@pytest.mark.parametrize("change", ["UPDATE audit_record SET actor = 'nobody'", "DELETE FROM audit_record"])
def test_the_database_itself_refuses_changes(store: Store, change: str) -> None:
    """Nobody changes or deletes a record by accident, or with the platform's own rights to rows."""
    with store.write() as session:
        append(session, [record("system", 1)])
    with pytest.raises(DBAPIError, match="append-only"), store.write() as session:
        session.execute(text(change))
    assert verdict(store).checked == 1


def test_bytes_in_the_file_count_too(log: Store) -> None:
    """A change below SQLAlchemy, as somebody with the database's own tool would make it."""
    victim = ids(log, "case")[0]
    with log.write() as session:
        session.execute(
            text("UPDATE audit_record SET detail = replace(detail, '35', '36') WHERE id = :id"), {"id": victim}
        )
    assert verdict(log).broken == victim
