"""The JSON API: tokens, bodies, lists, problems, and its own description."""

import json
import re
from decimal import Decimal

import pytest

from app.runtime import SYSTEM, WITHOUT_NUL
from app.runtime.views import ModelKind
from app.web.api.openapi import BODIES
from tests.web.program import program
from tests.web.site import PASSWORD, Site, Visitor


def test_a_token_opens_the_api_until_it_is_closed(site: Site) -> None:
    """A token is a session of its own: it works without a cookie, and ends for good."""
    carla = program(site, "carla")
    me = carla.call("GET", "/me").json
    assert me is not None
    assert me["name"] == "carla"
    assert carla.call("DELETE", "/sessions/current").status_code == 204
    assert carla.call("GET", "/me").status_code == 401


def test_a_token_opens_no_pages(site: Site) -> None:
    """Pages are for browsers: a bearer token is no way around their CSRF tokens."""
    token = program(site, "carla").token
    answer = site.app.test_client().get("/operate/instances", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 303


def test_guessing_is_slowed_down_here_too(site: Site) -> None:
    """The API's sign-in has the limit of the page's."""
    client = site.app.test_client()
    for attempt in range(site.settings.sign_in_attempts_per_minute):
        assert client.post("/api/v1/sessions", json={"name": f"n{attempt}", "password": "x"}).status_code == 401
    assert client.post("/api/v1/sessions", json={"name": "carla", "password": PASSWORD}).status_code == 429


def test_a_browser_needs_its_csrf_token_for_changes(site: Site, carla: Visitor) -> None:
    """With a cookie, reading is free and changing needs the token; without it nothing happens."""
    assert carla.client.get("/api/v1/me").status_code == 200
    body = {"process_id": "support-refund"}
    assert carla.client.post("/api/v1/instances", json=body).status_code == 400
    assert not site.runtime.instances.list(SYSTEM).items


def test_numbers_keep_their_digits(site: Site) -> None:
    """0.10 and a number of thirty digits come back as they were sent."""
    carla = program(site, "carla")
    big = "123456789012345678901234567890.10"
    body = f'{{"process_id": "invoice-approval", "variables": {{"amount": {big}}}}}'
    started = carla.call("POST", "/instances", body)
    assert started.status_code == 201, started.text
    assert started.json is not None
    found = carla.call("GET", f"/instances/{started.json['id']}")
    assert f'"amount":{big}' in found.text.replace(" ", "")
    assert site.runtime.instances.get(SYSTEM, started.json["id"]).variables["amount"] == Decimal(big)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('{"process": "x"}', "$.process"),
        ('{"process_id": 1}', "$.process_id"),
        ("[]", "$"),
        ("{", "$"),
        ('{"process_id": "x", "variables": []}', "$.variables"),
    ],
)
def test_a_body_that_does_not_fit_is_explained(site: Site, body: str, path: str) -> None:
    """422 with the path of every field that does not fit."""
    answer = program(site, "carla").call("POST", "/instances", body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert path in answer.json["problems"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/instances", '{"process_id": "invoice-approval", "business_key": "a\\u0000"}', 422),
        ("POST", "/instances", '{"process_id": "invoice-approval", "variables": {"x": ["a\\u0000"]}}', 422),
        ("POST", "/sessions", '{"name": "\\u0000", "password": "x"}', 422),
        ("GET", "/instances?business_key=a%00", None, 400),
        ("GET", "/instances/a%00", None, 400),
    ],
)
def test_a_null_character_is_refused(site: Site, method: str, path: str, body: str | None, status: int) -> None:
    """In names, variables and addresses."""
    answer = program(site, "carla").call(method, path, body)
    assert answer.status_code == status
    assert WITHOUT_NUL in answer.text


def test_several_instances_start_together(site: Site) -> None:
    """All of them in the order in which they were sent, or none where one does not fit."""
    carla = program(site, "carla")
    sent = [{"variables": {"amount": number}, "business_key": f"B-{number}"} for number in (1, 2, 3)]
    started = carla.call("POST", "/instances/batch", {"process_id": "invoice-approval", "instances": sent})
    assert started.status_code == 201
    assert started.json is not None
    keys = [site.runtime.instances.get(SYSTEM, each).view.business_key for each in started.json["ids"]]
    assert keys == ["B-1", "B-2", "B-3"]
    for body in ({"instances": []}, {"instances": [{}] * 1001}, {"instances": [{"business": "x"}]}):
        refused = carla.call("POST", "/instances/batch", {"process_id": "invoice-approval", **body})
        assert refused.status_code == 422
    assert carla.call("POST", "/instances/batch", '{"process_id": "gone", "instances": [{}]}').status_code == 404
    assert len(site.runtime.instances.list(SYSTEM).items) == 3


def test_tasks_are_worked_on(site: Site) -> None:
    """Claim, comment, approve: what the pages do, with the same rights."""
    site.request_refund(80)
    task = site.task_for("femi")
    femi, ben = program(site, "femi"), program(site, "ben")
    assert ben.call("POST", f"/tasks/{task.id}/approve", {"reason": "please"}).status_code in {403, 404}
    assert femi.call("POST", f"/tasks/{task.id}/claim").status_code == 204
    assert femi.call("POST", f"/tasks/{task.id}/comments", {"text": "Photos seen"}).status_code == 204
    assert femi.call("POST", f"/tasks/{task.id}/reject", {}).status_code == 422
    assert femi.call("POST", f"/tasks/{task.id}/approve", {"reason": "ok"}).status_code == 204
    assert femi.call("POST", f"/tasks/{task.id}/approve", {"reason": "ok"}).status_code == 409
    found = femi.call("GET", f"/tasks/{task.id}").json
    assert found is not None
    assert found["gate"]["state"] == "approved"
    assert found["comments"][0]["text"] == "Photos seen"


def test_a_decision_is_evaluated(site: Site) -> None:
    """The deployed version answers, and explains itself when asked."""
    dora = program(site, "dora")
    inputs = {"variables": {"process": "support-refund", "level": 1}, "explain": True}
    answer = dora.call("POST", "/decisions/escalation-routing/evaluate", inputs)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    assert "role" in answer.json["value"]
    assert dora.call("POST", "/decisions/unknown/evaluate", {}).status_code == 404


def test_models_are_checked_and_deployed(site: Site) -> None:
    """All problems at once; a broken model changes nothing; a changed one becomes a new version."""
    dora = program(site, "dora")
    xml = site.runtime.deployments.model(ModelKind.BPMN, "invoice-approval").content
    assert xml is not None
    broken = {"files": {"bpmn/broken.bpmn": "<not xml"}}
    checked = dora.call("POST", "/deployments/check", broken).json
    assert checked is not None
    assert checked["ok"] is False
    assert checked["diagnostics"][0]["message"]
    refused = dora.call("POST", "/deployments", broken)
    assert refused.status_code == 422
    assert refused.json is not None
    assert refused.json["diagnostics"]

    changed = xml.decode().replace("</bpmn:definitions>", "<!-- changed --></bpmn:definitions>")
    files = {"files": {"bpmn/invoice-approval.bpmn": changed}, "note": "A comment"}
    assert dora.call("POST", "/deployments", files).status_code == 201
    versions = dora.call("GET", "/processes/invoice-approval").json
    assert versions is not None
    assert [model["version"] for model in versions["items"]] == [2, 1]


def test_lists_say_what_they_expect(site: Site) -> None:
    """A filter or a limit that does not fit is a problem, not an empty list."""
    carla = program(site, "carla")
    for path in (
        "/instances?status=nonsense",
        "/instances?limit=0",
        "/instances?limit=100000",
        "/jobs?state=nonsense",
        "/tasks?view=nonsense",
        "/incidents?state=nonsense",
    ):
        assert carla.call("GET", path).status_code == 422, path


def test_messages_and_evidence(site: Site) -> None:
    """A message starts a case once per message id; its evidence is one JSON document."""
    carla = program(site, "carla")
    variables = {
        "ticket_id": "T-9",
        "customer_id": "C-1001",
        "charge_id": "CH-1001",
        "amount": 5,
        "reason": "damaged",
        "message": "",
        "requested_by": "ben",
    }
    body = {"name": "refund-requested", "correlation_key": "T-9", "variables": variables, "message_id": "m-1"}
    for _ in range(2):
        assert carla.call("POST", "/messages", body).status_code == 202
    site.work()
    listed = carla.call("GET", "/instances").json
    assert listed is not None
    (instance,) = listed["items"]
    pack = carla.call("GET", f"/instances/{instance['id']}/evidence")
    assert pack.status_code == 200
    verdict = carla.call("GET", "/audit/verify").json
    assert verdict is not None
    assert verdict["ok"] is True


def test_the_description_knows_every_endpoint(site: Site) -> None:
    """OpenAPI 3.1: every address with its parameters, every body, no reference that leads nowhere; open to all."""
    described = site.app.test_client().get("/api/v1/openapi.json").json
    assert described is not None
    rules = [rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    assert len(rules) > 30
    for rule in rules:
        path = re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", rule.rule)
        operations = described["paths"][path]
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            operation = operations[method.lower()]
            assert operation["summary"] != operation["operationId"], "the view has no docstring"
            assert {p["name"] for p in operation["parameters"] if p["in"] == "path"} == rule.arguments
            assert ("requestBody" in operation) == (operation["operationId"] in BODIES)
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described)))
    assert references <= set(described["components"]["schemas"])
