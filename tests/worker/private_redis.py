"""A Redis of a test's own, on a free port, which the test may kill, freeze, flush and start again."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis

from tests.acceptance.installation import PATIENCE_SECONDS, _free_ports, until


class PrivateRedis:
    """It keeps nothing on disk: killed, it has forgotten everything."""

    def __init__(self, program: str, folder: Path) -> None:
        (self.port,) = _free_ports(1)
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir", str(folder)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        until(self._answers, "Redis answers")

    def kill(self) -> None:
        """Gone at once, with everything that it knew."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE_SECONDS)

    def freeze(self) -> None:
        """Connections stay open, and nobody answers on them."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis.from_url(self.url, socket_timeout=1) as client:
            return bool(client.ping())
        return False


@contextmanager
def private_redis(folder: Path) -> Iterator[PrivateRedis | None]:
    """One that runs, or None where no server is installed."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        yield None
        return
    server = PrivateRedis(program, folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
