"""A web installation in the test process: database, runtime, mandates, task handlers, sandbox company: all real.

Time stands still until `Site.skip`, jobs run when the test says so (`Site.work`), visitors have a cookie jar each.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import AdjustableClock
from app.ids import new_id
from app.runtime import SYSTEM, Actor, PlatformRole, Runtime
from app.runtime.people.sessions import SessionKind
from app.runtime.views import InboxItem
from app.settings import DEMONSTRATION_HOOK_KEYS, Settings
from app.worker.calls import Calls
from app.worker.execution import Execution
from app.worker.gathering import Gathering

PASSWORD = "correct horse battery"
HOOK = "refund-requested"
PEOPLE: dict[str, tuple[PlatformRole, tuple[str, ...]]] = {
    "anna": (PlatformRole.APPROVER, ("refund-approvers",)),
    "ben": (PlatformRole.APPROVER, ("support-agents",)),
    "carla": (PlatformRole.ADMIN, ("operators",)),
    "dora": (PlatformRole.ANALYST, ()),
    "emil": (PlatformRole.AUDITOR, ()),
    "femi": (PlatformRole.APPROVER, ("finance-leads", "support-leads")),
    "gina": (PlatformRole.APPROVER, ("finance-leads",)),
    "olga": (PlatformRole.OPERATOR, ()),
}
CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)">')
ROUNDS = 200


class Queue:
    """An announcer that remembers what it was told, until the test works on it."""

    def __init__(self) -> None:
        self._deliveries: list[str] = []

    def announce_jobs(self, job_ids: tuple[str, ...]) -> None:
        pass  # the jobs are found by leasing

    def announce_delivery(self, delivery_id: str) -> None:
        self._deliveries.append(delivery_id)

    def take(self) -> list[str]:
        taken, self._deliveries = self._deliveries, []
        return taken


class Visitor:
    """Somebody with a browser: keeps cookies, and sends the CSRF token of the page last seen."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, address: str, query: Mapping[str, str] | None = None, **headers: str) -> TestResponse:
        response = self.client.get(address, headers=headers, query_string=query)
        found = CSRF.search(response.text) if response.mimetype == "text/html" else None
        self._token = found[1] if found else self._token
        return response

    def post(self, address: str, **fields: object) -> TestResponse:
        """Send a form."""
        if not self._token:
            self.get("/sign-in")
        return self.client.post(address, data={"csrf_token": self._token, **fields})

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        response = self.post("/sign-in", name=name, password=password)
        self._token = ""
        if response.status_code == 303:
            self.get("/account/")
        return response


@dataclass
class Site:
    app: Flask
    runtime: Runtime
    settings: Settings
    queue: "Queue"

    def visitor(self, name: str | None = None) -> Visitor:
        """A stranger, or somebody who has signed in (without the time that checking a password takes)."""
        visitor = Visitor(self.app.test_client())
        if name is not None:
            actor = self.actor(name)
            secret = self.runtime.sessions.open(actor, SessionKind.PAGE, self.settings.session_lifetime)
            with visitor.client.session_transaction() as cookie:
                cookie["_user_id"] = secret
                cookie["_fresh"] = True
            visitor.get("/account/")
        return visitor

    def actor(self, name: str) -> Actor:
        people = self.runtime.people
        return next(people.actor(person.id) for person in people.list(SYSTEM) if person.name == name)

    # --- the outside world ---

    def call_hook(self, body: object, *, key: str | None = None, signature: str | None = None) -> TestResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        secret = DEMONSTRATION_HOOK_KEYS[HOOK].encode()
        headers = {
            "X-Bailiwick-Signature": signature or f"sha256={hmac.new(secret, content, hashlib.sha256).hexdigest()}",
            "Idempotency-Key": key or new_id(),
        }
        return self.app.test_client().post(
            f"/hooks/{HOOK}", data=content, content_type="application/json", headers=headers
        )

    def request_refund(self, amount: float, **fields: object) -> str:
        """A refund request as the help desk sends it, worked on until it waits. Returns the instance's id."""
        number = new_id()[-6:]
        receipt = self.call_hook(refund_request(amount, ticket_id=f"T-{number}", **fields))
        assert receipt.status_code == 202, receipt.text
        self.work()
        return self.runtime.instances.list(SYSTEM, limit=1).items[0].id

    # --- the worker and the clock ---

    def work(self) -> None:
        """Do everything that is due now."""
        config = {
            f"{system}.{name}": value
            for system, entries in self.settings.task_settings.items()
            for name, value in entries.items()
        }
        core = self.runtime.core
        execution = Execution(
            runtime=self.runtime,
            registry=core.registry,
            clock=core.clock,
            config=config,
            calls=Calls(),
            lease=timedelta(minutes=2),
            answers=Gathering(self.runtime.jobs.finish_many),
            worker_id="test",
        )
        for _ in range(ROUNDS):
            ticked = self.runtime.tick().total
            stored = self.queue.take()
            for delivery_id in stored:
                self.runtime.hooks.process(delivery_id)
            leased = self.runtime.jobs.lease("test", 100)
            for job_id in leased:
                execution.run_job(job_id)
            if not ticked and not stored and not leased:
                return
        raise AssertionError("the site did not come to rest")

    def skip(self, **duration: float) -> None:
        clock = self.runtime.core.clock
        assert isinstance(clock, AdjustableClock)
        clock.advance(timedelta(**duration))
        self.work()

    def task_for(self, name: str) -> InboxItem:
        """The one open task that this person may take."""
        from_page = self.visitor(name).get("/api/v1/tasks").json
        assert from_page is not None
        assert len(from_page["items"]) == 1, from_page
        return self.runtime.inbox.get(self.actor(name), from_page["items"][0]["id"]).item


def refund_request(amount: float, **fields: object) -> dict[str, object]:
    return {
        "ticket_id": "T-1",
        "customer_id": "C-1001",
        "charge_id": "CH-1001",
        "amount": amount,
        "reason": "damaged",
        "message": "It arrived broken.",
        "requested_by": "ben",
        **fields,
    }


def copy_of(folder: Path, to: Path) -> None:
    """The data folder `folder`, whose database nobody has open, once more."""
    to.mkdir()
    for file in folder.iterdir():
        (to / file.name).write_bytes(file.read_bytes())
