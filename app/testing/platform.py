"""`Platform`: what a test needs to start a case, let time pass, work through an inbox and look at what came of it."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from flask import Flask

from app.clock import VirtualClock
from app.handlers import HandlerRegistry
from app.handlers.registry import AnyHandler
from app.model_files import read_models
from app.roles import Ungoverned
from app.runtime import (
    SYSTEM,
    Actor,
    InboxList,
    NobodyToTell,
    Permission,
    PlatformRole,
    Runtime,
    RuntimeSettings,
    create_runtime,
)
from app.runtime.views import InboxItem, InboxTask, InstanceDetail, ProcessKind
from app.store import db
from app.store.database import relax
from app.store.migrations import upgrade
from app.worker.calls import Calls
from app.worker.execution import Execution
from app.worker.gathering import Gathering

REST_AFTER = 10_000  # rounds; a case that is busy for longer never comes to rest
WORKER = "test"
_COMPANY = b"""\
kind: company
id: test
name: A company for tests
owner: test
version: "1"
currency: EUR
calendar: {time_zone: UTC, days: [monday, tuesday, wednesday, thursday, friday], opens: 09:00, closes: 17:00}
people: {}
groups: {}
ungoverned: %s
"""


def company_profile(ungoverned: Ungoverned) -> dict[str, bytes]:
    """A company profile to deploy, in which nothing is said but what processes without a role may do."""
    return {"roles/company.yaml": _COMPANY % ungoverned.value.encode()}


class Platform:
    """A platform for one test. `models` are files and folders, `config` the handlers' settings by dotted name
    ("billing.base_url"), `people` maps sign-in names to their groups; everybody is an approver. `database` is the
    address of an empty database, in place of SQLite in a temporary folder. `ungoverned` says what processes without a
    role may do, as a company profile would: without one, whatever they write waits for a full review by operators.
    """

    def __init__(
        self,
        models: Iterable[str | Path],
        handlers: Iterable[AnyHandler] = (),
        *,
        people: Mapping[str, Iterable[str]] | None = None,
        config: Mapping[str, str] | None = None,
        settings: RuntimeSettings | None = None,
        database: str | None = None,
        ungoverned: Ungoverned | None = None,
    ) -> None:
        self.clock = VirtualClock()
        self.registry = HandlerRegistry(handlers)
        paths = tuple(models)
        self._models = read_models(paths) if paths else {}
        self._people = people or {}
        self._config = config or {}
        self._settings = settings or RuntimeSettings()
        self._database = database
        self._ungoverned = ungoverned
        self._open = ExitStack()
        self.runtime: Runtime

    def __enter__(self) -> Self:
        folder = self._open.enter_context(TemporaryDirectory(prefix="bailiwick-", ignore_cleanup_errors=True))
        address = self._database or f"sqlite:///{folder}/platform.sqlite"
        upgrade(address)
        app = Flask("bailiwick")
        app.config["SQLALCHEMY_DATABASE_URI"] = address
        db.init_app(app)
        self.runtime = create_runtime(app, self.clock, self.registry, NobodyToTell(), self._settings)
        relax(self.runtime.core.store.engine)
        self._open.callback(self.runtime.core.store.engine.dispose)
        if self._ungoverned is not None:
            self.runtime.deployments.deploy(SYSTEM, company_profile(self._ungoverned))
        if self._models:
            self.runtime.deployments.deploy(SYSTEM, self._models)
        self._actors = {
            name: self.runtime.people.actor(
                self.runtime.people.create(SYSTEM, name, None, roles=[PlatformRole.APPROVER], groups=groups)
            )
            for name, groups in self._people.items()
        }
        self._execution = Execution(
            runtime=self.runtime,
            registry=self.registry,
            clock=self.clock,
            config=self._config,
            calls=Calls(),
            lease=self._settings.lease,
            answers=Gathering(self.runtime.jobs.finish_many),
            worker_id=WORKER,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    # --- what happens ---

    def start(self, process_id: str, variables: Mapping[str, object] | None = None) -> str:
        """Start an instance. Returns its id. Its jobs wait for `run`."""
        return self.runtime.instances.start(SYSTEM, process_id, variables or {})

    def publish(
        self,
        message: str,
        correlation_key: str,
        variables: Mapping[str, object] | None = None,
        *,
        by: str | None = None,
    ) -> None:
        """Publish a message, as another system would; or as the person `by` would over the API, who so asks for what
        it starts.
        """
        actor = SYSTEM if by is None else replace(self.actor(by), permissions=frozenset(Permission))
        self.runtime.messages.publish(actor, message, correlation_key, variables or {})

    def evaluate_conditions(
        self, variables: Mapping[str, object], process_id: str | None = None
    ) -> tuple[InstanceDetail, ...]:
        """Start an instance by every start condition that these variables make true. Returns what was started."""
        started = self.runtime.conditions.evaluate(SYSTEM, variables, process_id)
        return tuple(self.case(each.id) for each in started)

    def run(self) -> None:
        """Do everything that is due now: timers, jobs and what follows from them, until nothing is left to do."""
        self.runtime.heartbeats.beat(WORKER, ProcessKind.WORKER, "here", 0, self.registry)
        for _ in range(REST_AFTER):
            ticked = self.runtime.tick().total
            leased = self.runtime.jobs.lease(WORKER, 100, types=self.registry)
            for job_id in leased:
                self._execution.run_job(job_id)
            if not ticked and not leased:
                return
        raise AssertionError(f"The platform did not come to rest within {REST_AFTER} rounds.")

    def advance(self, **duration: float) -> None:
        """Let time pass (``minutes=30``, as of `timedelta`), and do what became due."""
        self.clock.advance(timedelta(**duration))
        self.run()

    # --- what people do ---

    def actor(self, person: str) -> Actor:
        return self._actors[person]

    def inbox(self, person: str) -> tuple[InboxItem, ...]:
        """The tasks that this person may claim or has claimed."""
        actor = self.actor(person)
        mine, offered = (self.runtime.inbox.list(actor, view) for view in (InboxList.MINE, InboxList.AVAILABLE))
        return (*mine.items, *offered.items)

    def task(self, person: str, task_id: str) -> InboxTask:
        """A task as this person sees it."""
        return self.runtime.inbox.get(self.actor(person), task_id)

    def complete(self, person: str, task_id: str, variables: Mapping[str, object] | None = None) -> None:
        self.runtime.inbox.complete(self.actor(person), task_id, variables or {})
        self.run()

    def approve(self, person: str, task_id: str, reason: str = "") -> None:
        self.runtime.inbox.approve(self.actor(person), task_id, reason)
        self.run()

    def reject(self, person: str, task_id: str, reason: str) -> None:
        self.runtime.inbox.reject(self.actor(person), task_id, reason)
        self.run()

    # --- what came of it ---

    def case(self, instance_id: str) -> InstanceDetail:
        """An instance with its variables, the elements that are active and completed, its incidents, jobs and tasks."""
        return self.runtime.instances.get(SYSTEM, instance_id)

    def cases(self) -> tuple[InstanceDetail, ...]:
        """All instances, the oldest first."""
        return tuple(self.case(view.id) for view in reversed(self.runtime.instances.list(SYSTEM).items))
