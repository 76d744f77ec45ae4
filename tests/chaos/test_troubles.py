"""Redis, PostgreSQL and processes in trouble while money moves: all happens once, and nobody is deaf afterwards."""

from pathlib import Path

import pytest

from tests.chaos.driver import driver
from tests.chaos.private_postgres import private_postgres
from tests.chaos.strikes import Strike
from tests.chaos.troubles import Troubles
from tests.worker.private_redis import private_redis


@pytest.mark.postgres
@pytest.mark.redis
def test_work_goes_on_through_every_trouble(tmp_path: Path) -> None:
    """While each lasts and after it: orders accepted = effects = orders completed, and the audit log is intact."""

    def report(_kills: int, strike: Strike) -> None:
        raise AssertionError(f"nobody is killed here, but {strike}")

    with private_redis(tmp_path) as redis, private_postgres() as postgres:
        if redis is None or postgres is None:
            pytest.skip("no redis-server or no PostgreSQL server is installed here")
        with driver(tmp_path, postgres.address, redis.url, report) as chaos:
            verdict = chaos.endure(Troubles(redis, postgres))
    assert verdict.problems == ()
    assert verdict.effects == 3 * verdict.orders > 0
