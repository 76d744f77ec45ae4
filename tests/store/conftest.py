"""A migrated, empty database of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from app.store import Store, upgrade
from tests.store.databases import KINDS, fresh_database


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with fresh_database(request.param, tmp_path) as address:
        engine = sqlalchemy.create_engine(address)
        upgrade(engine)
        yield Store(engine)
        engine.dispose()
