"""What an address asks of a list: nothing that somebody types there breaks the platform, and nothing is passed over."""

import pytest

from tests.web.program import program
from tests.web.site import Site

LISTS = (
    "/inbox/",
    "/operate/instances",
    "/operate/incidents",
    "/operate/jobs",
    "/operate/controls",
    "/audit/",
    "/api/v1/tasks",
    "/api/v1/instances",
    "/api/v1/incidents",
    "/api/v1/jobs",
    "/api/v1/setbacks",
    "/api/v1/start-occurrences",
)
NO_CURSORS = ("x", "x:y", "1|2|3", "9" * 30, "٣", "1:", "'", "a" * 5_000, "-1")


@pytest.mark.parametrize("address", LISTS)
def test_a_cursor_that_no_page_gave_is_named(site: Site, address: str) -> None:
    """422 with the field and the remedy; never a crash, and never silently the first page."""
    carla = site.visitor("carla")
    for nonsense in NO_CURSORS:
        answer = carla.get(address, query={"after": nonsense})
        assert answer.status_code == 422, (address, nonsense)
        assert "Begin with the first page" in answer.text


def test_a_cursor_of_the_history_is_a_position(site: Site) -> None:
    """The page of an instance and the API's history, alike."""
    instance_id = site.request_refund(80)
    carla = site.visitor("carla")
    for address in (f"/operate/instances/{instance_id}", f"/api/v1/instances/{instance_id}/history"):
        assert carla.get(address, query={"after": "2"}).status_code == 200
        for nonsense in NO_CURSORS:
            assert carla.get(address, query={"after": nonsense}).status_code == 422, (address, nonsense)


@pytest.mark.parametrize("version", ["abc", "0", "-1", "99999999999999999999", "2147483648", "1.5", "٣"])
def test_a_version_that_cannot_be_is_named(site: Site, version: str) -> None:
    """Wherever an address or a body names one."""
    carla, here = site.visitor("carla"), {"version": version}
    for address in ("/operate/instances", "/api/v1/instances", "/studio/bpmn/support-refund"):
        assert carla.get(address, query=here).status_code == 422, address
    assert carla.get("/studio/content/bpmn/support-refund", query=here).status_code == 422
    assert carla.get(f"/api/v1/processes/support-refund/{version}/xml").status_code == 404
    body = f'{{"process_id": "support-refund", "version": {version}}}'
    assert program(site, "carla").call("POST", "/instances", body).status_code in {400, 422}


@pytest.mark.parametrize(
    "address", ["/operate/instances?status=x", "/operate/jobs?state=x", "/operate/incidents?state=x"]
)
def test_a_filter_that_does_not_exist_is_named(site: Site, address: str) -> None:
    """A page that ignored it would show more than was asked for."""
    assert "expected one of" in site.visitor("carla").get(address).text
