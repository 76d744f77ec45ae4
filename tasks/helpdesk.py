"""The help desk: drafts of answers, in the words of the house."""

from decimal import Decimal
from enum import StrEnum
from string import Template

from pydantic import BaseModel, Field

from app.handlers import ActionContext, Verification, action
from tasks._http import call


class ReplyKind(StrEnum):
    REFUND = "refund"
    REFUSAL = "refusal"


class DraftRequest(BaseModel):
    ticket_id: str = Field(min_length=1, description="The ticket that is answered.")
    kind: ReplyKind = Field(description="Whether the refund was made or not.")
    customer_name: str = Field(min_length=1, description="How the customer is addressed.")
    amount: Decimal = Field(ge=0, description="The amount that was asked for, or refunded.")
    currency: str = "EUR"
    message: str = Field(default="", description="What the customer wrote; it is not quoted in the answer.")


class Draft(BaseModel):
    draft_id: str
    ticket_id: str
    subject: str
    body: str


class DraftText(BaseModel):
    subject: str
    body: str


class Drafts(BaseModel):
    """The help desk's answer to a search."""

    drafts: list[Draft]


SUBJECTS = {
    ReplyKind.REFUND: Template("Your refund of $amount $currency [$ticket]"),
    ReplyKind.REFUSAL: Template("Your request for a refund [$ticket]"),
}

BODIES = {
    ReplyKind.REFUND: Template(
        "Dear $name,\n\n"
        "we have refunded $amount $currency. Depending on your bank, the money arrives within five working days.\n\n"
        "Thank you for telling us, and have a good tour.\n\n"
        "Your support team"
    ),
    ReplyKind.REFUSAL: Template(
        "Dear $name,\n\n"
        "we have looked into your request for a refund of $amount $currency, and we cannot grant it in this case.\n\n"
        "If you see this differently, simply answer this message: a colleague will look at it again.\n\n"
        "Your support team"
    ),
}


def is_written(request: DraftRequest, result: Draft | None, context: ActionContext) -> Verification:
    """Read the draft back by our idempotency key."""
    query = {"key": context.idempotency_key}
    matches = call(context, "GET", "helpdesk", "drafts", query=query, answer=Drafts).drafts
    if not matches:
        return Verification(confirmed=False, detail="the help desk has no draft with this idempotency key")
    found = matches[0]
    confirmed = found.ticket_id == request.ticket_id and (result is None or result.draft_id == found.draft_id)
    return Verification(
        confirmed=confirmed,
        found=found.model_dump(mode="json"),
        detail=f"the help desk has the draft {found.draft_id} beside {found.ticket_id}",
        receipt=found if confirmed else None,
    )


@action("helpdesk.draft-reply", system="helpdesk", effect="draft", verify=is_written, timeout_seconds=15)
def draft_reply(request: DraftRequest, context: ActionContext) -> Draft:
    """Draft a reply.

    Writes an answer to the customer from a template and puts it beside the ticket. Nothing is sent.
    """
    words = {
        "name": request.customer_name,
        "amount": f"{request.amount:.2f}",
        "currency": request.currency,
        "ticket": request.ticket_id,
    }
    text = DraftText(subject=SUBJECTS[request.kind].substitute(words), body=BODIES[request.kind].substitute(words))
    return call(context, "POST", "helpdesk", "tickets", request.ticket_id, "drafts", body=text, answer=Draft)
