"""Billing: charges and refunds."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, Field

from app.handlers import ActionContext, DataProblem, Verification, action
from tasks._http import call


class ChargeRequest(BaseModel):
    charge_id: str = Field(min_length=1, description="The charge's number in billing.")
    customer_id: str | None = Field(default=None, description="Whose charge it must be.")
    customer_tier: str | None = Field(default=None, description="The customer's tier that billing must agree with.")


class ChargeRecord(BaseModel):
    charge_id: str
    customer_id: str
    customer_tier: str = Field(description="The customer's tier, as billing keeps it.")
    amount: Decimal
    refunded: Decimal = Field(description="How much of it has been refunded already.")
    currency: str
    age_days: int


class Charge(ChargeRecord):
    read_at: datetime = Field(description="When this was read.")


class RefundRequest(BaseModel):
    charge_id: str = Field(min_length=1, description="The charge that is paid back, in whole or in part.")
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2, description="How much is paid back.")
    currency: str = Field(pattern="^[A-Z]{3}$", description="The currency of the charge.")
    reason: str = Field(default="", max_length=200, description="What billing shall note.")


class RefundReceipt(BaseModel):
    refund_id: str
    charge_id: str
    amount: Decimal
    currency: str
    state: str = Field(description="booked or cancelled")


class Refunds(BaseModel):
    """Billing's answer to a search."""

    refunds: list[RefundReceipt]


@action("billing.fetch-charge", system="billing", effect="read", timeout_seconds=15)
def fetch_charge(request: ChargeRequest, context: ActionContext) -> Charge:
    """Fetch a charge.

    Reads a charge from billing. Where billing knows another customer, or keeps the customer in another tier than the
    CRM does, the case stops: which of the two is right is not guessed.
    """
    record = call(context, "GET", "billing", "charges", request.charge_id, answer=ChargeRecord, field="charge_id")
    if request.customer_id is not None and record.customer_id != request.customer_id:
        raise DataProblem(
            f"Expected a charge of customer {request.customer_id}, but {record.charge_id} is {record.customer_id}'s.",
            {"$.charge_id": f"belongs to {record.customer_id}"},
        )
    if request.customer_tier is not None and record.customer_tier != request.customer_tier:
        raise DataProblem(
            f'The systems disagree about the customer\'s tier: the CRM says "{request.customer_tier}", '
            f'billing says "{record.customer_tier}". Correct one of them and retry.',
            {"$.customer_tier": f"billing says {record.customer_tier}"},
        )
    return Charge(**record.model_dump(), read_at=context.started_at)


def is_booked(request: RefundRequest, result: RefundReceipt | None, context: ActionContext) -> Verification:
    """Read the refund back: by its number, or by our idempotency key where no answer ever came."""
    if result is None:
        query = {"key": context.idempotency_key}
        matches = call(context, "GET", "billing", "refunds", query=query, answer=Refunds).refunds
        if not matches:
            return Verification(confirmed=False, detail="billing has no refund with this idempotency key")
        found = matches[0]
    else:
        found = call(context, "GET", "billing", "refunds", result.refund_id, answer=RefundReceipt)
    agrees = (found.charge_id, found.amount, found.currency) == (request.charge_id, request.amount, request.currency)
    confirmed = agrees and found.state == "booked"
    return Verification(
        confirmed=confirmed,
        found=found.model_dump(mode="json"),
        detail=f"billing has {found.refund_id}: {found.amount} {found.currency} of {found.charge_id}, {found.state}",
        receipt=found if confirmed else None,
    )


def cancel_refund(request: RefundRequest, result: RefundReceipt, context: ActionContext) -> RefundReceipt:  # noqa: ARG001
    """Cancel the refund. Billing answers a repeated cancellation like the first."""
    cancelled = call(context, "POST", "billing", "refunds", result.refund_id, "cancel", answer=RefundReceipt)
    if cancelled.state != "cancelled":
        raise DataProblem(f"Expected {result.refund_id} to be cancelled, but billing says {cancelled.state}.")
    return cancelled


@action("billing.refund", system="billing", effect="write", verify=is_booked, undo=cancel_refund, timeout_seconds=20)
def refund(request: RefundRequest, context: ActionContext) -> RefundReceipt:
    """Refund a charge.

    Pays back a charge, in whole or in part. Booked once however often it is tried, read back, and reversible.
    """
    return call(context, "POST", "billing", "refunds", body=request, answer=RefundReceipt, field="amount")
