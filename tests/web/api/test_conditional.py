"""Commands with ``If-Match``: carried out only if the thing is still as the program has seen it."""

import pytest

from app.runtime import SYSTEM
from app.web.api.doorway import CONDITIONAL
from tests.web.program import Program, program
from tests.web.site import Site


def tag(asks: Program, path: str) -> str:
    answer = asks.call("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.headers["ETag"]


def instance(site: Site) -> str:
    """At its first user task, with nothing that moves by itself."""
    return site.runtime.instances.start(SYSTEM, "invoice-approval", {"amount": 1})


def test_of_two_who_saw_the_same_one_changes_it(site: Site) -> None:
    """The second is refused with 412 and the remedy, nothing is done; having looked again, it may."""
    path = f"/instances/{instance(site)}"
    first, second = program(site, "carla"), program(site, "olga")
    seen = tag(first, path), tag(second, path)
    assert first.call("PATCH", f"{path}/variables", {"variables": {"amount": 2}}, match=seen[0]).status_code == 204
    refused = second.call("PATCH", f"{path}/variables", {"variables": {"amount": 3}}, match=seen[1])
    assert refused.status_code == 412
    assert refused.content_type == "application/problem+json"
    assert "Look at the present state" in refused.text
    assert site.runtime.instances.get(SYSTEM, path.rpartition("/")[2]).variables["amount"] == 2
    again = second.call("PATCH", f"{path}/variables", {"variables": {"amount": 3}}, match=tag(second, path))
    assert again.status_code == 204
    assert second.call("POST", f"{path}/cancel", {}, match=seen[1]).status_code == 412
    assert second.call("POST", f"{path}/cancel", {}, match=tag(second, path)).status_code in {202, 204}


def test_a_task_is_decided_as_it_was_seen(site: Site) -> None:
    """A comment that came meanwhile is read first."""
    site.request_refund(80)
    path = f"/tasks/{site.task_for('femi').id}"
    femi, gina = program(site, "femi"), program(site, "gina")
    seen = tag(femi, path)
    assert gina.call("POST", f"{path}/comments", {"text": "This charge is disputed."}).status_code == 204
    for command, body in (("approve", {"reason": "ok"}), ("reject", {"reason": "no"}), ("claim", None)):
        assert femi.call("POST", f"{path}/{command}", body, match=seen).status_code == 412
    assert femi.call("POST", f"{path}/claim", match=tag(femi, path)).status_code == 204
    assert femi.call("POST", f"{path}/approve", {"reason": "ok"}, match=tag(femi, path)).status_code == 204


def test_a_tag_is_the_same_until_something_changes(site: Site) -> None:
    """Whoever has the present state hears 304; a tag that was compressed on the way matches; * matches anything."""
    path = f"/instances/{instance(site)}"
    carla = program(site, "carla")
    seen = tag(carla, path)
    assert tag(carla, path) == seen
    for number, shape in enumerate(("W/{}", '"other", {}', "*")):
        body, match = {"variables": {"amount": number}}, shape.format(seen)
        assert carla.call("PATCH", f"{path}/variables", body, match=match).status_code == 204, match
        seen = tag(carla, path)
    client = site.app.test_client()
    headers = {"Authorization": f"Bearer {carla.token}", "If-None-Match": seen}
    assert client.get(f"/api/v1{path}", headers=headers).status_code == 304


def test_a_lost_answer_is_given_again_though_the_state_is_another_now(site: Site) -> None:
    """The same command under its key changed the state itself."""
    path = f"/instances/{instance(site)}"
    carla = program(site, "carla")
    seen = tag(carla, path)
    for _ in range(2):
        answer = carla.call("PATCH", f"{path}/variables", {"variables": {"amount": 2}}, key="k-1", match=seen)
        assert answer.status_code == 204
    assert answer.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(("method", "path"), [("POST", "/messages"), ("POST", "/instances"), ("POST", "/switches")])
def test_it_is_never_passed_over(site: Site, method: str, path: str) -> None:
    """Commands that cannot keep the promise say so."""
    answer = program(site, "carla").call(method, path, {}, match='"x"')
    assert answer.status_code == 422
    assert answer.json is not None
    assert list(answer.json["problems"]) == ["If-Match"]


def test_the_description_names_it(site: Site) -> None:
    """Each command that takes it, and what it answers."""
    described = program(site, "carla").call("GET", "/openapi.json").json
    assert described is not None
    operations = [each for path in described["paths"].values() for each in path.values()]
    named = {each["operationId"] for each in operations if "If-Match" in {it["name"] for it in each["parameters"]}}
    assert named == CONDITIONAL == {each["operationId"] for each in operations if "412" in each["responses"]}
