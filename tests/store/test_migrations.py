"""The migrations make exactly the tables that the code expects."""

import threading

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from app.store import Base, Store, is_current, upgrade


def test_the_migrated_schema_is_the_declared_one(store: Store) -> None:
    """Autogeneration finds nothing that is left to do."""
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
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
