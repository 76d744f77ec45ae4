"""The inbox in the browser's own words: pages and forms."""

import re

from app.runtime import SYSTEM
from tests.web.site import Site, Visitor


def test_the_task_shows_what_is_needed_to_decide(site: Site) -> None:
    """Amount with currency, gate, approver, requester, checks, the decision with its rules and confidence."""
    site.request_refund(80)
    task = site.task_for("femi")
    page = site.visitor("femi").get(f"/inbox/{task.id}").text
    assert "80.00\u00a0EUR" in page
    assert "full-review" in page
    assert "finance-leads" in page
    assert "refund-eligibility" in page
    assert re.search(r"refund-eligibility[^<]*: rules? \d", page)
    assert "<meter" in page
    assert "Approve" in page


def test_full_review_is_approved_by_the_named_group(site: Site) -> None:
    """Femi approves with a reason; the refund is made, and the page tells who decided."""
    instance_id = site.request_refund(80)
    task = site.task_for("femi")
    femi = site.visitor("femi")
    femi.get(f"/inbox/{task.id}")
    assert femi.post(f"/inbox/{task.id}/approve", reason="Photos seen").status_code == 303
    site.work()
    page = femi.get(f"/inbox/{task.id}").text
    assert "femi approved" in page
    assert "Photos seen" in page
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "completed"


def test_the_requester_sees_why_they_may_not_approve(site: Site) -> None:
    """Four eyes: no button, a reason instead; a forged form is refused."""
    site.request_refund(35, requested_by="anna")
    task = site.task_for("anna")
    anna = site.visitor("anna")
    page = anna.get(f"/inbox/{task.id}").text
    assert "You cannot decide this." in page
    assert f'action="/inbox/{task.id}/approve"' not in page
    assert anna.post(f"/inbox/{task.id}/approve").status_code == 403


def test_a_refund_that_a_finance_lead_asks_for_is_decided_by_the_other(site: Site) -> None:
    """Four eyes keep Femi out, not the request in."""
    instance_id = site.request_refund(80, requested_by="femi")
    task = site.task_for("femi")
    assert site.visitor("femi").post(f"/inbox/{task.id}/approve").status_code == 403
    gina = site.visitor("gina")
    gina.get(f"/inbox/{task.id}")
    assert gina.post(f"/inbox/{task.id}/approve", reason="Photos seen").status_code == 303
    site.work()
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "completed"


def test_a_rejection_needs_a_reason(site: Site) -> None:
    """Without one the page says so, and can be reloaded; with one the process hears of it."""
    instance_id = site.request_refund(80)
    task = site.task_for("femi")
    femi = site.visitor("femi")
    refused = femi.post(f"/inbox/{task.id}/reject", reason="  ")
    assert refused.status_code == 303
    assert "A rejection needs a reason" in femi.get(refused.location.partition("#")[0]).text
    assert site.task_for("femi").id == task.id
    assert femi.post(f"/inbox/{task.id}/reject", reason="No photos").status_code == 303
    site.work()
    history = site.runtime.instances.history(SYSTEM, instance_id)
    assert any("ACTION_REJECTED" in str(entry) for entry in history.items)


def test_the_fast_track_counts_down_and_is_granted_by_the_clock(site: Site) -> None:
    """The page shows the countdown; half an hour later nobody has to do anything."""
    instance_id = site.request_refund(35)
    task = site.task_for("anna")
    assert "data-countdown" in site.visitor("anna").get(f"/inbox/{task.id}").text
    site.skip(minutes=31)
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "completed"


def test_claim_and_release(site: Site) -> None:
    """A claimed task is in one's own list and in nobody else's; released it is available again."""
    site.request_refund(80)
    task = site.task_for("femi")
    femi = site.visitor("femi")
    femi.post(f"/inbox/{task.id}/claim", view="available")
    assert task.id in femi.get("/inbox/?view=mine").text
    assert task.id not in femi.get("/inbox/?view=available").text
    femi.post(f"/inbox/{task.id}/release")
    assert task.id in femi.get("/inbox/?view=available").text


def test_what_somebody_else_has_is_said_on_the_page(site: Site) -> None:
    """A conflict is a sentence on the page with the present state, not an error page."""
    site.request_refund(80)
    task = site.task_for("femi")
    femi = site.visitor("femi")
    assert site.visitor("gina").post(f"/inbox/{task.id}/claim").status_code == 303
    back = femi.post(f"/inbox/{task.id}/claim")
    assert back.status_code in {303, 403}


def test_comments_stay_with_the_task(site: Site) -> None:
    """A comment is shown with its author, and never as markup."""
    site.request_refund(80)
    task = site.task_for("femi")
    femi = site.visitor("femi")
    femi.post(f"/inbox/{task.id}/comment", text="<b>Called</b> the customer")
    page = femi.get(f"/inbox/{task.id}").text
    assert "&lt;b&gt;Called&lt;/b&gt; the customer" in page


def test_my_next_task(site: Site) -> None:
    """It leads to the task that waits, and to the empty inbox when none does; it changes nothing."""
    femi = site.visitor("femi")
    assert femi.get("/inbox/next").location == "/inbox/"
    site.request_refund(80)
    task = site.task_for("femi")
    assert femi.get("/inbox/next").location.startswith(f"/inbox/{task.id}")
    assert site.task_for("femi").assignee is None


def test_a_form_is_checked_by_the_server(site: Site) -> None:
    """A complaint sends the draft to a person: what is missing is marked, what is read-only is not taken."""
    instance_id = site.request_refund(10, message="I will call my lawyer about this complaint.")
    task = site.task_for("femi")
    femi = site.visitor("femi")
    page = femi.get(f"/inbox/{task.id}").text
    assert "What the customer wrote" in page

    incomplete = femi.post(f"/inbox/{task.id}/complete", subject="Your refund", body="")
    assert incomplete.status_code == 303
    marked = femi.get(incomplete.location).text
    assert "Please fill this in." in marked
    assert 'value="Your refund"' in marked
    assert "Please fill this in." not in femi.get(f"/inbox/{task.id}").text

    sent = femi.post(f"/inbox/{task.id}/complete", subject="Your refund", body="Dear Marta", message="forged")
    assert sent.status_code == 303
    site.work()
    variables = site.runtime.instances.get(SYSTEM, instance_id).variables
    assert variables["message"] == "I will call my lawyer about this complaint."


def test_tabs_show_process_and_history(site: Site) -> None:
    """The diagram beside the task, and what has happened so far."""
    site.request_refund(80)
    task = site.task_for("femi")
    femi = site.visitor("femi")
    process = femi.get(f"/inbox/{task.id}?tab=process").text
    xml = re.search(r'data-xml-url="([^"]+)"', process)
    marks = re.search(r'data-marks-url="([^"]+)"', process)
    assert xml is not None
    assert marks is not None
    assert femi.get(xml[1]).content_type == "application/xml; charset=utf-8"
    found = femi.get(marks[1]).json
    assert found is not None
    assert sum(found["active"].values()) == 1
    assert "Fetch the customer" in femi.get(f"/inbox/{task.id}?tab=history").text


def test_an_empty_inbox_says_so(anna: Visitor) -> None:
    """Nothing to do is a sentence, not an empty frame."""
    assert "Nothing to do here" in anna.get("/inbox/").text
