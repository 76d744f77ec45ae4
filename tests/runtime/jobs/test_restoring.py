"""A backup is taken under load, everything finishes, the backup is restored: nothing has its effect twice."""

import hashlib
import hmac
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import make_url

from app.errors import NotFound
from app.roles import Ungoverned
from app.runtime import SYSTEM, RuntimeSettings
from app.runtime.views import JobState
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task, start_by, timer_catch
from tests.runtime.ledger import Ledger
from tests.store.databases import KINDS, fresh_database

HOOK = b"""
name: ordered
message: ordered
secret: ordered
correlation_key: =order_id
schema:
  type: object
  properties:
    order_id: {type: string}
    amount: {type: number}
"""
SECRET = "a secret of the other side"
TWICE = service_task("ledger.book", "both").replace(
    "{flows}",
    '{flows}<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">=2'
    "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
)
CALL = (
    '<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId="called" />'
    "</bpmn:extensionElements>{flows}</bpmn:callActivity>"
)
MODELS = {
    "order.bpmn": diagram(
        "order",
        start_by("message", "m"),
        service_task("ledger.book", "first"),
        timer_catch("PT1M"),
        TWICE,
        CALL,
        END,
        roots='<bpmn:message id="m" name="ordered" />',
    ),
    "called.bpmn": diagram("called", START, service_task("ledger.book", "inner"), END),
    "hooks/ordered.yaml": HOOK,
}
EFFECTS = 4  # of one order


def platform_on(address: str, ledger: Ledger) -> Platform:
    settings = RuntimeSettings(hook_secrets={"ordered": SECRET})
    return Platform([], ledger.handlers(), settings=settings, database=address, ungoverned=Ungoverned.ALLOW)


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_database(request.param, tmp_path) as address:
        yield address


def order(platform: Platform, number: int) -> str:
    """The sender's call; repeated, it is the same."""
    body = f'{{"order_id": "{number}", "amount": {number}}}'.encode()
    signature = f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"
    receipt = platform.runtime.hooks.accept("ordered", body, signature, f"order-{number}")
    assert receipt.delivery_id is not None
    return receipt.delivery_id


def back_up(address: str, folder: Path) -> Path:
    """What an operator does: SQLite's own backup, or pg_dump."""
    url, file = make_url(address), folder / "backup"
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
        return file
    subprocess.run(["pg_dump", "--schema", schema_of(address), "--file", str(file), plain(address)], check=True)
    return file


def restore(address: str, file: Path) -> None:
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{url.database}{suffix}").unlink(missing_ok=True)
        Path(str(url.database)).write_bytes(file.read_bytes())
        return
    engine = sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema_of(address)} CASCADE")
    engine.dispose()
    command = ["psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(file), plain(address)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def schema_of(address: str) -> str:
    return str(make_url(address).query["options"]).partition("search_path=")[2]


def plain(address: str) -> str:
    """The address without what psycopg alone understands."""
    return make_url(address).set(drivername="postgresql", query={}).render_as_string(hide_password=False)


def test_a_restored_backup_has_no_effect_twice(address: str, tmp_path: Path) -> None:
    """Orders in every state at the backup, all finished after it, one more after it, and senders that repeat their
    calls: each job asks with the key that it had, so the books do not change.
    """
    ledger = Ledger()
    with platform_on(address, ledger) as platform:
        platform.runtime.deployments.deploy(SYSTEM, MODELS)
        platform.runtime.hooks.process(order(platform, 1))
        platform.run()  # its first booking is done
        platform.runtime.hooks.process(order(platform, 2))  # its first booking waits
        order(platform, 3)  # stored, nobody has looked at it
        (leased,) = platform.runtime.jobs.lease("a worker that the backup outlives", 1)
        assert platform.runtime.jobs.begin(leased, "a worker that the backup outlives") is not None
        backup = back_up(address, tmp_path)
        finish(platform, 4)
        books = dict(ledger.entries)
        assert len(books) == 4 * EFFECTS
    restore(address, backup)
    with platform_on(address, ledger) as platform:
        attempts = ledger.attempts
        outlook = platform.runtime.restoring.hold(SYSTEM)
        assert (outlook.is_held, outlook.deliveries, outlook.running_instances) == (True, 1, 2)
        assert outlook.jobs == {"ledger.book": 1}
        platform.advance(days=1)
        assert ledger.attempts == attempts
        platform.runtime.restoring.go_on(SYSTEM)
        finish(platform, 4)
        assert ledger.entries == books
        assert ledger.attempts > attempts
        assert [case.view.status.value for case in platform.cases()] == ["completed"] * 8
        assert platform.runtime.audit.verify().ok
        with pytest.raises(NotFound):
            platform.runtime.restoring.go_on(SYSTEM)


def finish(platform: Platform, orders: int) -> None:
    """All senders call (again), and everything is done."""
    for number in range(1, orders + 1):
        platform.runtime.hooks.process(order(platform, number))
    for _ in range(3):
        platform.advance(minutes=10)


def test_two_visits_of_one_element_have_two_keys(address: str) -> None:
    """Neither of several instances of one activity, nor of two orders, nor of an undo, shares a key with another."""
    ledger = Ledger()
    with platform_on(address, ledger) as platform:
        platform.runtime.deployments.deploy(SYSTEM, MODELS)
        finish(platform, 2)
        assert len(ledger.entries) == 2 * EFFECTS
        jobs = [job for case in platform.cases() for job in case.jobs]
        assert {job.idempotency_key for job in jobs} == ledger.entries.keys()
        undo = platform.runtime.undo(SYSTEM, jobs[0].id, "paid twice")
        platform.run()
        job = platform.runtime.jobs.get(SYSTEM, undo)
        assert (job.state, job.idempotency_key in {each.idempotency_key for each in jobs}) == (JobState.DONE, False)
