"""crm.fetch-customer, helpdesk.draft-reply and mail.send-reply against the sandbox company."""

from decimal import Decimal

import httpx
import pytest

from app.handlers import ActionContext, DataProblem, HandlerRegistry
from tasks.crm import fetch_customer
from tasks.helpdesk import draft_reply
from tasks.mail import send_reply

DRAFT = {
    "ticket_id": "T-1001",
    "customer_name": "Marta Lindqvist",
    "kind": "refund",
    "amount": Decimal(35),
    "currency": "EUR",
    "message": "It arrived broken, $name.",
}
REPLY = {"ticket_id": "T-1001", "to": "marta@example.com", "subject": "Your refund", "body": "On its way."}


def test_the_story_has_its_five_actions() -> None:
    """Every public module of `tasks` is loaded by itself."""
    registry = HandlerRegistry()
    registry.load_modules(["tasks"])
    story = {"billing.fetch-charge", "billing.refund", "crm.fetch-customer", "helpdesk.draft-reply", "mail.send-reply"}
    assert story <= set(registry)


def test_a_customer_is_fetched(context: ActionContext) -> None:
    """The CRM's record with the moment of reading; an unknown customer is a data problem."""
    customer = fetch_customer.perform({"customer_id": "C-1001"}, context)
    assert (customer["tier"], customer["refunds_last_year"]) == ("pro", Decimal(0))
    with pytest.raises(DataProblem, match="no customer C-9999"):
        fetch_customer.perform({"customer_id": "C-9999"}, context)


@pytest.mark.parametrize(("kind", "words"), [("refund", "we have refunded 35.00 EUR"), ("refusal", "cannot grant it")])
def test_a_reply_is_drafted_from_a_template(
    company: httpx.Client, context: ActionContext, kind: str, words: str
) -> None:
    """The draft stands beside the ticket, once per key, and quotes nothing that the customer wrote."""
    for _ in range(2):
        draft = draft_reply.perform({**DRAFT, "kind": kind}, context)
    assert words in str(draft["body"])
    assert "broken" not in str(draft["body"])
    assert draft_reply.verify(DRAFT, draft, context).confirmed
    assert len(company.get("/helpdesk/tickets/T-1001").json()["drafts"]) == 1


def test_a_reply_is_sent_once_and_found(company: httpx.Client, context: ActionContext) -> None:
    """Sent twice with one key it is one message; without an answer it is found by the key."""
    assert not send_reply.verify(REPLY, None, context).confirmed
    for _ in range(2):
        sent = send_reply.perform(REPLY, context)
    assert send_reply.verify(REPLY, sent, context).confirmed
    assert send_reply.verify(REPLY, None, context).confirmed
    assert len(company.get("/mail/messages?ticket_id=T-1001").json()["messages"]) == 1


@pytest.mark.parametrize(
    "wrong", [{"to": "a@b.example, c@d.example"}, {"subject": "one\r\nBcc: x@y.example"}, {"body": ""}]
)
def test_a_reply_has_one_address_and_one_subject(context: ActionContext, wrong: dict[str, str]) -> None:
    """No second recipient and no header slips in through the data of a case."""
    with pytest.raises(DataProblem):
        send_reply.perform({**REPLY, **wrong}, context)
