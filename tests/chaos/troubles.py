"""Troubles of what the platform stands on: each begins, lasts while work goes on, and ends.

Redis dies, forgets and falls silent, the database is restarted in the middle of transactions, and processes stand still
for longer than their leases. Killing processes is what strikes do.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from tests.chaos.private_postgres import PrivatePostgres
from tests.worker.private_redis import PrivateRedis


class Flow(Protocol):
    """What a trouble is told: how work goes on while it lasts."""

    def goes_on(self, when: str) -> None: ...

    def freeze(self, name: str) -> int: ...

    def thaw(self, process_number: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Troubles:
    redis: PrivateRedis
    postgres: PrivatePostgres

    def all(self, flow: Flow) -> Iterator[tuple[str, AbstractContextManager[None]]]:
        yield "Redis is gone", self._redis_gone()
        yield "Redis has forgotten everything", self._redis_flushed()
        yield "Redis is silent", self._redis_silent()
        yield "the database is restarted", self._database_restarted()
        for name in ("worker", "clock"):
            yield f"a {name} stands still beyond its lease", _frozen(flow, name)

    @contextmanager
    def _redis_gone(self) -> Iterator[None]:
        self.redis.kill()
        yield
        self.redis.start()

    @contextmanager
    def _redis_flushed(self) -> Iterator[None]:
        self.redis.flush()
        yield

    @contextmanager
    def _redis_silent(self) -> Iterator[None]:
        self.redis.freeze()
        yield
        self.redis.thaw()

    @contextmanager
    def _database_restarted(self) -> Iterator[None]:
        self.postgres.kill()
        self.postgres.start()
        yield


@contextmanager
def _frozen(flow: Flow, name: str) -> Iterator[None]:
    """Its twin goes on; what it held is lost to it, and its late answers are refused."""
    number = flow.freeze(name)
    assert number > 0
    yield
    flow.thaw(number)
