"""Killed at a named point, and gone on from there: the call is stored or it is not, and starts exactly one instance."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.runtime import SYSTEM, RuntimeSettings
from app.testing import Platform
from tests.runtime.diagrams import END, diagram, start_by, user_task
from tests.runtime.messages.test_hooks import BODY, HOOK, SECRET, sign
from tests.store.databases import KINDS, fresh_database

CALL = """
import sys
from flask import Flask
from app.clock import VirtualClock
from app.handlers import HandlerRegistry
from app.runtime import RuntimeSettings, create_runtime
from app.store import db

app = Flask("victim")
app.config["SQLALCHEMY_DATABASE_URI"], secret, body, signature = sys.argv[1:]
db.init_app(app)
settings = RuntimeSettings(hook_secrets={"ordered": secret})
runtime = create_runtime(app, VirtualClock(), HandlerRegistry(), None, settings)
runtime.hooks.process(runtime.hooks.accept("ordered", body.encode(), signature, "k-1").delivery_id)
"""


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_database(request.param, tmp_path) as address:
        yield address


@pytest.mark.parametrize(
    "point",
    [
        "before-transaction-end:1",  # the call is not stored yet: its sender repeats it
        "after-accept",
        "before-delivery-end",
        "before-transaction-end:2",
        "after-commit:2",  # the message is stored, nobody has correlated it
        "before-transaction-end:3",  # the instance is there, but not committed
        "after-commit:3",
    ],
)
def test_a_call_starts_one_instance_wherever_its_process_dies(address: str, point: str) -> None:
    """The sender repeats the call with its key, the clock finds what was left behind."""
    settings = RuntimeSettings(hook_secrets={"ordered": SECRET})
    with Platform([], settings=settings, database=address) as platform:
        process = diagram(
            "order", start_by("message", "m"), user_task(), END, roots='<bpmn:message id="m" name="ordered" />'
        )
        platform.runtime.deployments.deploy(SYSTEM, {"order.bpmn": process, "hooks/ordered.yaml": HOOK})
        killed = subprocess.run(
            [sys.executable, "-c", CALL, address, SECRET, BODY.decode(), sign(BODY)],
            env={**os.environ, "BAILIWICK_FAULT": point},
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
        receipt = platform.runtime.hooks.accept("ordered", BODY, sign(BODY), "k-1")
        assert receipt.first is (point == "before-transaction-end:1")
        assert receipt.delivery_id is not None
        platform.runtime.hooks.process(receipt.delivery_id)
        platform.clock.advance(timedelta(minutes=1))
        platform.run()
        assert [case.view.trace_id for case in platform.cases()] == [receipt.trace_id]
        assert platform.runtime.audit.verify().ok


def test_an_unknown_point_is_refused() -> None:
    """A chaos test that names a point which is gone must not pass unnoticed."""
    started = subprocess.run(
        [sys.executable, "-c", "import app.runtime"],
        env={**os.environ, "BAILIWICK_FAULT": "nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert "BAILIWICK_FAULT" in started.stderr
