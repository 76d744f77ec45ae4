"""An installation whose worker is a process that a test can kill; everything else is in the test's own process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import httpx

from app.assembly import open_runtime
from app.clock import AdjustableClock
from app.ids import new_id
from app.model_files import read_models
from app.runtime import SYSTEM
from app.runtime.views import InstanceDetail
from app.settings import Settings, load_settings
from app.store.migrations import upgrade
from app.worker import CeleryAnnouncer
from sandbox import running_company
from tests.acceptance.installation import PATIENCE_SECONDS, until

REPOSITORY = Path(__file__).parents[2]
SYSTEMS = ("crm", "billing", "helpdesk", "mail")


class Installed:
    """`settings` are those of the worker process too; `company` is the sandbox company."""

    def __init__(self, settings: Settings, environment: dict[str, str], company: httpx.Client) -> None:
        self.company = company
        self.runtime = open_runtime(settings, CeleryAnnouncer(settings))
        self.clock = AdjustableClock(settings.clock_file)
        self._environment = environment
        self._folder = settings.data_folder
        self.runtime.deployments.deploy(SYSTEM, read_models([REPOSITORY / "models"]))

    def request_refund(self, amount: int) -> str:
        """The help desk asks for a refund of customer C-1001. Returns the ticket's number."""
        ticket_id = f"T-{new_id()[-8:]}"
        variables: dict[str, object] = {
            "ticket_id": ticket_id,
            "customer_id": "C-1001",
            "charge_id": "CH-1001",
            "amount": Decimal(amount),
            "reason": "damaged",
            "message": "It arrived broken.",
            "requested_by": "ben",
        }
        self.runtime.messages.publish(SYSTEM, "refund-requested", ticket_id, variables)
        return ticket_id

    def case(self) -> InstanceDetail:
        """The only instance there is."""
        (view,) = self.runtime.instances.list(SYSTEM).items
        return self.runtime.instances.get(SYSTEM, view.id)

    def effects(self, system: str) -> list[str]:
        found = self.company.get("/effects", params={"system": system}).json()["effects"]
        return [effect["operation"] for effect in found]

    def start_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"worker-{new_id()}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "app.cli", "worker"],
                cwd=REPOSITORY,
                env={**self._environment, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def run_until_killed(self, fault: str) -> None:
        """A worker that kills itself at this point."""
        assert self.start_worker(BAILIWICK_FAULT=fault).wait(PATIENCE_SECONDS) == -signal.SIGKILL

    def run_until_completed(self) -> InstanceDetail:
        """A healthy worker, and the clock; the dead worker's lease is over. Returns the case at its end."""
        self.clock.advance(timedelta(minutes=10))
        worker = self.start_worker()
        try:
            return until(self._ticked, "the case completes")
        finally:
            worker.terminate()
            worker.wait(PATIENCE_SECONDS)

    def _ticked(self) -> InstanceDetail | None:
        self.runtime.tick()
        case = self.case()
        return case if case.view.status == "completed" else None


@contextmanager
def installed(folder: Path, database_url: str, broker_url: str) -> Iterator[Installed]:
    """A fresh installation over this database and broker."""
    with (
        running_company(folder / "company.sqlite") as address,
        httpx.Client(base_url=address, trust_env=False) as company,
    ):
        environment = {
            **os.environ,
            "BAILIWICK_DATA_FOLDER": str(folder),
            "BAILIWICK_DATABASE_URL": database_url,
            "BAILIWICK_BROKER_URL": broker_url,
            "BAILIWICK_QUEUE_NAME": f"test-{new_id()}",
            "BAILIWICK_CLOCK": "adjustable",
            "BAILIWICK_TASK_MODULES": '["tasks"]',
            **{f"BAILIWICK_TASKS__{name.upper()}__BASE_URL": f"{address}/{name}" for name in SYSTEMS},
        }
        settings = load_settings(
            data_folder=folder,
            database_url=database_url,
            broker_url=broker_url,
            queue_name=environment["BAILIWICK_QUEUE_NAME"],
            clock="adjustable",
            task_modules=("tasks",),
        )
        upgrade(settings.database)
        installation = Installed(settings, environment, company)
        yield installation
        installation.runtime.core.store.engine.dispose()
