"""The services that the tests talk to: Chromium, PostgreSQL and Redis; found, installed or started privately.

What answers on localhost is used as it is. What does not is started from binaries on this machine; as root with apt,
missing packages are installed first. What cannot be had is reported, and the tests that need it skip.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis

POSTGRES_URL = "BAILIWICK_TEST_POSTGRES_URL"
REDIS_URL = "BAILIWICK_TEST_REDIS_URL"
CHROMIUM = "BAILIWICK_TEST_CHROMIUM"
START_SECONDS = 60


class Missing(Exception):
    """A service cannot be had here; the text says in one line what to install."""


def provide(
    stack: ExitStack, variables: Sequence[str] = (CHROMIUM, POSTGRES_URL, REDIS_URL)
) -> tuple[dict[str, str], list[str]]:
    """Provide these services, private ones until `stack` closes: the environment to set, and what is left out."""
    environment: dict[str, str] = {}
    left_out: list[str] = []
    providers: dict[str, AbstractContextManager[str]] = {
        CHROMIUM: _chromium(),
        POSTGRES_URL: _postgres(),
        REDIS_URL: _redis(),
    }
    for variable in variables:
        try:
            environment[variable] = stack.enter_context(providers[variable])
        except Missing as reason:
            left_out.append(str(reason))
    return environment, left_out


@contextmanager
def _chromium() -> Iterator[str]:
    yield _program(("chromium", "chromium-browser", "google-chrome"), "chromium", "the browser tests")


@contextmanager
def _postgres() -> Iterator[str]:
    for url in (os.environ.get(POSTGRES_URL), "postgresql://postgres@127.0.0.1:5432/postgres"):
        if url and _postgres_answers(url):
            yield url
            return
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    os.environ["PATH"] += "".join(f":{folder}" for folder in folders)
    if not shutil.which("initdb"):
        _install("postgresql", "initdb", "the PostgreSQL tests")
        os.environ["PATH"] += "".join(f":{folder}" for folder in Path("/usr/lib/postgresql").glob("*/bin"))
    initdb = _program(("initdb",), "postgresql", "the PostgreSQL tests")
    with tempfile.TemporaryDirectory(prefix="bailiwick-postgres-", ignore_cleanup_errors=True) as folder:
        user = _unprivileged_owner(Path(folder))
        port = _free_port()
        data = f"{folder}/data"
        _run([initdb, "-D", data, "-U", "postgres", "-A", "trust"], user, folder)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        control = [
            str(Path(initdb).with_name("pg_ctl")),
            "-D",
            data,
            "-w",
            "-t",
            str(START_SECONDS),
            "-l",
            f"{folder}/log",
        ]
        subprocess.run([*control, "-o", options, "start"], check=True, user=user, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"], check=False, user=user, capture_output=True, cwd=folder
            )


@contextmanager
def _redis() -> Iterator[str]:
    for url in (os.environ.get(REDIS_URL), "redis://127.0.0.1:6379/0"):
        if url and _redis_answers(url):
            yield url
            return
    server = _program(("redis-server", "valkey-server"), "redis-server", "the Redis tests")
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="bailiwick-redis-") as folder:
        command = [
            server,
            "--bind",
            "127.0.0.1",
            "--port",
            str(port),
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            url = f"redis://127.0.0.1:{port}/0"
            with redis.Redis.from_url(url, retry=redis.retry.Retry(redis.backoff.ConstantBackoff(0.1), 100)) as client:
                client.ping()
            yield url
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def _program(names: tuple[str, ...], package: str, purpose: str) -> str:
    """The path of the first of these programs; installs `package` when none is there. Raises `Missing`."""
    for _ in range(2):
        for name in names:
            if path := shutil.which(name):
                return path
        _install(package, names[0], purpose)
    raise Missing(f"Left out: {purpose}. The package {package} brought none of {', '.join(names)}.")


def _install(package: str, program: str, purpose: str) -> None:
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        raise Missing(f"Left out: {purpose}. Install {program} (Debian: apt-get install {package}).")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = ([apt, "-q", "update"], [apt, "-q", "-y", "--no-install-recommends", "install", package])
    print(f"Installing {package} for {purpose} …", flush=True)
    for command in commands:
        done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise Missing(f"Left out: {purpose}. apt-get could not install {package}: {last}")


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def _redis_answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, retry=None) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _run(command: list[str], user: str | None, folder: str) -> None:
    """Run one of PostgreSQL's programs quietly. A server that it starts must not hold our pipes open."""
    subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)


def _unprivileged_owner(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: give the folder to somebody else, and say who."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, "nobody")
    return "nobody"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
