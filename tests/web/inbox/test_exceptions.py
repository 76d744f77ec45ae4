"""An exception in the inbox: its case falls between no chairs."""

from app.runtime import SYSTEM
from app.runtime.views import IncidentState
from tests.web.program import program
from tests.web.site import Site


def test_the_owner_corrects_the_data_and_the_case_goes_on(site: Site) -> None:
    """From the page: the wrong customer is put right, the service task reads it anew, and the case ends well."""
    instance_id = site.request_refund(10, customer_id="C-9999")
    task = site.task_for("femi")
    femi = site.visitor("femi")
    page = femi.get(f"/inbox/{task.id}").text
    assert 'name="variable:customer_id" value="C-9999"' in page
    assert ">Done<" not in page
    assert femi.post(f"/inbox/{task.id}/repair", **{"variable:customer_id": "C-1001"}).status_code == 303
    assert "tried again" in femi.get(f"/inbox/{task.id}").text
    site.work()
    found = site.runtime.instances.get(SYSTEM, instance_id)
    assert found.view.status == "completed"
    assert found.variables["customer_id"] == "C-1001"
    assert found.view.incident_count == 0


def test_done_does_not_lose_a_case_that_stands(site: Site) -> None:
    """Neither the page's form nor the API closes an exception before its incident: it stays with its owner."""
    site.request_refund(10, customer_id="C-9999")
    task = site.task_for("femi")
    refused = program(site, "femi").call("POST", f"/tasks/{task.id}/complete", {})
    assert refused.status_code == 409
    assert "still stands" in refused.text
    site.visitor("femi").post(f"/inbox/{task.id}/complete")
    assert site.task_for("femi").id == task.id


def test_what_fails_again_comes_back(site: Site) -> None:
    """Tried again without a correction: a new exception, with the same owner."""
    site.request_refund(10, customer_id="C-9999")
    first = site.task_for("femi")
    assert program(site, "femi").call("POST", f"/tasks/{first.id}/repair", {}).status_code == 204
    site.work()
    second = site.task_for("femi")
    assert second.id != first.id
    assert second.summary == first.summary
    assert len(site.runtime.incidents.list(SYSTEM, IncidentState.OPEN).items) == 1


def test_an_operator_who_corrects_a_variable_and_retries_is_obeyed(site: Site) -> None:
    """Set a variable, then Retry, on the instance's page: the new value is what the service task sees."""
    instance_id = site.request_refund(10, customer_id="C-9999")
    carla = site.visitor("carla")
    carla.post(f"/operate/instances/{instance_id}/variables", name="customer_id", value="C-1001")
    (incident,) = site.runtime.incidents.list(SYSTEM, IncidentState.OPEN).items
    carla.post(f"/operate/incidents/{incident.id}/retry")
    site.work()
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "completed"
    assert "Nothing to do here" in site.visitor("femi").get("/inbox/").text


def test_only_the_owner_repairs_and_only_what_the_case_has(site: Site) -> None:
    """Somebody else finds no such task; a variable that the case does not have is named; text stays text."""
    instance_id = site.request_refund(10, customer_id="C-9999")
    task = site.task_for("femi")
    assert program(site, "anna").call("POST", f"/tasks/{task.id}/repair", {}).status_code == 404
    femi = program(site, "femi")
    unknown = femi.call("POST", f"/tasks/{task.id}/repair", {"variables": {"is_admin": True}})
    assert unknown.status_code == 422
    assert "is_admin" in unknown.text
    site.visitor("femi").post(f"/inbox/{task.id}/repair", **{"variable:ticket_id": "0815", "variable:other": "1"})
    variables = site.runtime.instances.get(SYSTEM, instance_id).variables
    assert variables["ticket_id"] == "0815"
    assert "other" not in variables
