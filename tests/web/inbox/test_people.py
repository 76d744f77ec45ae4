"""What people did with a case is told to whoever sees it, and a task is given only to those who can do it."""

import re

from tests.web.program import program
from tests.web.site import Site


def test_the_history_shows_who_did_what(site: Site) -> None:
    """Claim, comment and the decision with its reason: on the task's History tab and on the instance's page."""
    instance_id = site.request_refund(80)
    task = site.task_for("femi")
    femi = site.visitor("femi")
    femi.post(f"/inbox/{task.id}/claim")
    femi.post(f"/inbox/{task.id}/comment", text="Called the customer")
    femi.post(f"/inbox/{task.id}/approve", reason="Photos seen")
    for page in (
        femi.get(f"/inbox/{task.id}?tab=history").text,
        site.visitor("carla").get(f"/operate/instances/{instance_id}").text,
    ):
        for words in ("Took the task", "Wrote a comment", "Approved billing.refund", "Photos seen"):
            assert words in page


def test_an_escalation_is_in_the_history_and_keeps_the_due_date(site: Site) -> None:
    """Whoever had the task sees to whom it went and why; that it was due, and since when, stays."""
    site.request_refund(450)
    before = site.task_for("gina")
    site.skip(days=4)
    found = site.runtime.inbox.get(site.actor("gina"), before.id)
    assert found.item.level > 0
    assert found.item.due_at == before.due_at
    assert "Escalated to" in site.visitor("gina").get(f"/inbox/{before.id}?tab=history").text


def test_a_task_is_given_only_to_those_who_may_work(site: Site) -> None:
    """An auditor is not offered, and named by hand is refused with the reason."""
    site.request_refund(80)
    task = site.task_for("femi")
    carla = site.visitor("carla")
    page = carla.get(f"/inbox/{task.id}").text
    assert 'value="gina"' in page
    assert 'value="emil"' not in page
    refused = program(site, "carla").call("POST", f"/tasks/{task.id}/assign", {"person": "emil"})
    assert refused.status_code == 422
    assert "tasks.work" in refused.text


def test_a_switch_on_a_mistyped_name_is_refused(site: Site) -> None:
    """It would stop nothing and say that it did; the nearest names are offered."""
    carla = program(site, "carla")
    for scope, key in (("action", "billing.refnd"), ("process", "nope"), ("role", "nobody"), ("instance", "x")):
        refused = carla.call("POST", "/switches", {"scope": scope, "key": key, "reason": "stop it"})
        assert refused.status_code == 422, scope
    assert (
        "billing.refund"
        in carla.call("POST", "/switches", {"scope": "action", "key": "billing.refnd", "reason": "stop it"}).text
    )
    assert carla.call("GET", "/switches").json == {"items": [], "next": None}


def test_a_pane_that_is_out_of_date_says_so(site: Site) -> None:
    """Nothing while nothing changes, one's own draft included; then who has it or how it ended."""
    site.request_refund(450)
    task = site.task_for("gina")
    gina, femi = site.visitor("gina"), site.visitor("femi")
    news = re.search(r'hx-get="(/inbox/[^"]+/news[^"]+)"', gina.get(f"/inbox/{task.id}").text)
    assert news is not None
    address, asks_again = news[1].replace("&amp;", "&"), {"HX-Request": "true"}
    gina.post(f"/inbox/{task.id}/draft", reason="Because")
    assert gina.get(address, **asks_again).status_code == 204
    femi.post(f"/inbox/{task.id}/comment", text="Look at the photos")
    assert "no longer so" in gina.get(address, **asks_again).text
    femi.post(f"/inbox/{task.id}/approve", reason="Photos seen")
    assert "it is completed" in gina.get(address, **asks_again).text
