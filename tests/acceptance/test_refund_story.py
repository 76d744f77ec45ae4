"""The refund story in real Chromium, on what `make run` starts: webhook, decision, gates, refund, reply, evidence."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.acceptance.installation import Installation

SignIn = Callable[[str], Page]
STAGES = ("trigger", "understand", "decide", "act", "verify")


def open_task(page: Page, installation: Installation, ticket_id: str) -> None:
    """Open the task of this ticket from the inbox's list."""
    task = installation.task(ticket_id)
    page.goto(f"{installation.address}/inbox/?view=available")
    page.locator(f'a[href*="{task["id"]}"]').first.click()
    expect(page.get_by_role("heading", name=task["name"])).to_be_visible()


def evidence_of(installation: Installation, ticket_id: str) -> dict[str, list[dict[str, object]]]:
    """The evidence pack's five stages."""
    pack = installation.get(f"/instances/{installation.case(ticket_id)['view']['id']}/evidence")
    stages: dict[str, list[dict[str, object]]] = pack["stages"]
    return stages


def test_a_small_refund_needs_nobody(installation: Installation) -> None:
    """20 euros: instant. Refunded once, answered, and every stage has its evidence."""
    ticket = installation.request_refund(20, "1009")
    case = installation.until_completed(ticket)
    assert case["variables"]["outcome"] == "approve"
    assert [refund["amount"] for refund in installation.refunds("CH-1009")] == ["20.00"]
    stages = evidence_of(installation, ticket)
    assert all(stages[stage] for stage in STAGES), {stage: len(entries) for stage, entries in stages.items()}


def test_a_middle_refund_is_granted_by_the_clock(installation: Installation, sign_in: SignIn) -> None:
    """35 euros: fast track. Anna sees it with its countdown and need not act; after half an hour the clock grants it,
    and the evidence says that it was the clock.
    """
    ticket = installation.request_refund(35, "1010")
    page = sign_in("anna")
    open_task(page, installation, ticket)
    expect(page.get_by_text("The clock approves in")).to_be_visible()
    assert installation.refunds("CH-1010") == []
    installation.skip(minutes=31)
    installation.until_completed(ticket)
    assert [refund["amount"] for refund in installation.refunds("CH-1010")] == ["35.00"]
    assert "clock" in json.dumps(evidence_of(installation, ticket)).lower()


def test_a_large_refund_needs_somebody_who_is_not_the_requester(installation: Installation, sign_in: SignIn) -> None:
    """80 euros: full review. The requester, though in the approving group's chain, cannot approve; Femi can."""
    ticket = installation.request_refund(80, "1011", requested_by="femi")
    task = installation.task(ticket)
    requester = sign_in("femi")
    requester.goto(f"{installation.address}/inbox/{task['id']}")
    expect(requester.get_by_text("You cannot decide this")).to_be_visible()
    expect(requester.get_by_role("button", name="Approve")).to_have_count(0)
    refused = installation.client("femi").post(f"/tasks/{task['id']}/approve", json={"reason": "mine"})
    assert refused.status_code == 403
    assert installation.refunds("CH-1011") == []


def test_a_large_refund_is_approved_in_the_inbox(installation: Installation, sign_in: SignIn) -> None:
    """80 euros: Femi claims, sees amount, customer, matched rule, confidence, checks; approves with a reason."""
    ticket = installation.request_refund(80, "1012")
    page = sign_in("femi")
    open_task(page, installation, ticket)
    task = page.get_by_role("article")
    expect(task).to_contain_text("80")
    expect(task).to_contain_text("C-1012")
    expect(task).to_contain_text("refund-eligibility")
    expect(task).to_contain_text("onfidence")
    page.get_by_role("button", name="Claim").click()
    page.get_by_label("Reason").fill("Receipt seen.")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    installation.until_completed(ticket)
    assert [refund["amount"] for refund in installation.refunds("CH-1012")] == ["80.00"]
    assert "Receipt seen." in json.dumps(evidence_of(installation, ticket))


def test_a_rejection_reaches_the_process_as_an_error(installation: Installation, sign_in: SignIn) -> None:
    """A rejected approval becomes ACTION_REJECTED: the customer gets a polite refusal and no money."""
    ticket = installation.request_refund(90, "1001")
    page = sign_in("femi")
    open_task(page, installation, ticket)
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert")).to_be_visible()  # a rejection needs a reason
    page.get_by_label("Reason").fill("No damage on the photographs.")
    page.get_by_role("button", name="Reject").click()
    case = installation.until_completed(ticket)
    assert "refund-rejected" in case["completed"]
    assert "draft-refusal" in case["completed"]
    assert installation.refunds("CH-1001") == []


def test_systems_that_disagree_stop_the_case(installation: Installation) -> None:
    """The CRM and billing keep another tier for C-1003: a data exception that names both, not a guess."""
    ticket = installation.request_refund(10, "1003")
    case = installation.until_case(ticket, lambda found: found["incidents"], "has an incident")
    incident = case["incidents"][0]
    assert incident["exception_class"] == "data"
    assert "pro" in incident["message"]
    assert "basic" in incident["message"]
    assert installation.refunds("CH-1003") == []


def test_a_complaint_is_read_by_a_person_first(installation: Installation, sign_in: SignIn) -> None:
    """A legal word in the message: the draft waits for somebody who checks and completes it."""
    ticket = installation.request_refund(15, "1002", message="This is fraud. My lawyer will be in touch.")
    case = installation.until_case(ticket, lambda found: "check-reply" in found["active"], "waits at check-reply")
    assert "send-reply" not in case["completed"]
    page = sign_in("femi")
    open_task(page, installation, ticket)
    page.get_by_role("button", name="Claim").click()
    page.get_by_role("button", name="Complete").click()
    assert "send-reply" in installation.until_completed(ticket)["completed"]


def test_an_admin_sees_where_the_case_is_and_takes_its_evidence_along(
    installation: Installation, sign_in: SignIn
) -> None:
    """The list, the diagram with its marks, the variables, the timeline, the five stages, the download."""
    ticket = installation.request_refund(70, "1005")
    installation.task(ticket)
    page = sign_in("carla")
    page.goto(f"{installation.address}/operate/instances")
    page.get_by_role("row").filter(has_text=ticket).get_by_role("link").first.click()
    expect(page.locator(".djs-element[data-element-id=refund-charge]").first).to_be_visible()
    expect(page.get_by_text("requested_by", exact=True).locator("visible=true").first).to_be_visible()
    instance_id = installation.case(ticket)["view"]["id"]
    page.goto(f"{installation.address}/evidence/{instance_id}")
    for stage in STAGES:
        expect(page.get_by_role("heading", name=stage.capitalize(), exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Pack (JSON)").click()
    pack = json.loads(download.value.path().read_text())
    assert set(pack["stages"]) == set(STAGES)


def test_an_overdue_approval_is_escalated(installation: Installation) -> None:
    """Nobody looks at a full review: the routing decision names who is next, and the level goes up."""
    ticket = installation.request_refund(75, "1005")
    assert installation.task(ticket)["level"] == 0
    installation.skip(hours=5)
    case = installation.until_case(ticket, lambda found: found["tasks"] and found["tasks"][0]["level"], "escalates")
    assert case["view"]["status"] == "running"
