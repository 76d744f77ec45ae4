"""Keeps orders flowing through an installation while its processes are killed and started again, strike by strike."""

import json
import os
import signal
import sqlite3
import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import httpx
import redis

from app.assembly import open_runtime
from app.cli import demonstration
from app.errors import Unavailable
from app.ids import new_id
from app.roles import Ungoverned
from app.runtime import SYSTEM, Runtime
from app.runtime.views import InstanceFilter, InstanceStatus
from app.settings import load_settings
from app.store.migrations import upgrade
from app.testing import company_profile
from sandbox import running_company
from tests.acceptance.installation import Installation, NeverHappened, refund_request, until
from tests.chaos.orders import Order, models
from tests.chaos.strikes import PARTS, Strike
from tests.chaos.troubles import Troubles
from tests.chaos.verdict import Verdict, judge
from tests.store.databases import fresh_database

LOST = timedelta(seconds=30)  # then what a dead process held is free: an action's time-out and its lease are over
GOES_ON = 3  # effects that show that nobody is deaf or stuck
DIED = "its worker died"  # what the incident of a job says that must not cost another worker
CONFIRMED = frozenset({204, 404, 409, 503})  # done now, or by a call whose answer was lost


@dataclass(slots=True)
class Part:
    """A process under fire: the strike that it was started with, and those that are still to come for it."""

    name: str
    process: subprocess.Popen[bytes]
    strike: Strike | None
    coming: deque[Strike]
    effects_at_start: int


@dataclass
class Driver:
    """`installation` has a database and a deployed process, nothing runs yet; `report` is told of every kill."""

    installation: Installation
    runtime: Runtime
    company: httpx.Client
    ledger: Path
    report: Callable[[int, Strike], None]
    open_orders: int = 6  # how many are under way at any moment
    orders: list[Order] = field(default_factory=list)  # those that were answered with 202
    kills: int = 0
    given_up: int = 0  # jobs whose workers were killed, or whose leases ended, so often that an operator had to retry
    _parts: list[Part] = field(default_factory=list)
    _unanswered: Order | None = None

    def run(self, strikes: Sequence[Strike]) -> Verdict:
        """Carry out all strikes, let healthy processes finish what was begun, and judge."""
        for name in PARTS:
            self._parts.append(self._start(name, deque(strike for strike in strikes if strike.part == name)))
        while self.kills < len(strikes):
            kills = self.kills
            waiting = ", ".join(str(part.strike) for part in self._parts if part.strike)
            until(lambda kills=kills: self._next_round() or self.kills > kills, f"one of these kills: {waiting}")
        with suppress(NeverHappened):  # then the verdict says what is missing
            until(self._settles, "every order is completed")
        return judge(self.runtime, self.company, self.orders, self.kills)

    def endure(self, troubles: Troubles) -> Verdict:
        """Every trouble in turn, with two workers and two clocks: work goes on while it lasts, and after it."""
        for name in (*PARTS, "worker", "clock"):
            self._parts.append(self._start(name, deque()))
        self.goes_on("before any trouble")
        for name, trouble in troubles.all(self):
            with trouble:
                self.goes_on(f"while {name}")
            self.goes_on(f"after {name}")
        with suppress(NeverHappened):
            until(self._settles, "every order is completed")
        return judge(self.runtime, self.company, self.orders, self.kills)

    def goes_on(self, when: str) -> None:
        """Work, until so many further effects have happened."""
        wanted = self._effects() + GOES_ON
        until(lambda: self._next_round() or self._effects() >= wanted, f"{GOES_ON} effects {when}")

    def freeze(self, name: str) -> int:
        """Stop one process of this kind, and let its leases end."""
        part = next(part for part in self._parts if part.name == name)
        part.process.send_signal(signal.SIGSTOP)
        self.installation.clock.advance(LOST)
        return part.process.pid

    def thaw(self, process_number: int) -> None:
        os.kill(process_number, signal.SIGCONT)

    # --- what goes on all the time ---

    def _next_round(self) -> None:
        if len(self.orders) - self._effects("send-message") < self.open_orders:
            self._order()
        self._confirm()
        self._operate()
        self._keep_up()

    def _settles(self) -> bool:
        if self._unanswered:
            self._order()
        self._confirm()
        self._operate()
        self._keep_up()
        try:
            running = self.runtime.instances.list(SYSTEM, InstanceFilter(status=InstanceStatus.RUNNING), limit=1)
        except Unavailable:  # a connection of ours from before the database was restarted
            return False
        return not running.items and self._effects("send-message") >= len(self.orders)

    def _order(self) -> None:
        """The help desk's call. One that was not answered is repeated with its key, as every sender has to."""
        order = self._unanswered or Order(len(self.orders) + 1)
        self._unanswered = order
        body = refund_request(float(order.amount), order.customer, ticket_id=order.ticket_id)
        try:
            answer = self.installation.call_hook(json.dumps(body).encode(), order.ticket_id)
        except httpx.TransportError:
            return
        if answer.status_code == 503:  # the database is away: as good as not answered
            return
        assert answer.status_code == 202, answer.text
        self.orders.append(order)
        self._unanswered = None

    def _confirm(self) -> None:
        """Anna completes what she finds in her inbox. What she is not answered she finds again, or it is gone."""
        try:
            found = self._anna.get("/tasks")
            if found.status_code == 503:
                return
            for task in found.raise_for_status().json()["items"]:
                answer = self._anna.post(f"/tasks/{task['id']}/complete", json={})
                assert answer.status_code in CONFIRMED, answer.text
        except httpx.TransportError:
            return

    def _operate(self) -> None:
        """The operator puts on again what cost three workers; any other incident is a fault, and stays for the verdict.

        Every kill skips time beyond the leases of the living: on a slow machine one job can lose three of them.
        """
        try:
            found = self.runtime.incidents.list(SYSTEM).items
            for incident in found:
                if DIED in incident.message:
                    self.runtime.incidents.retry(SYSTEM, incident.id)
                    self.given_up += 1
        except Unavailable:
            return

    @cached_property
    def _anna(self) -> httpx.Client:
        return self.installation.client("anna")

    # --- the processes ---

    def _keep_up(self) -> None:
        """Kill whose time has come, and start again whoever is dead."""
        for position, part in enumerate(self._parts):
            if self._is_due(part):
                part.process.kill()
                part.process.wait()
            status = part.process.poll()
            if status is None:
                continue
            assert status == -signal.SIGKILL, f"{part.name} ended by itself with status {status}"
            assert part.strike is not None, f"{part.name} was killed by somebody else"
            self.kills += 1
            self.report(self.kills, part.strike)
            self.installation.clock.advance(LOST)
            self._parts[position] = self._start(part.name, part.coming)

    def _is_due(self, part: Part) -> bool:
        strike = part.strike
        return strike is not None and strike.point is None and self._effects() - part.effects_at_start >= strike.n

    def _start(self, name: str, coming: deque[Strike]) -> Part:
        strike = coming.popleft() if coming else None
        process = self.installation.start(PARTS[name], BAILIWICK_FAULT=strike.fault if strike else "")
        return Part(name, process, strike, coming, self._effects())

    def _effects(self, operation: str | None = None) -> int:
        """How many effects the company's ledger has, of one kind or of all."""
        with closing(sqlite3.connect(self.ledger)) as connection:
            counted = "SELECT count(*) FROM effect WHERE ? IS NULL OR operation = ?"
            return int(connection.execute(counted, (operation, operation)).fetchone()[0])


@contextmanager
def driver(folder: Path, database: str, broker_url: str, report: Callable[[int, Strike], None]) -> Iterator[Driver]:
    """Over a fresh database (``sqlite``, ``postgresql`` or the address of an empty one) and a queue of its own.

    That is of files, or in Redis at `broker_url`.
    """
    queue_name = f"chaos-{new_id()}"
    with nullcontext(database) if "://" in database else fresh_database(database, folder) as database_url:
        environment = {
            "BAILIWICK_DEMO": "1",
            "BAILIWICK_DATABASE_URL": database_url,
            "BAILIWICK_BROKER_URL": broker_url,
            "BAILIWICK_QUEUE_NAME": queue_name,
            "BAILIWICK_SESSION_HOURS": "720",  # every kill skips time; Anna stays signed in
        }
        settings = load_settings(data_folder=folder, database_url=database_url, demo=True)
        upgrade(settings.database)
        runtime = open_runtime(settings)
        runtime.deployments.deploy(SYSTEM, {**company_profile(Ungoverned.ALLOW), **models()})
        demonstration.create_people(runtime)
        ledger = folder / "company.sqlite"
        try:
            with (
                Installation(folder, environment) as installation,
                running_company(ledger, installation.sandbox_port),
                httpx.Client(base_url=installation.sandbox, trust_env=False, timeout=30) as company,
            ):
                yield Driver(installation, runtime, company, ledger, report)
        finally:
            runtime.core.store.engine.dispose()
            if broker_url:
                with suppress(redis.ConnectionError), redis.Redis.from_url(broker_url) as broker:
                    broker.delete(queue_name, f"_kombu.binding.{queue_name}")
