"""A platform on each database, with a ledger to act on and people to decide."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.roles import Ungoverned
from app.runtime import SYSTEM, Actor, PlatformRole
from app.testing import Platform
from tests.runtime.ledger import Ledger
from tests.store.databases import KINDS, fresh_database

PEOPLE = {"anna": ["clerks"], "ben": ["clerks"], "femi": ["leads"], "olaf": []}


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture(params=KINDS)
def platform(request: pytest.FixtureRequest, tmp_path: Path, ledger: Ledger) -> Iterator[Platform]:
    """Nothing but a company that allows what no role governs is deployed yet. Everything that happens here happens on
    SQLite and on PostgreSQL.
    """
    with (
        fresh_database(request.param, tmp_path) as address,
        Platform([], ledger.handlers(), people=PEOPLE, database=address, ungoverned=Ungoverned.ALLOW) as platform,
    ):
        yield platform


@pytest.fixture
def admin(platform: Platform) -> Actor:
    person = platform.runtime.people.create(SYSTEM, "carla", None, roles=[PlatformRole.ADMIN])
    return platform.runtime.people.actor(person)
