"""The role documents of the demonstration, with the company's own task handlers."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.handlers import HandlerRegistry
from app.roles import ActionInfo, ActionRequest, Brought, Decided, Mandate, Outcome, compile_roles

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


ELIGIBLE = Decided({"outcome": "approve"}, Decimal("0.97"))
CUSTOMER = {"email": "marta.lindqvist@example.com", "read_at": "2026-11-21T08:00:00+00:00"}


def refund(amount: str, decided: Decided | None = ELIGIBLE, **variables: object) -> ActionRequest:
    """A refund in a case in which both systems were read, and in which this was decided (None: nothing was)."""
    known = {"charge": charge("0"), "customer": CUSTOMER, "customer_id": "C-1001", **variables}
    return ActionRequest(
        action="billing.refund",
        inputs={"charge_id": "CH-1001", "amount": Decimal(amount), "currency": "EUR", "reason": "damaged"},
        variables=known,
        decided={"refund-eligibility": decided} if decided else {},
        brought={"billing": (Brought(known["charge"], NOW),), "crm": (Brought({**CUSTOMER, "name": "M"}, NOW),)},
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
    by_hand = Decided({"outcome": "approve"}, None, by="anna")
    assert mandate.assess(refund("10", by_hand)).outcome is Outcome.ALLOWED
    weak = Decided({"outcome": "approve"}, Decimal("0.6"))
    assert mandate.assess(refund("10", weak)).outcome is Outcome.APPROVAL_NEEDED


def test_what_was_not_approved_is_refused(mandate: Mandate) -> None:
    """No refund without a decision that approves it, nor beyond what is left of the charge, nor on old data."""
    assert mandate.assess(refund("10", Decided({"outcome": "reject"}, Decimal(1)))).outcome is Outcome.REFUSED
    assert mandate.assess(refund("10", charge=charge("1195"))).outcome is Outcome.REFUSED
    assert mandate.assess(refund("10", charge=charge("0", "2026-11-13T08:00:00+00:00"))).outcome is Outcome.REFUSED


def test_variables_prove_nothing(mandate: Mandate) -> None:
    """An outcome that somebody wrote is no decision, and a charge that somebody wrote is none of billing's."""
    forged = refund("10", None, outcome="approve", eligibility={"outcome": "approve", "confidence": Decimal(1)})
    assert mandate.assess(forged).reasons[0] == "refund-eligibility has not been decided in this instance"
    typed = replace(refund("10"), brought={"crm": (Brought(CUSTOMER, NOW),)})
    assert mandate.assess(typed).reasons == ("charge is not what billing brought into this instance",)
    changed = replace(refund("10"), variables={**refund("10").variables, "charge": charge("0.01")})
    assert mandate.assess(changed).reasons == ("charge is not what billing brought into this instance",)


def test_a_reply_goes_to_the_customer_of_the_case(mandate: Mandate) -> None:
    """The address is checked against the CRM's."""
    request = ActionRequest(
        action="mail.send-reply",
        inputs={"ticket_id": "T-1", "to": "other@example.com", "subject": "s", "body": "b"},
        variables=refund("10").variables,
        brought=refund("10").brought,
        now=NOW,
    )
    assert mandate.assess(request).reasons == (
        "a reply goes to the customer of the case, and to nobody else (customer-replies)",
    )
