"""The whole service as users meet it: HTTP, one web and two worker processes, the clock, PostgreSQL and Redis."""

import http.client
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Any

import redis
from sqlalchemy import func, select

from app.ids import new_id
from app.runtime import Runtime
from app.runtime.views import InstanceStatus
from app.store.tables import InstanceRow
from bench.service.models import VARIABLES
from tests.acceptance.installation import Installation, until
from tests.services import REDIS_URL

CLIENTS = 4
PAGE = 100
PAUSE_SECONDS = 0.1  # of whoever completes tasks, when the inbox had no full page


@dataclass(frozen=True, slots=True)
class Client:
    """One connection that stays open, as a program has it that uses the API a lot."""

    connection: http.client.HTTPConnection
    token: str

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else None


@contextmanager
def service(folder: Path, environment: dict[str, str]) -> Iterator[Installation]:
    """Web, two workers and the clock, over a queue of their own."""
    queue_name = f"bench-{new_id()}"
    broker_url = os.environ[REDIS_URL]
    own = {"BAILIWICK_BROKER_URL": broker_url, "BAILIWICK_QUEUE_NAME": queue_name, "BAILIWICK_LOG_LEVEL": "WARNING"}
    with Installation(folder, environment | own | {"BAILIWICK_TICK_SECONDS": "1"}) as installation:
        for part in ("serve", "worker", "worker", "clock"):
            installation.start(part)
        until(installation.is_ready, "the web process answers")
        yield installation
    with redis.Redis.from_url(broker_url) as broker:
        broker.delete(*broker.keys(f"*{queue_name}*"))


def instances_a_second(
    installation: Installation, runtime: Runtime, token: str, process_id: str, instances: int
) -> float:
    """Start so many and complete their tasks as they appear, until the last of them is completed."""
    before = _completed(runtime, process_id)
    done = Event()
    shares = [(instances + number) // CLIENTS for number in range(CLIENTS)]
    began = perf_counter()
    threads = [Thread(target=_start, args=(_client(installation, token), process_id, share)) for share in shares]
    threads.append(Thread(target=_complete, args=(_client(installation, token), done)))
    for thread in threads:
        thread.start()

    def finished() -> bool:
        return _completed(runtime, process_id) - before >= instances

    until(finished, f"{instances} instances of {process_id} are completed")
    seconds = perf_counter() - began
    done.set()
    for thread in threads:
        thread.join()
    return instances / seconds


def _start(client: Client, process_id: str, instances: int) -> None:
    for _ in range(instances):
        status, answer = client.call("POST", "/instances", {"process_id": process_id, "variables": VARIABLES})
        assert status == 201, answer


def _complete(client: Client, done: Event) -> None:
    while not done.is_set():
        _, answer = client.call("GET", f"/tasks?view=available&limit={PAGE}")
        for task in answer["items"]:
            status, refusal = client.call("POST", f"/tasks/{task['id']}/complete", {"variables": {"answer": True}})
            assert status == 204, refusal
        if len(answer["items"]) < PAGE:
            done.wait(PAUSE_SECONDS)


def _client(installation: Installation, token: str) -> Client:
    return Client(http.client.HTTPConnection("127.0.0.1", installation.port, timeout=60), token)


def _completed(runtime: Runtime, process_id: str) -> int:
    counted = select(func.count()).select_from(InstanceRow)
    counted = counted.where(InstanceRow.process_id == process_id, InstanceRow.status == InstanceStatus.COMPLETED)
    with runtime.core.store.read() as session:
        return session.scalar(counted) or 0
