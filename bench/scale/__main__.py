"""``python -m bench.scale [MANY]``: each list at a thousand and at a million, and how many times as long it takes.

Exit status 1 if a list takes more than twice as long. Each figure is the best of several runs: other programs only add.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from app.assembly import open_runtime
from app.logs import configure_logs
from app.runtime import SYSTEM, Actor, InboxList, Permission, Runtime
from app.runtime.views import IncidentState, InstanceFilter, InstanceStatus, JobState
from app.settings import load_settings
from app.store.migrations import upgrade
from bench.scale.filling import multiply
from bench.service.models import ERRAND, models
from tests.services import POSTGRES_URL, provide
from tests.store.databases import fresh_database

FEW, MANY = 1_000, 1_000_000
RUNS = 51
PAGE = 20
MOST_TIMES = 2.0
MEMBER = Actor("m", "person-3", frozenset({Permission.TASKS_WORK}), frozenset({"team-1", "team-2", "team-3"}))


def lists(runtime: Runtime) -> dict[str, Callable[[], object]]:
    inbox, instances, audit = runtime.inbox, runtime.instances, runtime.audit

    def filtered(**wanted: object) -> Callable[[], object]:
        return lambda: instances.list(SYSTEM, InstanceFilter(**wanted), limit=PAGE)

    return {
        "inbox: mine": lambda: inbox.list(MEMBER, InboxList.MINE, limit=PAGE),
        "inbox: available": lambda: inbox.list(MEMBER, InboxList.AVAILABLE, limit=PAGE),
        "inbox: all": lambda: inbox.list(SYSTEM, InboxList.ALL, limit=PAGE),
        "inbox: counts": lambda: inbox.counts(MEMBER),
        "instances": filtered(),
        "instances of a process": filtered(process_id="rare"),
        "instances of a version": filtered(process_id=ERRAND, version=1),
        "instances of a rare state": filtered(status=InstanceStatus.FAILED),
        "instances of process and state": filtered(process_id=ERRAND, status=InstanceStatus.FAILED),
        "instances with incidents": filtered(with_incidents=True),
        "instances of process with incidents": filtered(process_id=ERRAND, with_incidents=True),
        "instances of a business key": filtered(business_key="case-77"),
        "incidents": lambda: runtime.incidents.list(SYSTEM, IncidentState.OPEN, limit=PAGE),
        "jobs of a rare state": lambda: runtime.jobs.list(SYSTEM, state=JobState.FAILED, limit=PAGE),
        "audit of a person": lambda: audit.list(SYSTEM, person="person-7", limit=PAGE),
        "audit of an action": lambda: audit.list(SYSTEM, action="approval.", limit=PAGE),
    }


def main(arguments: list[str]) -> int:
    many = int(arguments[0]) if arguments else MANY
    with ExitStack() as stack:
        environment, left_out = provide(stack, (POSTGRES_URL,))
        os.environ.update(environment)
        if left_out:
            print(*left_out, sep="\n")
            return 1
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bailiwick-bench-")))
        address = stack.enter_context(fresh_database("postgresql", folder))
        upgrade(address)
        settings = load_settings(
            data_folder=folder, database_url=address, task_modules=("bench.service.handlers",), log_level="WARNING"
        )
        configure_logs(settings)
        runtime = open_runtime(settings)
        stack.callback(runtime.core.store.engine.dispose)
        runtime.deployments.deploy(SYSTEM, models())
        template = runtime.instances.start(SYSTEM, ERRAND, {})
        engine = runtime.core.store.engine
        multiply(engine, template, range(1, FEW + 1))
        before = {name: _milliseconds(do) for name, do in lists(runtime).items()}
        multiply(engine, template, range(FEW + 1, many + 1))
        after = {name: _milliseconds(do) for name, do in lists(runtime).items()}
    print(f"{'list':40}{FEW:>12,}{many:>14,}   times")
    for name, milliseconds in before.items():
        print(f"{name:40}{milliseconds:>9.2f} ms{after[name]:>11.2f} ms{after[name] / milliseconds:8.1f}")
    return int(max(after[name] / before[name] for name in before) > MOST_TIMES)


def _milliseconds(do: Callable[[], object]) -> float:
    do()
    return min(_once(do) for _ in range(RUNS))


def _once(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1_000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
