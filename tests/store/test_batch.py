"""A batch writes each row once, as it was at the end, and each table with one statement."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select

from app.store import Store
from app.store.batch import Batch
from app.store.tables import FollowUpRow, TaskCandidateRow

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def put(batch: Batch, row_id: str, kind: str = "a") -> None:
    batch.put(FollowUpRow, id=row_id, kind=kind, created_at=NOW, payload={"n": row_id})


def kinds(store: Store) -> dict[str, str]:
    with store.read() as session:
        return {row.id: row.kind for row in session.scalars(select(FollowUpRow))}


def test_a_row_that_is_put_and_changed_is_written_once(store: Store) -> None:
    """The change becomes part of the insert."""
    batch = Batch()
    put(batch, "1")
    batch.change(FollowUpRow, "1", kind="b")
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
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


def test_a_column_that_does_not_exist_is_refused() -> None:
    """At the place where it is named wrongly, and not in the database."""
    with pytest.raises(TypeError, match="inbox_task_candidate"):
        Batch().put(TaskCandidateRow, task_id="1", name="x", colour="red")
