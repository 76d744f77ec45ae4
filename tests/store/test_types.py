"""What is written comes back as it was, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy.exc import StatementError

from app.store import Store
from app.store.states import ModelKind
from app.store.tables import DraftRow, FollowUpRow

NOW = datetime(2026, 1, 5, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "ä\n\u2028\U0001f600",
        Decimal("0.1"),
        Decimal("12345678901234567890.123456789"),
        [Decimal(1), [], {}],
        {"a": {"b": None}},
    ],
)
def test_json_keeps_every_digit(store: Store, value: object) -> None:
    """Null, text of any script, and numbers that no float could hold."""
    with store.write() as session:
        session.add(FollowUpRow(id="1", kind="x", created_at=NOW, payload=value))
    with store.read() as session:
        found = session.get_one(FollowUpRow, "1").payload
    assert found == value
    assert type(found) is type(value)


def test_moments_keep_their_instant(store: Store) -> None:
    """In UTC, to the microsecond, whatever zone they came in."""
    berlin = timezone(timedelta(hours=1))
    with store.write() as session:
        session.add(FollowUpRow(id="1", kind="x", created_at=NOW.astimezone(berlin), payload=None))
    with store.read() as session:
        found = session.get_one(FollowUpRow, "1").created_at
    assert (found, found.tzinfo) == (NOW, UTC)


def test_a_moment_without_zone_is_refused(store: Store) -> None:
    """Nobody could say when it is."""
    with pytest.raises(StatementError, match="aware"), store.write() as session:
        session.add(FollowUpRow(id="1", kind="x", created_at=NOW.replace(tzinfo=None), payload=None))


def test_an_enum_is_kept_as_its_value(store: Store) -> None:
    """What the database holds can be read without the code."""
    with store.write() as session:
        session.add(DraftRow(kind=ModelKind.BPMN, name="x", content=b"", saved_by="dora", saved_at=NOW))
    with store.read() as session:
        assert session.connection().exec_driver_sql("SELECT kind FROM draft").scalar() == "bpmn"
        assert session.get_one(DraftRow, (ModelKind.BPMN, "x")).kind is ModelKind.BPMN
