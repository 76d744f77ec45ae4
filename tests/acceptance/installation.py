"""A whole installation in processes of its own, as a user starts it: its own data folder, ports and clock."""

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx

from app.cli.demonstration import PASSWORD
from app.clock import AdjustableClock
from app.ids import new_id
from app.settings import DEMONSTRATION_HOOK_KEYS

REPOSITORY = Path(__file__).parents[2]
PATIENCE_SECONDS = 120  # how long something may take before the test says that it never happened

T = TypeVar("T")


class NeverHappened(AssertionError):
    """Patience has ended; the text says what was waited for."""


def until(happened: Callable[[], T | None], what: str) -> T:
    """The first true answer of `happened`, asked again and again. Raises `NeverHappened` when patience ends."""
    pause = threading.Event()
    asked = 0
    while asked < PATIENCE_SECONDS * 10:
        if answer := happened():
            return answer
        pause.wait(0.1)
        asked += 1
    raise NeverHappened(f"never happened: {what}")


def refund_request(amount: float, number: str = "1001", **fields: object) -> dict[str, object]:
    """The body of the webhook."""
    return {
        "ticket_id": f"T-{number}",
        "customer_id": f"C-{number}",
        "charge_id": f"CH-{number}",
        "amount": amount,
        "reason": "damaged",
        "message": "It arrived broken.",
        "requested_by": "ben",
        **fields,
    }


class Installation:
    """`bailiwick run` on a folder of its own; or, with `parts`, single processes that a test can kill one by one."""

    def __init__(self, folder: Path, environment: Mapping[str, str] = {}) -> None:
        self.folder = folder
        self.port, self.sandbox_port = _free_ports(2)
        self.address = f"http://127.0.0.1:{self.port}"
        self.sandbox = f"http://127.0.0.1:{self.sandbox_port}"
        self.clock = AdjustableClock(folder / "clock-offset")
        self._environment = {
            **os.environ,
            "BAILIWICK_DATA_FOLDER": str(folder),
            "BAILIWICK_MODELS_FOLDER": str(REPOSITORY / "models"),
            "BAILIWICK_PORT": str(self.port),
            "BAILIWICK_SANDBOX_PORT": str(self.sandbox_port),
            "BAILIWICK_TICK_SECONDS": "0.2",
            "BAILIWICK_LEASE_SECONDS": "5",
            **environment,
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # --- processes ---

    def run(self) -> Self:
        """Start everything with the one command, and wait until it answers."""
        process = self.start("run")

        def answers() -> bool:
            assert process.poll() is None, f"bailiwick run ended:\n{(self.folder / 'run-0.log').read_text()[-2000:]}"
            return self.is_ready()

        until(answers, "bailiwick run answers at /readyz")
        return self

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start one ``bailiwick`` process; what it says goes into a file of the data folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{arguments[0]}-{len(self._processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", *arguments],
                cwd=REPOSITORY,
                env={**self._environment, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one ``bailiwick`` command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=REPOSITORY,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def stop(self) -> None:
        """Ctrl-C for every process that still runs; its whole group dies if it does not listen."""
        for process in reversed(self._processes):
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        for process in reversed(self._processes):
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self._processes.clear()

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=5).is_success
        except httpx.TransportError:
            return False

    # --- what the outside world does ---

    def request_refund(self, amount: float, number: str = "1001", **fields: object) -> str:
        """The help desk's webhook call: customer C-`number` wants `amount` euros of charge CH-`number` back.

        Returns the ticket's number, which is the case's business key.
        """
        ticket_id = f"T-{new_id()[-8:]}"
        body = refund_request(amount, number, ticket_id=ticket_id, **fields)
        assert self.call_hook(json.dumps(body).encode(), new_id()).status_code == 202
        return ticket_id

    def call_hook(self, content: bytes, key: str, signature: str | None = None) -> httpx.Response:
        secret = DEMONSTRATION_HOOK_KEYS["refund-requested"].encode()
        signed = f"sha256={hmac.new(secret, content, hashlib.sha256).hexdigest()}"
        headers = {
            "Content-Type": "application/json",
            "X-Bailiwick-Signature": signature or signed,
            "Idempotency-Key": key,
        }
        return httpx.post(f"{self.address}/hooks/refund-requested", content=content, headers=headers, timeout=30)

    # --- what an admin sees through the API ---

    @cached_property
    def api(self) -> httpx.Client:
        """The JSON API, signed in as the demonstration's admin."""
        return self.client("carla")

    def client(self, person: str) -> httpx.Client:
        """The JSON API as this person, with a bearer token."""
        client = httpx.Client(base_url=f"{self.address}/api/v1", timeout=30)
        answer = client.post("/sessions", json={"name": person, "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"
        return client

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """What the API answers at this path."""
        found: dict[str, Any] = self.api.get(path, params=query).raise_for_status().json()
        return found

    def case(self, ticket_id: str) -> dict[str, Any]:
        """The instance of this ticket, once there is one."""

        def started() -> str | None:
            found = self.get("/instances", business_key=ticket_id)["items"]
            return found[0]["id"] if found else None

        return self.get(f"/instances/{until(started, f'an instance for {ticket_id}')}")

    def until_case(self, ticket_id: str, holds: Callable[[dict[str, Any]], object], what: str) -> dict[str, Any]:
        """The instance of this ticket as soon as something holds of it."""
        return until(lambda: case if holds(case := self.case(ticket_id)) else None, f"{ticket_id} {what}")

    def until_completed(self, ticket_id: str) -> dict[str, Any]:
        return self.until_case(ticket_id, lambda case: case["view"]["status"] == "completed", "completed")

    def task(self, ticket_id: str) -> dict[str, Any]:
        """The open task of this ticket's instance, once there is one."""
        return self.until_case(ticket_id, lambda case: case["tasks"], "has a task")["tasks"][0]

    # --- the company's own systems ---

    def refunds(self, charge_id: str) -> list[dict[str, Any]]:
        """What billing has booked for this charge."""
        answer = httpx.get(f"{self.sandbox}/billing/refunds", params={"charge_id": charge_id}, timeout=30)
        found: list[dict[str, Any]] = answer.raise_for_status().json()["refunds"]
        return found

    def switch_fault_on(self, system: str, kind: str, count: int | None = None) -> None:
        """Let a system misbehave (unavailable, lost-answer …), for `count` requests or until switched off."""
        fault = {"system": system, "kind": kind, "count": count}
        httpx.post(f"{self.sandbox}/faults", json=fault, timeout=30).raise_for_status()

    def switch_faults_off(self) -> None:
        httpx.delete(f"{self.sandbox}/faults", timeout=30).raise_for_status()

    def skip(self, **duration: float) -> None:
        """Let time pass for every process of the installation: ``skip(minutes=31)``."""
        self.clock.advance(timedelta(**duration))


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports
