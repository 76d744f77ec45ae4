"""The review of a role: when it is overdue, nothing more is deployed under the role; what runs goes on."""

from pathlib import Path

import pytest

from app.errors import ModelError, Severity
from app.runtime import SYSTEM
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task

ROLES = Path(__file__).parent / "roles"
BOOK = diagram("book", START, service_task("ledger.book"), END, bailiwick_role="bookings")
CADENCE = b"2: 36500"


def files(cadence: bytes) -> dict[str, bytes]:
    roles = {f"roles/{file.name}": file.read_bytes() for file in ROLES.iterdir()}
    assert CADENCE in roles["roles/company.yaml"]
    roles["roles/company.yaml"] = roles["roles/company.yaml"].replace(CADENCE, cadence)
    return {"book.bpmn": BOOK, **roles}


def codes(platform: Platform, changed: dict[str, bytes]) -> set[str]:
    with pytest.raises(ModelError) as refused:
        platform.runtime.deployments.deploy(SYSTEM, changed)
    return {each.code for each in refused.value.diagnostics if each.severity is Severity.ERROR}


def test_an_overdue_role_is_not_deployed(platform: Platform) -> None:
    """Neither its document nor a process under it, together or alone; until then both were; other models are."""
    models = files(b"2: 30")
    platform.runtime.deployments.deploy(SYSTEM, models)
    platform.start("book", {"amount": 1})
    platform.advance(days=30)
    assert codes(platform, models) == {"roles.review-overdue", "deployment.review-overdue"}
    assert codes(platform, {"book.bpmn": BOOK}) == {"deployment.review-overdue"}
    assert platform.cases()[0].view.status == "completed"
    platform.runtime.deployments.deploy(SYSTEM, {"plain.bpmn": diagram("plain", START, END)})


def test_a_review_lets_it_be_deployed_again(platform: Platform) -> None:
    """The new date is a new version of the document."""
    models = files(b"2: 30")
    platform.runtime.deployments.deploy(SYSTEM, models)
    platform.advance(days=30)
    reviewed = models["roles/job.yaml"].replace(b"last: 2026-01-01", b"last: 2026-02-01")
    platform.runtime.deployments.deploy(SYSTEM, {"roles/job.yaml": reviewed, "book.bpmn": BOOK})
    assert platform.runtime.deployments.mandate("bookings").version == 2
