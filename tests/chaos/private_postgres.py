"""A PostgreSQL of a test's own, which the test may restart as roughly as it likes."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import START_SECONDS, _free_port, _run, _unprivileged_owner


class PrivatePostgres:
    def __init__(self, control: list[str], folder: str, user: str | None, port: int) -> None:
        self.address = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        self._start = [*control, "-o", options, "start"]
        self._stop = [*control, "-m", "immediate", "stop"]
        self._user, self._folder = user, folder

    def start(self) -> None:
        _run(self._start, self._user, self._folder)

    def kill(self) -> None:
        """As a power cut would: no connection is told, and the next start recovers."""
        subprocess.run(self._stop, check=False, user=self._user, cwd=self._folder, capture_output=True)


@contextmanager
def private_postgres() -> Iterator[PrivatePostgres | None]:
    """One that runs, or None where no server is installed."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    initdb = shutil.which("initdb") or next(
        (str(each / "initdb") for each in folders if (each / "initdb").exists()), None
    )
    if initdb is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="bailiwick-postgres-", ignore_cleanup_errors=True) as folder:
        user = _unprivileged_owner(Path(folder))
        _run([initdb, "-D", f"{folder}/data", "-U", "postgres", "-A", "trust"], user, folder)
        control = [str(Path(initdb).with_name("pg_ctl")), "-D", f"{folder}/data", "-w", "-t", str(START_SECONDS)]
        server = PrivatePostgres([*control, "-l", f"{folder}/log"], folder, user, _free_port())
        server.start()
        try:
            yield server
        finally:
            server.kill()
