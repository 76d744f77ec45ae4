"""The demonstration company, over real HTTP."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from sandbox import running_company

REFUND = {"charge_id": "CH-1001", "amount": "35.00", "currency": "EUR", "reason": "damaged"}


@pytest.fixture
def company(tmp_path: Path) -> Iterator[httpx.Client]:
    with (
        running_company(tmp_path / "company.sqlite") as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


def effects(company: httpx.Client, **query: str) -> list[str]:
    return [effect["operation"] for effect in company.get("/effects", params=query).json()["effects"]]


def book(company: httpx.Client, key: str, **changes: str) -> httpx.Response:
    return company.post("/billing/refunds", json={**REFUND, **changes}, headers={"Idempotency-Key": key})


def test_crm_and_billing_disagree_about_one_customer(company: httpx.Client) -> None:
    """C-1003 is of another tier in billing than in the CRM; of the others both say the same."""
    assert company.get("/crm/customers/C-1003").json()["tier"] == "pro"
    assert company.get("/billing/charges/CH-1003").json()["customer_tier"] == "basic"
    assert company.get("/billing/charges/CH-1001").json()["customer_tier"] == "pro"


def test_a_key_books_one_refund(company: httpx.Client) -> None:
    """Twenty requests with one Idempotency-Key, eight at a time, book one refund and all name it."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: book(company, "key-1").json()["refund_id"], range(20)))
    assert len(set(answers)) == 1
    assert effects(company, key="key-1") == ["book-refund"]
    assert [refund["refund_id"] for refund in company.get("/billing/refunds?key=key-1").json()["refunds"]] == [
        answers[0]
    ]


def test_a_key_is_not_reused_for_another_refund(company: httpx.Client) -> None:
    """The same key with another amount is refused: it would hide a mistake."""
    book(company, "key-1")
    assert book(company, "key-1", amount="36.00").status_code == 422


def test_no_more_than_the_charge_is_refunded(company: httpx.Client) -> None:
    """What was refunded counts against the charge, until it is cancelled; cancelling twice is cancelling once."""
    first = book(company, "key-1", amount="1000").json()
    assert book(company, "key-2", amount="200.01").status_code == 409
    assert company.post(f"/billing/refunds/{first['refund_id']}/cancel").json()["state"] == "cancelled"
    company.post(f"/billing/refunds/{first['refund_id']}/cancel")
    assert book(company, "key-2", amount="1200").status_code == 201
    assert effects(company) == ["book-refund", "cancel-refund", "book-refund"]


@pytest.mark.parametrize("amount", ["0", "-1", "1.001", "NaN", "much"])
def test_an_amount_that_is_no_money_is_refused(company: httpx.Client, amount: str) -> None:
    """Amounts are above zero with two decimals at most."""
    assert book(company, "key-1", amount=amount).status_code == 400


def test_a_lost_answer_is_an_effect_without_an_answer(company: httpx.Client) -> None:
    """The refund is booked and committed, and the connection breaks; the lookup by key finds it."""
    company.post("/faults", json={"system": "billing", "kind": "lost-answer", "count": 1})
    company.get("/billing/charges/CH-1001").raise_for_status()  # reads are not touched
    with pytest.raises(httpx.RemoteProtocolError):
        book(company, "key-1")
    assert len(company.get("/billing/refunds?key=key-1").json()["refunds"]) == 1
    assert book(company, "key-2").status_code == 201  # the fault was for one request


def test_unavailable_does_nothing(company: httpx.Client) -> None:
    """503 with a Retry-After, and no effect; other systems go on."""
    company.post("/faults", json={"system": "billing", "kind": "unavailable"})
    answer = book(company, "key-1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert company.get("/crm/customers/C-1001").is_success
    company.delete("/faults?system=billing")
    assert book(company, "key-1").status_code == 201
    assert effects(company) == ["book-refund"]


def test_slow_answers_after_the_client_gave_up(company: httpx.Client) -> None:
    """A slow answer outlasts the client's patience; asked again with the same key, one refund is booked."""
    company.post("/faults", json={"system": "billing", "kind": "slow", "seconds": 0.5, "count": 1})
    with pytest.raises(httpx.ReadTimeout):
        company.post("/billing/refunds", json=REFUND, headers={"Idempotency-Key": "key-1"}, timeout=0.05)
    assert book(company, "key-1").is_success
    assert effects(company) == ["book-refund"]


def test_a_wrong_answer_names_another_amount(company: httpx.Client) -> None:
    """The answer lies, the books do not."""
    company.post("/faults", json={"system": "billing", "kind": "wrong-answer", "touches": "writes", "count": 1})
    answer = book(company, "key-1").json()
    assert answer["amount"] == "70.00"
    assert company.get(f"/billing/refunds/{answer['refund_id']}").json()["amount"] == "35.00"


def test_drafts_and_messages_are_written_once_per_key(company: httpx.Client) -> None:
    """Help desk and mail honour the key too, and are found by it."""
    draft = {"subject": "Your refund", "body": "It is on its way."}
    message = {**draft, "ticket_id": "T-1001", "to": "marta.lindqvist@example.com"}
    for _ in range(2):
        company.post("/helpdesk/tickets/T-1001/drafts", json=draft, headers={"Idempotency-Key": "key-1"})
        company.post("/mail/messages", json=message, headers={"Idempotency-Key": "key-2"})
    assert effects(company) == ["write-draft", "send-message"]
    assert len(company.get("/helpdesk/drafts?key=key-1").json()["drafts"]) == 1
    assert company.get("/mail/messages?key=key-2").json()["messages"][0]["to"] == "marta.lindqvist@example.com"


def test_the_page_shows_what_the_systems_hold(company: httpx.Client) -> None:
    """People see refunds and faults, and switch faults with a form."""
    book(company, "key-1")
    company.post("/faults", data={"system": "mail", "kind": "slow", "count": "", "seconds": "1"}, follow_redirects=True)
    page = company.get("/").text
    assert "35.00 EUR" in page
    assert "mail: slow" in page
    company.post("/faults/off")
    assert "every system works" in company.get("/").text


def test_other_pages_may_not_book(company: httpx.Client) -> None:
    """A request that a foreign page makes through a browser is refused."""
    answer = company.post("/billing/refunds", json=REFUND, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert effects(company) == []


@pytest.mark.parametrize(
    "fault", [{}, {"system": "billing"}, {"system": "bank", "kind": "slow"}, {"system": "crm", "kind": "odd"}]
)
def test_a_wrong_fault_is_refused(company: httpx.Client, fault: dict[str, str]) -> None:
    """An unknown system or kind is an error that says what is known."""
    answer = company.post("/faults", json=fault)
    assert answer.status_code == 400
    assert "Expected" in answer.json()["error"]


def test_a_second_start_keeps_the_data(tmp_path: Path) -> None:
    """The company's file is filled once."""
    for _ in range(2):
        with running_company(tmp_path / "company.sqlite") as address:
            book(httpx.Client(base_url=address, trust_env=False), "key-1").raise_for_status()
            ledger = httpx.get(f"{address}/effects", trust_env=False).json()["effects"]
    assert len(ledger) == 1
