"""Kill web, worker and clock again and again while money moves, and look whether everything happened once.

    python -m tests.chaos [--kills 1000] [--seed 1] [--set-up files|services]

Half with SQLite and the queue of files, half with PostgreSQL and Redis. Exit status 1 if anything went wrong.
"""

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.chaos.driver import driver
from tests.chaos.private_postgres import private_postgres
from tests.chaos.strikes import Strike, plan
from tests.chaos.troubles import Troubles
from tests.chaos.verdict import Verdict
from tests.services import POSTGRES_URL, REDIS_URL, provide
from tests.worker.private_redis import private_redis

DATABASES = {"files": "sqlite", "services": "postgresql"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Kill processes while money moves.")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same kills in the same order")
    parser.add_argument("--set-up", choices=DATABASES, help="one of the two only")
    parser.add_argument(
        "--troubles", type=int, default=10, help="rounds of trouble for Redis, PostgreSQL and processes"
    )
    chosen = parser.parse_args(arguments)
    set_ups = [chosen.set_up] if chosen.set_up else list(DATABASES)
    with ExitStack() as stack:
        if "services" in set_ups:
            environment, left_out = provide(stack, (POSTGRES_URL, REDIS_URL))
            os.environ.update(environment)
            if left_out:
                print(*left_out, sep="\n")
                return 1
        shares = [(chosen.kills + position) // len(set_ups) for position in range(len(set_ups))]
        verdicts = [_run(set_up, chosen.seed, kills) for set_up, kills in zip(set_ups, shares, strict=True)]
        if "services" in set_ups:
            verdicts += [_endure() for _ in range(chosen.troubles)]
    return 1 if any(verdict.problems for verdict in verdicts) else 0


def _run(set_up: str, seed: int, kills: int) -> Verdict:
    """So many kills of one set-up. The folder with its logs and its database stays if something went wrong."""
    folder = Path(tempfile.mkdtemp(prefix=f"bailiwick-chaos-{set_up}-"))
    print(f"{set_up}: {kills} kills, seed {seed}, in {folder}", flush=True)

    def report(done: int, strike: Strike) -> None:
        print(f"\r\033[K{set_up}: {done} of {kills}, {strike}", end="", flush=True)

    broker_url = os.environ[REDIS_URL] if set_up == "services" else ""
    with driver(folder, DATABASES[set_up], broker_url, report) as chaos:
        verdict = chaos.run(plan(seed, kills))
    print(f"\n{set_up}: {verdict}", flush=True)
    if not verdict.problems:
        shutil.rmtree(folder)
    return verdict


def _endure() -> Verdict:
    """One round of every trouble, on a Redis and a PostgreSQL of its own."""
    folder = Path(tempfile.mkdtemp(prefix="bailiwick-chaos-troubles-"))
    with private_redis(folder) as redis, private_postgres() as postgres:
        if redis is None or postgres is None:
            raise SystemExit("Expected redis-server and PostgreSQL's initdb here, but found neither or one.")
        with driver(folder, postgres.address, redis.url, lambda _kills, _strike: None) as chaos:
            verdict = chaos.endure(Troubles(redis, postgres))
    print(f"troubles: {verdict}", flush=True)
    if not verdict.problems:
        shutil.rmtree(folder)
    return verdict


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
