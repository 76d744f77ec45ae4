"""A batch writes each row once, as it was at the end: on PostgreSQL all of them with one statement."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import event, inspect, select

from app.store import Store
from app.store.batch import Batch
from app.store.tables import FollowUpRow, PersonRow, SessionRow, TaskCandidateRow

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def put(batch: Batch, row_id: str, kind: str = "a") -> None:
    batch.put(FollowUpRow, id=row_id, kind=kind, created_at=NOW, payload={"n": row_id})


def kinds(store: Store) -> dict[str, str]:
    with store.read() as session:
        return {row.id: row.kind for row in session.scalars(select(FollowUpRow))}


def written(store: Store) -> list[str]:
    """The statements from now on, as they are sent."""
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    return statements


def test_a_row_that_is_put_and_changed_is_written_once(store: Store) -> None:
    """The change becomes part of the insert."""
    batch = Batch()
    put(batch, "1")
    batch.change(FollowUpRow, "1", kind="b")
    statements = written(store)
    with store.write() as session:
        batch.write(session)
    assert kinds(store) == {"1": "b"}
    assert sum(each.startswith("INSERT") for each in statements) == 1
    assert not any(each.startswith("UPDATE") for each in statements)


def test_rows_of_earlier_transactions_are_changed(store: Store) -> None:
    """Different columns of different rows in one go."""
    with store.write() as session:
        batch = Batch()
        for row_id in ("1", "2", "3"):
            put(batch, row_id)
        batch.write(session)
    with store.write() as session:
        batch.change(FollowUpRow, "1", kind="b")
        batch.change(FollowUpRow, "2", kind="c", payload=None)
        batch.change(FollowUpRow, ("3",), kind="b")
        batch.write(session)
    assert kinds(store) == {"1": "b", "2": "c", "3": "b"}


def test_rows_are_found_by_other_columns_and_removed(store: Store) -> None:
    """`change_where` changes all of them, `remove` takes away by key, and what was put and removed is never written."""
    batch = Batch()
    for row_id, kind in (("1", "a"), ("2", "a"), ("3", "b")):
        put(batch, row_id, kind)
    with store.write() as session:
        batch.write(session)
    put(batch, "4")
    batch.remove(FollowUpRow, "4")
    batch.remove(FollowUpRow, ("3",))
    batch.change_where(FollowUpRow, {"kind": "a"}, payload="changed")
    with store.write() as session:
        batch.write(session)
        payloads = {row.id: row.payload for row in session.scalars(select(FollowUpRow))}
    assert payloads == {"1": "changed", "2": "changed"}


def test_everything_is_one_statement_where_there_is_a_network(store: Store) -> None:
    """Parents and children, new rows, changed ones and removed ones go together to PostgreSQL."""
    batch = Batch()
    for row_id in ("1", "2", "3"):
        put(batch, row_id)
    with store.write() as session:
        batch.write(session)
    person = {"name": "anna", "display_name": "Ärger 'Anna' \\ %(x)s", "roles": ["a"], "groups": [], "active": True}
    batch.put(SessionRow, id="s", person_id="p", kind="page", client="", opened_at=NOW, expires_at=NOW)
    batch.put(PersonRow, id="p", created_at=NOW, **person)
    put(batch, "4")
    batch.change(FollowUpRow, "1", kind="b")
    batch.change(FollowUpRow, "2", payload={"amount": Decimal("1.10")})
    batch.remove(FollowUpRow, "3")
    statements = written(store)
    with store.write() as session:
        batch.write(session)
    assert len([each for each in statements if not each.startswith("BEGIN")]) == (6 if store.is_sqlite else 1)
    with store.read() as session:
        row = session.get_one(PersonRow, "p")
        assert {name: getattr(row, name) for name in person} == person
        assert row.created_at == NOW
        assert row.password_hash is None
        assert session.get_one(FollowUpRow, "2").payload == {"amount": Decimal("1.10")}
    assert kinds(store) == {"1": "b", "2": "a", "4": "a"}


def test_objects_of_the_session_are_adopted(store: Store) -> None:
    """New and changed ones are written by the batch, with what is changed in them afterwards."""
    with store.write() as session:
        batch = Batch()
        put(batch, "1")
        batch.write(session)
    with store.write() as session:
        new = FollowUpRow(id="2", kind="a", created_at=NOW, payload=None)
        session.add(new)
        old = session.get_one(FollowUpRow, "1")
        old.kind = "b"
        old.payload = {"n": "1"}  # as it was
        batch.adopt(session)
        new.kind = "c"
        batch.change(FollowUpRow, "1", kind="d")
        batch.adopt(session)
        assert not inspect(old).modified
        statements = written(store)
        batch.write(session)
        session.flush()
        assert len(statements) == (2 if store.is_sqlite else 1)
        assert not any("payload =" in each for each in statements)
    assert kinds(store) == {"1": "d", "2": "c"}


def test_a_column_that_does_not_exist_is_refused() -> None:
    """At the place where it is named wrongly, and not in the database."""
    with pytest.raises(TypeError, match="inbox_task_candidate"):
        Batch().put(TaskCandidateRow, task_id="1", name="x", colour="red")
