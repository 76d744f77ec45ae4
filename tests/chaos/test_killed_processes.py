"""A short run of what ``make chaos`` does a thousand times: web, worker and clock are killed while money moves."""

import os
from pathlib import Path

import pytest

from app.runtime.transaction.faults import POINTS
from tests.chaos.driver import driver
from tests.chaos.strikes import PARTS, REACHED, Strike, every_point, plan

SEED = 20261121
REDIS = os.environ.get("BAILIWICK_TEST_REDIS_URL", "")
FILES = ("sqlite", "")
SERVICES = pytest.param(
    "postgresql",
    REDIS,
    marks=[
        pytest.mark.postgres,
        pytest.mark.redis,
        pytest.mark.skipif(not REDIS, reason="no Redis answers here"),
    ],
)


@pytest.mark.parametrize(("database", "broker_url"), [FILES, SERVICES], ids=["files", "services"])
def test_everything_happens_once_whoever_is_killed(tmp_path: Path, database: str, broker_url: str) -> None:
    """Killed at every named point and from outside: no instance stuck, no effect lost or doubled, the log intact."""
    strikes = every_point(SEED)
    print(f"seed {SEED}")

    def report(kills: int, strike: Strike) -> None:
        print(f"{kills:3} {strike}", flush=True)

    with driver(tmp_path, database, broker_url, report) as chaos:
        verdict = chaos.run(strikes)
    print(verdict)
    assert verdict.problems == ()
    assert verdict.kills == len(strikes)
    assert verdict.effects == 3 * verdict.orders > 0


def test_what_cost_three_workers_goes_on_when_an_operator_says_so(tmp_path: Path) -> None:
    """Killed again and again before it does anything, a job becomes an incident; retried, it is done once."""
    strikes = [Strike("worker", "before-handler", 1)] * 3
    with driver(tmp_path, *FILES, lambda kills, strike: print(kills, strike, flush=True)) as chaos:
        chaos.open_orders = 1  # so that they all hit the same job
        verdict = chaos.run(strikes)
    print(verdict)
    assert verdict.problems == ()
    assert verdict.kills == len(strikes)
    assert chaos.given_up > 0
    assert verdict.effects == 3 * verdict.orders > 0


def test_no_point_is_forgotten() -> None:
    """A point that is added to the platform has to find a process here that passes it."""
    assert {point for points in REACHED.values() for point in points} == POINTS
    assert {strike.point for strike in every_point(SEED)} == {*POINTS, None}


def test_a_plan_follows_from_its_seed() -> None:
    """The same seed kills in the same order; a long plan covers each process at each point, and from outside."""
    assert plan(SEED, 100) == plan(SEED, 100) != plan(SEED + 1, 100)
    covered = {(strike.part, strike.point) for strike in plan(SEED, 100)}
    assert covered == {(part, point) for part in PARTS for point in (*REACHED[part], None)}
