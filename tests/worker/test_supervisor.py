"""The process tree of `bailiwick run`, with children that do little."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.worker import supervisor
from app.worker.supervisor import RESTARTS, CannotRun, Part, run_tree
from tests.acceptance.installation import PATIENCE_SECONDS, until

FOREVER = "import threading; threading.Event().wait()"

TREE = """
import sys, threading
from pathlib import Path
from app.worker.supervisor import Part, run_tree

part = Part("child", [sys.executable, "-c", {forever!r}], Path({log!r}))
run_tree([part], {{}}, lambda: True, lambda: print(part.process.pid, flush=True), threading.Event())
"""


def part(folder: Path, name: str, code: str) -> Part:
    return Part(name, [sys.executable, "-c", code], folder / f"{name}.log")


def run(children: list[Part], stop: threading.Event, when_ready: object = lambda: None) -> None:
    run_tree(children, dict(os.environ), lambda: True, when_ready, stop)


def is_alive(process_id: int) -> bool:
    """Whether the process runs; a zombie does not."""
    status = Path(f"/proc/{process_id}/stat")
    return status.exists() and status.read_text().rpartition(") ")[2][0] != "Z"


def test_stopping_ends_every_child(tmp_path: Path) -> None:
    """Once ready it is said; once stopped no child is left, and each was asked before it was ended."""
    stop, children = threading.Event(), [part(tmp_path, name, FOREVER) for name in ("web", "worker")]
    run(children, stop, when_ready=stop.set)
    assert [child.process.returncode for child in children] == [-signal.SIGTERM] * 2


def test_a_child_that_died_is_started_again(tmp_path: Path) -> None:
    """A child that ends once is replaced; its log says what every life of it said."""
    mark = tmp_path / "mark"
    stop = threading.Event()
    dies_once = f"""
import pathlib, sys, threading
mark = pathlib.Path({str(mark)!r})
lives = len(mark.read_text()) if mark.exists() else 0
mark.write_text("x" * (lives + 1))
print("life", lives, flush=True)
if lives > 0: threading.Event().wait()
threading.Event().wait(1)
"""
    child = part(tmp_path, "worker", dies_once)
    watcher = threading.Thread(
        target=lambda: until(lambda: "life 1" in child.last_words(), "a second life") and stop.set()
    )
    run([child], stop, when_ready=watcher.start)
    watcher.join()
    assert child.restarts == 1
    assert child.last_words() == "life 0\nlife 1"


def test_a_child_that_dies_at_once_stops_the_tree(tmp_path: Path) -> None:
    """A part that cannot start is named with its last words, and nothing else is left running."""
    healthy = part(tmp_path, "web", FOREVER)
    broken = part(tmp_path, "clock", "print('no database'); raise SystemExit(3)")
    never_ready = threading.Event()
    with pytest.raises(CannotRun, match="clock ended at its start:\nno database"):
        run_tree([healthy, broken], dict(os.environ), never_ready.is_set, lambda: None, threading.Event())
    assert healthy.process is not None
    assert healthy.process.returncode == -signal.SIGTERM


def test_restarts_have_a_bound(tmp_path: Path) -> None:
    """A part that dies again and again is given up, by name."""
    broken = part(tmp_path, "clock", "import threading; print('again'); threading.Event().wait(0.5)")
    with pytest.raises(CannotRun, match=f"clock ended {RESTARTS + 1} times"):
        run([broken], threading.Event())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_a_killed_supervisor_leaves_nobody_behind(tmp_path: Path) -> None:
    """SIGKILL leaves no time to stop anybody: the children end by themselves."""
    program = TREE.format(forever=FOREVER, log=str(tmp_path / "child.log"))
    killed = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    child = int(killed.stdout.readline())
    assert is_alive(child)
    killed.kill()
    killed.wait(PATIENCE_SECONDS)
    until(lambda: not is_alive(child), "the child ends")
    killed.stdout.close()


def test_a_worker_that_its_jobs_kill_is_started_again_and_again(tmp_path: Path) -> None:
    """One bad case after the other does not end what is healthy: beyond the bound of other parts it lives again."""
    code = f"""
import pathlib, threading
mark = pathlib.Path({str(tmp_path / "mark")!r})
lives = len(mark.read_text()) if mark.exists() else 0
mark.write_text("x" * (lives + 1))
if lives > {RESTARTS}: print("survived", flush=True); threading.Event().wait()
threading.Event().wait(0.3)
"""
    stop, worker = threading.Event(), part(tmp_path, "worker", code)
    worker.is_at_risk = True
    for lives in range(RESTARTS + 1):
        worker.start(dict(os.environ))
        assert worker.process is not None
        worker.process.wait(PATIENCE_SECONDS)
        supervisor._plan_restart(worker)
        assert worker.restarts == lives + 1
        assert worker.again_at is not None
    watcher = threading.Thread(
        target=lambda: until(lambda: "survived" in worker.last_words(), "another life") and stop.set()
    )
    worker.again_at = 0.0
    run([worker], stop, when_ready=watcher.start)
    watcher.join()
    assert worker.restarts == RESTARTS + 1
