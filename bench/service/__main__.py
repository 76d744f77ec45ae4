"""``python -m bench.service [INSTANCES]``: statements and shares of time in one process, then the whole service.

Exit status 1 if a transaction needs more statements than its target. Instances a second are printed with their targets
and not judged: they say as much about the machine as about the platform.
"""

import os
import sys
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from app.assembly import make_registry, open_runtime
from app.logs import configure_logs
from app.roles import Ungoverned
from app.runtime import SYSTEM, PlatformRole
from app.runtime.people.sessions import SessionKind
from app.settings import load_settings
from app.store.migrations import upgrade
from app.testing import company_profile
from bench.service import shares, throughput
from bench.service.models import ERRAND, GROUP, ORDER, models
from tests.services import POSTGRES_URL, REDIS_URL, provide
from tests.store.databases import fresh_database

MOST_STATEMENTS = 8  # of a transaction that advances an instance
TARGETS = {ORDER: 200, ERRAND: 300}  # instances a second on two cores
RUNS = 3
HANDLERS = "bench.service.handlers"


def main(arguments: list[str]) -> int:
    instances = int(arguments[0]) if arguments else 600
    with ExitStack() as stack:
        environment, left_out = provide(stack, (POSTGRES_URL, REDIS_URL))
        os.environ.update(environment)
        if left_out:
            print(*left_out, sep="\n")
            return 1
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bailiwick-bench-")))
        address = stack.enter_context(fresh_database("postgresql", folder))
        upgrade(address)
        settings = load_settings(
            data_folder=folder, database_url=address, task_modules=(HANDLERS,), log_level="WARNING"
        )
        configure_logs(settings)
        runtime = open_runtime(settings)
        stack.callback(runtime.core.store.engine.dispose)
        runtime.deployments.deploy(SYSTEM, {**company_profile(Ungoverned.ALLOW), **models()})
        roles = {PlatformRole.OPERATOR, PlatformRole.APPROVER}
        person = runtime.people.actor(runtime.people.create(SYSTEM, "bench", None, roles=roles, groups={GROUP}))
        token = runtime.sessions.open(person, SessionKind.TOKEN, timedelta(hours=1))

        with throughput.service(folder, _environment(address)) as installation:
            for process_id, target in TARGETS.items():
                rates = sorted(
                    throughput.instances_a_second(installation, runtime, token, process_id, instances)
                    for _ in range(RUNS)
                )
                runs = ", ".join(f"{rate:.0f}" for rate in rates)
                print(
                    f"{process_id:24}{rates[RUNS // 2]:8.0f} instances a second ({runs}; target {target})", flush=True
                )
        print()
        measured = shares.measure(runtime, make_registry(settings), person, instances)
        shares.report(measured, instances)
        return 0 if max(max(each) for each in measured.statements.values()) <= MOST_STATEMENTS else 1


def _environment(address: str) -> dict[str, str]:
    return {
        "BAILIWICK_DATABASE_URL": address,
        "BAILIWICK_SECRET_KEY": "of a service that lives as long as the measurement",
        "BAILIWICK_TASK_MODULES": f'["{HANDLERS}"]',
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
