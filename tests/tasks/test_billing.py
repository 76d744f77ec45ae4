"""billing.fetch-charge and billing.refund against the sandbox company."""

from decimal import Decimal

import httpx
import pytest

from app.handlers import ActionContext, DataProblem, TransientProblem, receipt_variables
from tasks.billing import fetch_charge, refund

ASKED = {"charge_id": "CH-1001", "amount": Decimal("35"), "currency": "EUR", "reason": "damaged"}


def booked(company: httpx.Client) -> list[str]:
    return [effect["operation"] for effect in company.get("/effects", params={"system": "billing"}).json()["effects"]]


def test_a_charge_is_fetched_with_its_moment(context: ActionContext) -> None:
    """Amounts come as decimals, the age in days, and when it was read by the platform's clock."""
    charge = fetch_charge.perform({"charge_id": "CH-1001", "customer_id": "C-1001", "customer_tier": "pro"}, context)
    assert charge["amount"] == Decimal("1200.00")
    assert (charge["refunded"], charge["age_days"], charge["currency"]) == (Decimal(0), Decimal(12), "EUR")
    assert charge["read_at"] == "2026-01-05T09:00:00+00:00"


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({"charge_id": "CH-1003", "customer_id": "C-1003", "customer_tier": "pro"}, "$.customer_tier"),
        ({"charge_id": "CH-1001", "customer_id": "C-1002"}, "$.charge_id"),
        ({"charge_id": "CH-9999"}, "$.charge_id"),
        ({"charge_id": "../refunds"}, "$.charge_id"),
        ({"charge_id": ""}, "$.charge_id"),
    ],
    ids=["tiers disagree", "another customer's", "unknown", "another path", "empty"],
)
def test_contradictory_data_stop_the_case(context: ActionContext, variables: dict[str, object], field: str) -> None:
    """Two systems that disagree, a charge of somebody else, an unknown one: a data problem that names the field."""
    with pytest.raises(DataProblem) as caught:
        fetch_charge.perform(variables, context)
    assert field in caught.value.problems


def test_a_dot_is_no_document_number(context: ActionContext) -> None:
    """A number that would name another path never leaves the house."""
    with pytest.raises(DataProblem, match="document number"):
        fetch_charge.perform({"charge_id": ".."}, context)


def test_a_refund_is_booked_and_read_back(company: httpx.Client, context: ActionContext) -> None:
    """What billing says afterwards confirms what it answered."""
    receipt = refund.perform(ASKED, context)
    verification = refund.verify(ASKED, receipt, context)
    assert verification.confirmed
    assert receipt_variables(verification) == receipt
    assert booked(company) == ["book-refund"]


def test_a_lost_answer_ends_in_one_refund(company: httpx.Client, context: ActionContext) -> None:
    """Billing did it and the answer never came: asked before the retry, the verification finds the receipt."""
    company.post("/faults", json={"system": "billing", "kind": "lost-answer", "count": 1})
    with pytest.raises(httpx.RemoteProtocolError):
        refund.perform(ASKED, context)
    found = refund.verify(ASKED, None, context)
    receipt = receipt_variables(found)
    assert found.confirmed
    assert receipt is not None
    assert receipt["amount"] == Decimal("35.00")
    assert booked(company) == ["book-refund"]


def test_before_anything_happened_nothing_is_found(context: ActionContext) -> None:
    """Asked before a retry, the verification of an action that never happened says so."""
    assert not refund.verify(ASKED, None, context).confirmed


def test_a_wrong_answer_is_corrected_by_the_books(company: httpx.Client, context: ActionContext) -> None:
    """Billing answers 70 for 35; reading it back shows the 35 that were booked."""
    company.post("/faults", json={"system": "billing", "kind": "wrong-answer", "touches": "writes", "count": 1})
    receipt = refund.perform(ASKED, context)
    assert receipt["amount"] == Decimal("70.00")
    corrected = receipt_variables(refund.verify(ASKED, receipt, context))
    assert corrected is not None
    assert corrected["amount"] == Decimal("35.00")


def test_nonsense_is_transient(company: httpx.Client, context: ActionContext) -> None:
    """An answer that cannot be read leaves open what happened: it is tried again, and looked at before that."""
    company.post("/faults", json={"system": "billing", "kind": "wrong-answer", "touches": "reads", "count": 1})
    with pytest.raises(TransientProblem, match="refunds"):
        refund.verify(ASKED, None, context)


def test_more_than_is_left_is_a_data_problem(context: ActionContext) -> None:
    """Billing's refusal reaches the case with its reason."""
    with pytest.raises(DataProblem, match=r"1200\.00 EUR are left"):
        refund.perform({**ASKED, "amount": Decimal(1201)}, context)


def test_undo_cancels_the_refund(company: httpx.Client, context: ActionContext) -> None:
    """Undo takes the booking back; after it, the verification no longer confirms; undoing twice is undoing once."""
    receipt = refund.perform(ASKED, context)
    assert refund.undo(ASKED, receipt, context)["state"] == "cancelled"
    assert refund.undo(ASKED, receipt, context)["state"] == "cancelled"
    assert not refund.verify(ASKED, receipt, context).confirmed
    assert booked(company) == ["book-refund", "cancel-refund"]


def test_a_system_that_is_away_is_told_by_httpx(context: ActionContext, company: httpx.Client) -> None:
    """The handlers leave it to the platform what a 503 means."""
    company.post("/faults", json={"system": "billing", "kind": "unavailable", "count": 1})
    with pytest.raises(httpx.HTTPStatusError, match="503"):
        refund.perform(ASKED, context)
