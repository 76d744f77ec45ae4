"""The role documents of the demonstration, with the company's own task handlers."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.handlers import HandlerRegistry
from app.roles import ActionInfo, ActionRequest, Mandate, Outcome, compile_roles

MODELS = Path(__file__).parents[2] / "models"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def mandate() -> Mandate:
    registry = HandlerRegistry()
    registry.load_modules(["tasks"])
    actions = {
        each.name: ActionInfo(each.name, each.system, each.effect, each.reversible, each.verified)
        for each in registry.values()
    }
    documents = {file.name: file.read_bytes() for file in sorted((MODELS / "roles").rglob("*.yaml"))}
    compiled = compile_roles(documents, actions)
    assert compiled.diagnostics == ()
    return compiled.mandates["support-refunds"]


def charge(refunded: str, read_at: str = "2026-11-21T08:00:00+00:00") -> dict[str, object]:
    return {"charge_id": "CH-1001", "amount": Decimal(1200), "refunded": Decimal(refunded), "read_at": read_at}


def refund(amount: str, **variables: object) -> ActionRequest:
    return ActionRequest(
        action="billing.refund",
        inputs={"charge_id": "CH-1001", "amount": Decimal(amount), "currency": "EUR", "reason": "damaged"},
        variables={
            "outcome": "approve",
            "eligibility": {"outcome": "approve", "confidence": Decimal("0.97")},
            "charge": charge("0"),
            "customer": {"email": "marta.lindqvist@example.com", "read_at": "2026-11-21T08:00:00+00:00"},
            "customer_id": "C-1001",
            **variables,
        },
        now=NOW,
        process_id="support-refund",
        requester="ben",
    )


@pytest.mark.parametrize(
    ("amount", "tier", "approver"),
    [("20", "instant", None), ("35", "fast_track", "refund-approvers"), ("80", "full_review", "finance-leads")],
)
def test_three_amounts_take_three_tiers(mandate: Mandate, amount: str, tier: str, approver: str | None) -> None:
    """The story of the demonstration: 20 at once, 35 fast track, 80 full review."""
    assessment = mandate.assess(refund(amount))
    assert (assessment.tier, assessment.approver_role) == (tier, approver)


def test_a_person_who_decided_is_sure(mandate: Mandate) -> None:
    """What a person approved by hand is not held against the confidence of the table that could not decide."""
    unsure = {"outcome": "review", "confidence": Decimal("0.6")}
    assert mandate.assess(refund("10", eligibility=unsure)).outcome is Outcome.ALLOWED
    weak = {"outcome": "approve", "confidence": Decimal("0.6")}
    assert mandate.assess(refund("10", eligibility=weak)).outcome is Outcome.APPROVAL_NEEDED


def test_what_was_not_approved_is_refused(mandate: Mandate) -> None:
    """No refund without a decision that approves it, nor beyond what is left of the charge, nor on old data."""
    assert mandate.assess(refund("10", outcome="reject")).outcome is Outcome.REFUSED
    assert mandate.assess(refund("10", charge=charge("1195"))).outcome is Outcome.REFUSED
    assert mandate.assess(refund("10", charge=charge("0", "2026-11-13T08:00:00+00:00"))).outcome is Outcome.REFUSED


def test_a_reply_goes_to_the_customer_of_the_case(mandate: Mandate) -> None:
    """The address is checked against the CRM's."""
    request = ActionRequest(
        action="mail.send-reply",
        inputs={"ticket_id": "T-1", "to": "other@example.com", "subject": "s", "body": "b"},
        variables=refund("10").variables,
        now=NOW,
    )
    assert mandate.assess(request).reasons == (
        "a reply goes to the customer of the case, and to nobody else (customer-replies)",
    )
