"""The API's repairs: tokens, migrations, suspension, bulk, history."""

import json

import pytest
from lxml import etree

from app.runtime import SYSTEM
from tests.runtime.diagrams import END, START, diagram, user_task
from tests.web.program import Program, program
from tests.web.site import Site


@pytest.fixture
def carla(site: Site) -> Program:
    for elements in ((START, user_task("check"), user_task("decide"), END), (START, user_task("decide"), END)):
        site.runtime.deployments.deploy(SYSTEM, {"order.bpmn": diagram("order", *elements)})
    return program(site, "carla")


def start(site: Site) -> str:
    return site.runtime.instances.start(SYSTEM, "order", {}, version=1)


def test_a_token_is_moved_modified_and_migrated(site: Site, carla: Program) -> None:
    """Look where it is, try the migration, repair what is in its way, migrate."""
    case = start(site)
    tried = carla.call("POST", f"/instances/{case}/migrate", {"version": 2, "dry_run": True}).json
    assert tried is not None
    assert (tried["migrated"], [each["element_id"] for each in tried["problems"]]) == (False, ["check"])
    assert carla.call("POST", f"/instances/{case}/move", {"source": "check", "target": "decide"}).json == {"moved": 1}
    found = carla.call("GET", f"/instances/{case}/elements").json
    assert found is not None
    (live,) = found["items"]
    body = {"activate": [{"element_id": "decide"}], "cancel": [live["element_instance_id"]], "reason": "a fresh task"}
    assert carla.call("POST", f"/instances/{case}/modify", body).status_code == 204
    migrated = carla.call("POST", f"/instances/{case}/migrate", {"version": 2}).json
    assert migrated is not None
    assert migrated["migrated"] is True
    assert site.runtime.instances.get(SYSTEM, case).view.version == 2


def test_an_ended_instance_is_restarted(site: Site, carla: Program) -> None:
    """The answer is the new instance's id."""
    case = start(site)
    carla.call("POST", f"/instances/{case}/cancel", {})
    answer = carla.call("POST", f"/instances/{case}/restart", {"element_id": "decide"})
    assert (answer.status_code, answer.json is not None) == (201, True)
    assert site.runtime.instances.get(SYSTEM, answer.json["id"]).active == {"decide": 1}  # type: ignore[index]


def test_an_instance_is_suspended_and_resumed(site: Site, carla: Program) -> None:
    """Both are kill switches, which can also be set by themselves; a reason is needed."""
    case = start(site)
    assert carla.call("POST", f"/instances/{case}/suspend", {}).status_code == 422
    assert carla.call("POST", f"/instances/{case}/suspend", {"reason": "an audit"}).status_code == 200
    assert [each.key for each in site.runtime.switches.list()] == [case]
    assert carla.call("POST", f"/instances/{case}/resume").status_code == 204
    switch = carla.call("POST", "/switches", {"scope": "element", "key": "order/check", "reason": "an audit"})
    assert switch.status_code == 201, switch.text
    assert carla.call("DELETE", f"/switches/{switch.json['id']}").status_code == 204  # type: ignore[index]
    assert not site.runtime.switches.list()


def test_bulk_takes_one_operation_and_answers_with_a_cursor(site: Site, carla: Program) -> None:
    """Batch by batch; none or two operations are a mistake."""
    cases = [start(site) for _ in range(3)]
    selection = {"process_id": "order", "version": 1}
    assert carla.call("POST", "/instances/bulk", {"filter": selection}).status_code == 422
    body = {"filter": selection, "limit": 2, "move": {"source": "check", "target": "decide"}}
    first = carla.call("POST", "/instances/bulk", body).json
    assert first is not None
    assert (first["done"], first["next"]) == (cases[:2], cases[1])
    second = carla.call("POST", "/instances/bulk", {**body, "after": first["next"]}).json
    assert second is not None
    assert (second["done"], second["failed"], second["next"]) == (cases[2:], {}, None)


def test_history_is_exported_and_purged(site: Site, carla: Program) -> None:
    """In both formats; a purge takes what has ended and leaves the rest."""
    case = start(site)
    log = carla.call("GET", "/history?format=xes&process_id=order")
    assert etree.fromstring(log.data).tag == "{http://www.xes-standard.org/}log"
    assert {"objects", "events"} <= json.loads(carla.call("GET", "/history?format=ocel").text).keys()
    assert carla.call("GET", "/history?format=csv").status_code == 422
    moment = site.runtime.core.clock.now().isoformat()
    purged = carla.call("POST", "/history/purge", {"before": moment})
    assert purged.status_code == 200, purged.text
    assert site.runtime.instances.history(SYSTEM, case).items
    assert program(site, "dora").call("POST", "/history/purge", {"before": moment}).status_code == 403
