"""Who may open which page: the whole matrix, so that a change of a right is a change of this file."""

import pytest

from app.errors import NotFound
from app.runtime import SYSTEM
from tests.web.site import PEOPLE, Site

EVERYBODY = set(PEOPLE)
READERS = {"carla", "dora", "emil", "olga"}
MATRIX = {
    "/account/": EVERYBODY,
    "/inbox/": EVERYBODY - {"emil"},
    "/operate/instances": READERS,
    "/operate/incidents": READERS,
    "/operate/jobs": READERS,
    "/operate/controls": READERS,
    "/roles/": READERS,
    "/roles/support-refunds": READERS,
    "/studio/": READERS,
    "/audit/": {"carla", "emil"},
    "/people/": {"carla"},
    "/api/v1/instances": READERS,
    "/api/v1/incidents": READERS,
    "/api/v1/jobs": READERS,
    "/api/v1/circuits": READERS,
    "/api/v1/tasks": EVERYBODY - {"emil"},
    "/api/v1/audit/verify": {"carla", "emil"},
    "/api/v1/audit/anchors": {"carla", "emil"},
    "/api/v1/processes": READERS,
}


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_everybody_sees_what_their_rights_allow(site: Site, name: str) -> None:
    """A page answers 200 to those who may see it, and 403 to the others."""
    visitor = site.visitor(name)
    seen = {address for address in MATRIX if visitor.get(address).status_code == 200}
    refused = {address for address in MATRIX if visitor.get(address).status_code == 403}
    assert seen == {address for address, people in MATRIX.items() if name in people}
    assert refused == set(MATRIX) - seen


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_the_navigation_leads_nowhere_forbidden(site: Site, name: str) -> None:
    """Every place in the bar can be opened by the person to whom it is shown."""
    visitor = site.visitor(name)
    page = visitor.get("/account/").text
    for address in ("/inbox/", "/operate/instances", "/studio/", "/roles/", "/audit/"):
        assert (f'href="{address}"' in page) == (visitor.get(address).status_code == 200), address


def test_the_start_leads_to_the_first_place(site: Site) -> None:
    """An approver begins in the inbox, an auditor in operation."""
    assert site.visitor("anna").get("/").location == "/inbox/"
    assert site.visitor("emil").get("/").location == "/operate/instances"


@pytest.mark.parametrize("address", [address for address in MATRIX if not address.startswith("/api")])
def test_pages_ask_strangers_to_sign_in(site: Site, address: str) -> None:
    """Without a session a page leads to the sign-in."""
    assert site.visitor().get(address).location.startswith("/sign-in")


@pytest.mark.parametrize("address", [address for address in MATRIX if address.startswith("/api")])
def test_the_api_tells_strangers_how_to_come_in(site: Site, address: str) -> None:
    """Without a token the API answers 401 and names the scheme."""
    response = site.visitor().get(address)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/operate/switches", {"scope": "action", "key": "billing.refund", "reason": "a test"}),
        ("/people/", {"name": "new", "password": "long enough password"}),
    ],
)
def test_changes_are_refused_without_the_right(site: Site, address: str, fields: dict[str, str]) -> None:
    """A form that the page does not show is refused when it is sent all the same."""
    for name in ("anna", "emil", "dora"):
        assert site.visitor(name).post(address, **fields).status_code == 403


def test_operating_an_instance_needs_the_right(site: Site) -> None:
    """Who may look at an instance may not change it."""
    instance_id = site.request_refund(80)
    emil = site.visitor("emil")
    page = emil.get(f"/operate/instances/{instance_id}")
    assert page.status_code == 200
    assert "Set a variable" not in page.text
    assert emil.post(f"/operate/instances/{instance_id}/variables", name="amount", value="1").status_code == 403
    assert emil.post(f"/operate/instances/{instance_id}/cancel", reason="x").status_code == 403
    assert site.runtime.instances.get(SYSTEM, instance_id).variables["amount"] == 80


def test_an_approver_sees_the_instances_of_own_tasks_only(site: Site) -> None:
    """The diagram beside a task is shown to whom the task is offered, and to no other approver."""
    site.request_refund(80)
    task = site.task_for("femi")
    assert site.visitor("femi").get(f"/api/v1/instances/{task.instance_id}/marks").status_code == 200
    assert site.visitor("anna").get(f"/api/v1/instances/{task.instance_id}/marks").status_code == 404
    assert site.visitor("anna").get(f"/inbox/{task.id}").status_code in {403, 404}
    with pytest.raises(NotFound):
        site.runtime.instances.get(SYSTEM, "unknown")
