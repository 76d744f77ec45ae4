"""The migrations make exactly the tables that the code expects."""

import threading
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from app.store import Base, Store, is_current, upgrade
from app.store.migrations import config_of

DESCENDING = frozenset({"inbox_task_open", "inbox_task_assigned", "inbox_task_offered"})


def _is_comparable(_item: object, name: str | None, kind: str, _reflected: object, _other: object) -> bool:
    """SQLite does not tell the direction of an index's columns: these are compared by name."""
    return kind != "index" or name not in DESCENDING


def test_the_migrated_schema_is_the_declared_one(store: Store) -> None:
    """Autogeneration finds nothing that is left to do."""
    with store.engine.connect() as connection:
        options = {"include_object": _is_comparable} if store.is_sqlite else {}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []
        there = {index["name"] for table in Base.metadata.tables for index in inspect(connection).get_indexes(table)}
        assert there >= {index.name for table in Base.metadata.tables.values() for index in table.indexes}
    assert is_current(store.engine)


def test_upgrading_again_changes_nothing(store: Store) -> None:
    """Also when several processes do it at the same moment."""
    address = store.engine.url.render_as_string(hide_password=False)
    threads = [threading.Thread(target=upgrade, args=(address,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(inspect(store.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_versions_are_named_by_words(tmp_path: Path) -> None:
    """An upgrade says what it has done in words, from an empty database and from an older version; then nothing."""
    engine = create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
    first = upgrade(engine)
    assert first.before is None
    assert first.taken[:2] == ("baseline", "transitions of user tasks")
    assert not any(character.isdigit() for word in first.taken for character in word)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(text(f'DROP TABLE IF EXISTS "{table.name}"'))
    command.upgrade(config_of(engine), "0003")
    older = upgrade(engine)
    assert older.before == "starts together"
    assert older.taken == first.taken[3:]
    assert upgrade(engine).taken == ()
    engine.dispose()
