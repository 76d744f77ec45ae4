"""The API's starts by condition, and what waits for the other triggers of a start event."""

import pytest

from app.runtime import SYSTEM
from tests.runtime.instances.test_global_tasks import SHARED
from tests.runtime.starts.test_combined import BIG, ORDER, together
from tests.runtime.starts.test_conditions import when
from tests.web.program import Program, program
from tests.web.site import Site


@pytest.fixture
def carla(site: Site) -> Program:
    files = {"restock.bpmn": when("stock &lt; 5"), "ship.bpmn": together(ORDER, BIG), "shared.bpmn": SHARED}
    site.runtime.deployments.deploy(SYSTEM, files)
    return program(site, "carla")


def test_conditions_are_evaluated_and_the_answer_lists_what_started(site: Site, carla: Program) -> None:
    """Of all processes, or of one; with the right to start instances."""
    address = "/conditionals/evaluation"
    answer = carla.call("POST", address, {"variables": {"stock": 3}})
    assert answer.status_code == 200
    assert answer.json is not None
    (started,) = answer.json["items"]
    assert {name: started[name] for name in ("process_id", "version", "element_id")} == {
        "process_id": "restock",
        "version": 1,
        "element_id": "start",
    }
    assert carla.call("GET", f"/instances/{started['id']}").status_code == 200
    nothing = carla.call("POST", address, {"variables": {"stock": 3}, "process_id": "ship"}).json
    assert nothing == {"items": [], "next": None}
    assert carla.call("POST", address, {"variables": {}, "process_id": "nonsense"}).status_code == 404
    assert carla.call("POST", address, {}).status_code == 422
    assert program(site, "anna").call("POST", address, {"variables": {"stock": 3}}).status_code == 403


def test_what_waits_for_others_is_listed_and_forgotten(site: Site, carla: Program) -> None:
    """With its variables and the moment until which it waits."""
    carla.call("POST", "/conditionals/evaluation", {"variables": {"stock": 9}})
    listed = carla.call("GET", "/start-occurrences?process_id=ship").json
    assert listed is not None
    (one,) = listed["items"]
    assert (one["kind"], one["name"], one["variables"]) == ("condition", "=stock > 5", {"stock": 9})
    assert one["expires_at"] > one["occurred_at"]
    forget = f"/start-occurrences/{one['id']}/forget"
    assert program(site, "anna").call("POST", forget, {}).status_code == 403
    assert carla.call("POST", forget, {"reason": "a test"}).status_code == 204
    assert carla.call("POST", forget, {"reason": "a test"}).status_code == 404
    assert carla.call("GET", "/start-occurrences").json == {"items": [], "next": None}


def test_a_global_task_is_not_started_by_hand(site: Site, carla: Program) -> None:
    """The API says why, and so does the page."""
    answer = carla.call("POST", "/instances", {"process_id": "sign"})
    assert answer.status_code == 409
    assert "Call it from a call activity" in answer.text
    page = site.visitor("carla").post("/operate/start", process_id="sign", variables="{}")
    assert page.status_code == 422
    assert "Call it from a call activity" in page.text
