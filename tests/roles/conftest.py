"""A small company: four documents, three actions, and a request that its mandate lets pass."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.roles import ActionInfo, ActionRequest, Brought, Decided, Mandate, compile_roles

FOLDER = Path(__file__).parent / "documents"
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

ACTIONS = {
    "billing.look": ActionInfo("billing.look", "billing", "read", reversible=False, verified=False),
    "billing.refund": ActionInfo(
        "billing.refund",
        "billing",
        "write",
        reversible=True,
        verified=True,
        inputs=frozenset({"amount", "currency"}),
        outputs=frozenset({"amount"}),
    ),
    "helpdesk.draft": ActionInfo("helpdesk.draft", "helpdesk", "draft", reversible=False, verified=False),
}

KEYS = {
    "a-day": "work-role:refunds/a-day",
    "per-customer": "job-role:support-refunds/per-customer",
    "ever": "job-role:support-refunds/ever",
}
"""The windows of refunds, by name."""

Documents = dict[str, bytes]
MandateWith = Callable[..., Mandate]
RequestWith = Callable[..., ActionRequest]


@pytest.fixture
def documents() -> Documents:
    return {file.name: file.read_bytes() for file in sorted(FOLDER.glob("*.yaml"))}


@pytest.fixture
def mandate_with(documents: Documents) -> MandateWith:
    """The mandate of the documents, in which texts of the JobRole are replaced: ``mandate_with({"old": "new"})``."""

    def make(changes: dict[str, str] | None = None, file: str = "job.yaml") -> Mandate:
        content = documents[file].decode()
        for old, new in (changes or {}).items():
            assert old in content, old
            content = content.replace(old, new)
        compiled = compile_roles({**documents, file: content.encode()}, ACTIONS)
        assert compiled.diagnostics == ()
        return compiled.mandates["support-refunds"]

    return make


@pytest.fixture
def mandate(mandate_with: MandateWith) -> Mandate:
    return mandate_with()


@pytest.fixture
def request_with() -> RequestWith:
    """A request to refund 10, with changes; ``variables`` are laid over the usual ones. What they say was decided, and
    the charge brought, as long as the changes do not say otherwise.
    """

    def make(amount: str = "10", variables: dict[str, object] | None = None, **changes: object) -> ActionRequest:
        usual: dict[str, object] = {
            "outcome": "approve",
            "confidence": Decimal("0.95"),
            "customer": "C-1",
            "charge": {"left": Decimal(10_000), "read_at": "2026-01-05T08:55:00Z"},
        }
        known = {**usual, **(variables or {})}
        sure = known["confidence"]
        request = ActionRequest(
            action="billing.refund",
            inputs={"amount": Decimal(amount)},
            variables=known,
            decided={
                "eligibility": Decided({"outcome": known["outcome"]}, sure if isinstance(sure, Decimal) else None)
            },
            brought={"billing": (Brought(known["charge"], NOW - timedelta(minutes=5)),)},
            now=NOW,
            process_id="support-refund",
            requester="ben",
        )
        return replace(request, **changes)

    return make
