"""How many statements a transaction costs: what advances an instance needs at most eight on PostgreSQL."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import Connection, event

from app.handlers import ExceptionClass
from app.runtime import SYSTEM, Work
from app.testing import Platform
from tests.runtime.diagrams import (
    END,
    START,
    call,
    diagram,
    message_catch,
    service_task,
    start_by,
    timer_catch,
    user_task,
)

MOST = {"postgresql": 8, "sqlite": 20}  # SQLite, which nobody waits for, gets a statement a table
PAID, PAID_MESSAGE = message_catch("paid")
GO = '<bpmn:message id="m" name="go" />'
ALARM = '<bpmn:signal id="s" name="alarm" />'
SIGNAL_CATCH = (
    '<bpmn:intermediateCatchEvent id="wait">{flows}<bpmn:signalEventDefinition id="d" signalRef="s" />'
    "</bpmn:intermediateCatchEvent>"
)
MODELS = {
    "started.bpmn": diagram("started", start_by("message", "m"), user_task("a"), END, roots=GO),
    "told.bpmn": diagram("told", START, PAID, user_task("b"), END, roots=PAID_MESSAGE),
    "warned.bpmn": diagram("warned", START, SIGNAL_CATCH, user_task("c"), END, roots=ALARM),
    "resting.bpmn": diagram("resting", START, timer_catch("PT1M"), user_task("d"), END),
    "called.bpmn": diagram("called", START, user_task("e"), END),
    "caller.bpmn": diagram("caller", START, call("called"), END),
    "paying.bpmn": diagram("paying", START, service_task("ledger.book"), END),
}
keys = (f"K-{number}" for number in count())


def nothing(_: Platform) -> None:
    return None


def told(platform: Platform) -> str:
    key = next(keys)
    platform.start("told", {"order_id": key})
    return key


def rested(platform: Platform) -> None:
    platform.start("resting")
    platform.clock.advance(timedelta(minutes=2))


def called(platform: Platform) -> str:
    platform.start("caller")
    return max(item.id for item in platform.inbox("anna"))


def paying(platform: Platform) -> str:
    (job,) = platform.case(platform.start("paying", {"amount": Decimal(7)})).jobs
    return job.id


def begun(platform: Platform) -> Work:
    work = platform.runtime.jobs.begin(paying(platform), "worker")
    assert work is not None
    return work


@pytest.mark.parametrize(
    ("before", "do"),
    [
        (nothing, lambda platform, _: platform.start("called")),
        (nothing, lambda platform, _: platform.start("caller")),
        (nothing, lambda platform, _: platform.runtime.messages.publish(SYSTEM, "go", next(keys), {"amount": 1})),
        (told, lambda platform, key: platform.runtime.messages.publish(SYSTEM, "paid", key, {"amount": 1})),
        (lambda platform: platform.start("warned"), lambda it, _: it.runtime.messages.broadcast(SYSTEM, "alarm", {})),
        (rested, lambda platform, _: platform.runtime.tick()),
        (called, lambda platform, task: platform.runtime.inbox.complete(platform.actor("anna"), task, {})),
        (paying, lambda platform, job: platform.runtime.jobs.begin(job, "worker")),
        (begun, lambda platform, work: platform.runtime.jobs.finish(work, {"booked": 7})),
        (begun, lambda platform, work: platform.runtime.jobs.fail(work, ExceptionClass.TRANSIENT, "busy")),
        (begun, lambda platform, work: platform.runtime.jobs.fail(work, ExceptionClass.DATA, "wrong")),
        (
            lambda platform: platform.start("called"),
            lambda platform, case: platform.runtime.instances.set_variables(SYSTEM, case, {"x": Decimal(1)}),
        ),
    ],
    ids=[
        "start",
        "call",
        "start by message",
        "message",
        "signal",
        "timer",
        "task of a called instance",
        "begin a job",
        "finish a job",
        "fail a job",
        "incident",
        "set variables",
    ],
)
def test_a_transaction_has_few_statements(
    platform: Platform, before: Callable[[Platform], object], do: Callable[[Platform, object], object]
) -> None:
    """The third of its kind, when programs and facts of versions are known; BEGIN counts where SQLite says it."""
    platform.runtime.deployments.deploy(SYSTEM, MODELS)
    engine = platform.runtime.core.store.engine
    statements: list[str] = []
    counts: list[int] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    def committed(_: Connection) -> None:
        counts.append(len(statements))
        statements.clear()

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", committed)
    for _ in range(3):
        given = before(platform)
        statements.clear()
        counts.clear()
        do(platform, given)
    assert counts
    assert max(counts) <= MOST[engine.dialect.name]
