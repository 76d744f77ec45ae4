"""Operation in the browser's own words."""

import re

from app.runtime import SYSTEM
from app.runtime.views import DueKind
from tests.web.site import Site, Visitor


def test_the_list_is_paged_by_key(site: Site, carla: Visitor) -> None:
    """Every instance is on exactly one page, newest first, and the filters stay."""
    started = [site.request_refund(amount) for amount in (1, 2, 3)]
    seen: list[str] = []
    address: str | None = "/api/v1/instances?limit=2&process_id=support-refund"
    while address:
        page = carla.get(address).json
        assert page is not None
        seen += [instance["id"] for instance in page["items"]]
        address = f"/api/v1/instances?limit=2&process_id=support-refund&after={page['next']}" if page["next"] else None
    assert seen == started[::-1]


def test_filters_live_in_the_address(site: Site, carla: Visitor) -> None:
    """A filter finds what fits, and an empty result says so."""
    site.request_refund(80)
    assert "Support refund" in carla.get("/operate/instances?status=running").text
    assert "No instance fits" in carla.get("/operate/instances?status=failed").text


def test_the_instance_page_holds_everything(site: Site, carla: Visitor) -> None:
    """Diagram, history, variables, decision, jobs, the waiting task."""
    instance_id = site.request_refund(80)
    page = carla.get(f"/operate/instances/{instance_id}").text
    for words in ("data-bpmn-viewer", "Fetch the customer", "ticket_id", "refund-eligibility", "billing.refund"):
        assert words in page
    assert "waits for" in page


def test_variables_are_set_with_their_old_values_audited(site: Site, carla: Visitor) -> None:
    """The new value holds at once; the audit log keeps both."""
    instance_id = site.request_refund(80)
    carla.post(f"/operate/instances/{instance_id}/variables", name="amount", value="81.50")
    assert str(site.runtime.instances.get(SYSTEM, instance_id).variables["amount"]) == "81.50"
    log = carla.get(f"/audit/?stream={instance_id}").text
    assert "81.5" in log
    assert "80" in log


def test_a_value_that_is_not_json_is_refused(site: Site, carla: Visitor) -> None:
    """Broken JSON changes nothing and is explained; plain words are text."""
    instance_id = site.request_refund(80)
    here = f"/operate/instances/{instance_id}"
    carla.post(f"{here}/variables", name="amount", value="{broken")
    assert "expected JSON" in carla.get(here).text
    carla.post(f"{here}/variables", name="note", value="call back")
    assert site.runtime.instances.get(SYSTEM, instance_id).variables["note"] == "call back"


def test_cancel_ends_an_instance(site: Site, carla: Visitor) -> None:
    """The instance ends and its task leaves the inbox."""
    instance_id = site.request_refund(80)
    carla.post(f"/operate/instances/{instance_id}/cancel", reason="Sent twice")
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "cancelled"
    assert "Nothing to do here" in site.visitor("femi").get("/inbox/").text


def test_an_incident_is_shown_and_retried(site: Site, carla: Visitor) -> None:
    """Two systems contradict each other: the case stops, and Retry asks again (they still do)."""
    instance_id = site.request_refund(10, customer_id="C-1003", charge_id="CH-1003")
    page = carla.get(f"/operate/instances/{instance_id}").text
    assert "Stopped at" in page
    assert ">Data</span>" in page
    assert carla.get("/operate/incidents").text.count("/retry") == 1
    retry = re.search(r'action="(/operate/incidents/[^"]+/retry)"', page)
    assert retry is not None
    assert carla.post(retry[1]).status_code == 303
    assert "No incidents" in carla.get("/operate/incidents").text
    assert "by carla" in carla.get("/operate/incidents?state=resolved").text
    site.work()
    assert carla.get("/operate/incidents").text.count("/retry") == 1


def test_a_kill_switch_holds_work_and_lets_it_go(site: Site, carla: Visitor) -> None:
    """Thrown, the action waits; cleared, it happens."""
    carla.post("/operate/switches", scope="action", key="billing.refund", reason="A test of the brake")
    instance_id = site.request_refund(10)
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "running"
    page = carla.get("/operate/controls").text
    assert "A test of the brake" in page
    clear = re.search(r'action="(/operate/switches/[^"]+/clear)"', page)
    assert clear is not None
    carla.post(clear[1])
    site.work()
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "completed"


def test_a_switch_needs_a_key_and_a_reason(site: Site, carla: Visitor) -> None:
    """What is missing is said, and nothing is thrown."""
    carla.post("/operate/switches", scope="action", key="", reason="")
    assert not site.runtime.switches.list()
    assert "please fill this in" in carla.get("/operate/controls").text


def test_starting_by_hand(site: Site, carla: Visitor) -> None:
    """Variables that are not JSON bring the form back with what was typed."""
    again = carla.post("/operate/start", process_id="invoice-approval", variables="{broken")
    assert again.status_code == 422
    assert "{broken" in again.text


def test_a_setback_is_seen_and_tried_again(site: Site, carla: Visitor) -> None:
    """It has its reason, and a button that has it tried at once."""
    site.runtime.setbacks.count(SYSTEM, DueKind.FOLLOW_UP, "some-id", ValueError("nobody foresaw this"))
    page = carla.get("/operate/controls").text
    assert "ValueError: nobody foresaw this" in page
    assert "Follow-up" in page
    assert carla.post("/operate/setbacks/follow-up/some-id/retry").status_code == 303
    assert site.runtime.setbacks.list(SYSTEM).items[0].failures == 0
    assert carla.post("/operate/setbacks/nothing/x/retry").status_code in {303, 422}
    assert "expected one of" in carla.get("/operate/controls").text
