"""The sandbox company over real HTTP, and a context that leads to it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from app.handlers import ActionContext
from sandbox import running_company
from tests.tasks.certificates import certificates

__all__ = ["certificates"]

SYSTEMS = ("crm", "billing", "helpdesk", "mail")
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


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
        timeout_seconds=15,
        config={f"{system}.base_url": str(company.base_url.join(system)) for system in SYSTEMS},
    )
