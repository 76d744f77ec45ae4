"""`bailiwick run`: web, worker, clock and the sandbox company as one process tree, each with a log file of its own."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.errors import BailiwickError
from app.settings import Settings

STOP_SECONDS = 15
START_SECONDS = 60
RESTARTS = 5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0  # a part that lives so long begins its count of restarts anew
LOOK_SECONDS = 0.2
PR_SET_PDEATHSIG = 1  # prctl(2)


class CannotRun(BailiwickError):
    """A part of the process tree cannot run; the text says which, and why."""


@dataclass(slots=True)
class Part:
    """One child process: how it is started, where it says what it does, and how often it had to be started again.

    `is_at_risk`: what it runs may kill it. It is started again however often it dies, after a pause that grows: a job
    that kills its worker ends as an incident, and all others shall go on.
    """

    name: str
    command: list[str]
    log_file: Path
    is_at_risk: bool = False
    restarts: int = 0
    started_at: float = 0.0
    again_at: float | None = None  # when it is to be started again
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self, environment: dict[str, str]) -> None:
        self.started_at, self.again_at = time.monotonic(), None
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands, listed in `parts`
                self.command,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread
            )

    @property
    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def last_words(self, lines: int = 5) -> str:
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-lines:])


def supervise(settings: Settings, when_ready: Callable[[], None]) -> None:
    """Run all parts until Ctrl-C or SIGTERM, then stop all of them. A part that dies is started again, up to a bound.

    Raises `CannotRun` when a port is taken or a part does not stay up.
    """
    _refuse_taken_port(settings.host, settings.port)
    sandbox_port = _free_port(settings.host, settings.sandbox_port)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    environment = {**os.environ, "BAILIWICK_DEMO": "1", "BAILIWICK_SANDBOX_PORT": str(sandbox_port)}
    address = f"http://{settings.host}:{settings.port}/readyz"
    run_tree(parts(settings, sandbox_port), environment, lambda: _answers(address), when_ready, stop)


def run_tree(
    children: list[Part],
    environment: dict[str, str],
    is_ready: Callable[[], bool],
    when_ready: Callable[[], None],
    stop: threading.Event,
) -> None:
    """Start the children, say when they are ready, keep them up until `stop` is set, and end them in any case."""
    try:
        for part in children:
            part.start(environment)
        _wait_until_ready(children, is_ready, stop)
        if not stop.is_set():
            when_ready()
        while not stop.wait(LOOK_SECONDS):
            _revive(children, environment)
    finally:
        _stop(children)


def parts(settings: Settings, sandbox_port: int) -> list[Part]:
    folder = settings.data_folder.resolve() / "log"
    folder.mkdir(parents=True, exist_ok=True)
    bailiwick = [sys.executable, "-m", "app.cli"]
    sandbox_data = str(settings.data_folder.resolve() / "sandbox.sqlite")
    sandbox = [sys.executable, "-m", "sandbox", "--host", settings.host, "--port", str(sandbox_port)]
    commands = {
        "sandbox": [*sandbox, "--database", sandbox_data],
        "web": [*bailiwick, "serve"],
        "worker": [*bailiwick, "worker"],
        "clock": [*bailiwick, "clock"],
    }
    return [Part(name, command, folder / f"{name}.log", name == "worker") for name, command in commands.items()]


def _refuse_taken_port(host: str, port: int) -> None:
    try:
        _bind(host, port)
    except OSError as error:
        raise CannotRun(f"Port {port} cannot be used ({error.strerror}). Set BAILIWICK_PORT to a free one.") from None


def _free_port(host: str, wanted: int) -> int:
    """The wanted port, or any free one, so that a second demonstration on this machine gets along."""
    try:
        return _bind(host, wanted)
    except OSError:
        port = _bind(host, 0)
        print(f"Port {wanted} is taken: the sandbox company is at http://{host}:{port}", flush=True)
        return port


def _bind(host: str, port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])


def _end_with_parent() -> None:
    """In the child, before it becomes its command: end when the supervisor is killed and can stop nobody any more."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=LOOK_SECONDS * 10, trust_env=False).is_success
    except httpx.TransportError:
        return False


def _wait_until_ready(children: list[Part], is_ready: Callable[[], bool], stop: threading.Event) -> None:
    asked = 0
    while not stop.wait(LOOK_SECONDS):
        for part in children:
            if part.has_died:
                raise CannotRun(f"{part.name} ended at its start:\n{part.last_words()}")
        if is_ready():
            return
        asked += 1
        if asked * LOOK_SECONDS > START_SECONDS:
            logs = ", ".join(str(part.log_file) for part in children)
            raise CannotRun(f"The web pages did not answer within {START_SECONDS} seconds; see {logs}.")


def _revive(children: list[Part], environment: dict[str, str]) -> None:
    for part in children:
        if not part.has_died:
            continue
        if part.again_at is None:
            _plan_restart(part)
        if part.again_at is not None and time.monotonic() >= part.again_at:
            part.start(environment)


def _plan_restart(part: Part) -> None:
    now = time.monotonic()
    if now - part.started_at >= STEADY_SECONDS:
        part.restarts = 0
    if part.restarts == RESTARTS and not part.is_at_risk:
        raise CannotRun(f"{part.name} ended {RESTARTS + 1} times:\n{part.last_words()}")
    part.restarts += 1
    pause = min(2.0 ** (part.restarts - 2), LONGEST_PAUSE_SECONDS) if part.is_at_risk and part.restarts > 1 else 0.0
    part.again_at = now + pause
    times = f"{part.restarts}" if part.is_at_risk else f"{part.restarts} of {RESTARTS}"
    print(f"{part.name} ended and is started again ({times}); see {part.log_file}", flush=True)


def _stop(children: list[Part]) -> None:
    """Ask every part to stop, web first so that nothing new arrives; what does not listen is killed."""
    running = [part.process for part in children if part.process is not None and part.process.poll() is None]
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
