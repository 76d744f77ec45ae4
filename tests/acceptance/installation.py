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
from pathlib import Path
from typing import Self, TypeVar

import httpx

from app.clock import AdjustableClock
from app.ids import new_id
from app.settings import DEMONSTRATION_HOOK_KEYS

REPOSITORY = Path(__file__).parents[2]
PATIENCE_SECONDS = 120  # how long something may take before the test says that it never happened

T = TypeVar("T")


def until(happened: Callable[[], T | None], what: str) -> T:
    """The first true answer of `happened`, asked again and again. Fails with `what` when patience ends."""
    pause = threading.Event()
    asked = 0
    while asked < PATIENCE_SECONDS * 10:
        if answer := happened():
            return answer
        pause.wait(0.1)
        asked += 1
    raise AssertionError(f"never happened: {what}")


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
        self.start("run")
        until(self.is_ready, "bailiwick run answers at /readyz")
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

    def request_refund(self, amount: float, *, key: str | None = None, **fields: object) -> httpx.Response:
        """The webhook call of the shop: a refund of `amount` euros, signed and with an idempotency key."""
        number = new_id()[-6:]
        body = {
            "ticket_id": f"T-{number}",
            "customer_id": "C-1001",
            "charge_id": "CH-1001",
            "amount": amount,
            "reason": "damaged",
            "message": "It arrived broken.",
            "requested_by": "ben",
            **fields,
        }
        return self.call_hook(json.dumps(body).encode(), key or new_id())

    def call_hook(self, content: bytes, key: str, signature: str | None = None) -> httpx.Response:
        secret = DEMONSTRATION_HOOK_KEYS["refund-requested"].encode()
        signed = f"sha256={hmac.new(secret, content, hashlib.sha256).hexdigest()}"
        headers = {
            "Content-Type": "application/json",
            "X-Bailiwick-Signature": signature or signed,
            "Idempotency-Key": key,
        }
        return httpx.post(f"{self.address}/hooks/refund-requested", content=content, headers=headers, timeout=30)

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
