"""A web service on this machine, and a context that may call it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.handlers import ActionContext
from tests.tasks.http_json.calls import SECRET
from tests.tasks.web_service import WebService, web_service


@pytest.fixture
def service() -> Iterator[WebService]:
    with web_service() as running:
        yield running


@pytest.fixture
def context() -> ActionContext:
    return ActionContext(
        idempotency_key="job-1",
        job_id="job-1",
        attempt=1,
        instance_id="instance-1",
        process_id="onboarding",
        trace_id="trace-1",
        started_at=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
        timeout_seconds=20,
        config={"http.allowed_hosts": "127.0.0.1", "secrets.api_key": SECRET, "secrets.USER": "ann@example.com"},
        headers={"resultVariable": "answer"},
        variables={"minimum": Decimal(10)},
        retries=3,
    )
