"""One attempt against the sandbox company: looked at first, done, read back, taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from app.handlers import ActionContext
from app.runtime import Work
from app.worker.execution import perform
from sandbox import running_company
from tasks.billing import fetch_charge, refund

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

WORK = Work(
    job_id="job-1",
    attempt=1,
    type="billing.refund",
    worker_id="worker-1",
    variables={"charge_id": "CH-1001", "amount": Decimal(35), "currency": "EUR", "reason": "damaged"},
    headers={},
    root_id="i",
    instance_id="instance-1",
    process_id="support-refund",
    element_id="refund-charge",
    trace_id="trace-1",
    idempotency_key="job-1",
    deadline=NOW,
    timeout_seconds=20,
)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[httpx.Client]:
    with (
        running_company(tmp_path / "company.sqlite") as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def context(company: httpx.Client) -> ActionContext:
    return ActionContext(
        idempotency_key="job-1",
        job_id="job-1",
        attempt=1,
        instance_id="instance-1",
        process_id="support-refund",
        trace_id="trace-1",
        started_at=NOW,
        timeout_seconds=20,
        config={"billing.base_url": str(company.base_url.join("billing"))},
    )


def effects(company: httpx.Client) -> list[str]:
    return [effect["operation"] for effect in company.get("/effects").json()["effects"]]


def test_done_and_read_back(company: httpx.Client, context: ActionContext) -> None:
    """The result comes with its verification; a read has none."""
    done = perform(refund, WORK, context)
    assert done.verification is not None
    assert done.verification.confirmed
    read = perform(fetch_charge, replace(WORK, type="billing.fetch-charge"), context)
    assert read.verification is None
    assert read.result["refunded"] == Decimal(35)


def test_what_was_done_already_is_not_done_again(company: httpx.Client, context: ActionContext) -> None:
    """After a lost answer the next attempt looks first, finds the refund and takes it as its result."""
    company.post("/faults", json={"system": "billing", "kind": "lost-answer", "count": 1})
    with pytest.raises(httpx.RemoteProtocolError):
        perform(refund, WORK, context)
    again = perform(refund, replace(WORK, attempt=2, look_first=True), context)
    assert again.result["amount"] == Decimal(35)
    assert effects(company) == ["book-refund"]


def test_looking_first_finds_nothing_and_does_it(company: httpx.Client, context: ActionContext) -> None:
    """Where nothing happened, the second attempt does it."""
    assert perform(refund, replace(WORK, attempt=2, look_first=True), context).verification is not None
    assert effects(company) == ["book-refund"]


def test_the_books_count_and_not_the_answer(company: httpx.Client, context: ActionContext) -> None:
    """Billing answers with another amount than it booked: the result is what was read back."""
    company.post("/faults", json={"system": "billing", "kind": "wrong-answer", "touches": "writes", "count": 1})
    assert perform(refund, WORK, context).result["amount"] == Decimal(35)


def test_an_undo_is_read_back_too(company: httpx.Client, context: ActionContext) -> None:
    """Taken back is confirmed when the other system does not show the effect any more."""
    done = perform(refund, WORK, context)
    undone = perform(
        refund, replace(WORK, job_id="job-2", undo_result=done.result), replace(context, idempotency_key="job-2")
    )
    assert undone.result["state"] == "cancelled"
    assert undone.verification is not None
    assert undone.verification.confirmed
    assert effects(company) == ["book-refund", "cancel-refund"]
