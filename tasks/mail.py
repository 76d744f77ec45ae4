"""Outgoing mail: answers to customers."""

from pydantic import BaseModel, Field

from app.handlers import ActionContext, Verification, action
from tasks._http import call


class ReplyRequest(BaseModel):
    ticket_id: str = Field(min_length=1, description="The ticket that is answered.")
    to: str = Field(pattern=r"^[^@\s,;]+@[^@\s,;]+$", description="The one address that the answer goes to.")
    subject: str = Field(min_length=1, max_length=200, pattern=r"^[^\r\n]*$", description="One line.")
    body: str = Field(min_length=1, max_length=20000, description="The answer itself.")


class SentReply(BaseModel):
    message_id: str
    ticket_id: str
    to: str
    sent_at: str


class SentReplies(BaseModel):
    """The outbox's answer to a search."""

    messages: list[SentReply]


def is_sent(request: ReplyRequest, result: SentReply | None, context: ActionContext) -> Verification:
    """Read the outbox by our idempotency key."""
    query = {"key": context.idempotency_key}
    matches = call(context, "GET", "mail", "messages", query=query, answer=SentReplies).messages
    if not matches:
        return Verification(confirmed=False, detail="the outbox has no message with this idempotency key")
    found = matches[0]
    same = result is None or result.message_id == found.message_id
    confirmed = same and (found.ticket_id, found.to) == (request.ticket_id, request.to)
    return Verification(
        confirmed=confirmed,
        found=found.model_dump(mode="json"),
        detail=f"the outbox has {found.message_id} for {found.ticket_id}, sent at {found.sent_at}",
        receipt=found if confirmed else None,
    )


@action("mail.send-reply", system="mail", effect="write", verify=is_sent, timeout_seconds=20)
def send_reply(request: ReplyRequest, context: ActionContext) -> SentReply:
    """Send a reply.

    Sends an answer to a customer by mail, once, and sees that it is in the outbox. It cannot be taken back.
    """
    return call(context, "POST", "mail", "messages", body=request, answer=SentReply)
