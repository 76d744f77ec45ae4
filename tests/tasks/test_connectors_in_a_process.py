"""The connectors in diagrams as Camunda's modeler writes them: input mappings, task headers, errors, evidence."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app import feel
from app.handlers import HandlerRegistry
from app.roles import Ungoverned
from app.runtime import SYSTEM
from app.runtime.views import JobState
from app.settings import Settings
from app.testing import Platform
from app.worker.process import handler_config
from tests.tasks.web_service import Answer, WebService, web_service

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
    id="definitions" targetNamespace="test" modeler:executionPlatform="Camunda Cloud"
    modeler:executionPlatformVersion="8.6.0">
  <bpmn:process id="order" name="Order" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>to-call</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="to-call" sourceRef="start" targetRef="call" />
    <bpmn:serviceTask id="call" name="Book" zeebe:modelerTemplate="io.camunda.connectors.HttpJson.v2">
      <bpmn:extensionElements>
        <zeebe:taskDefinition type="io.camunda:http-json:1" retries="3" />
        <zeebe:ioMapping>
          <zeebe:input source="bearer" target="authentication.type" />
          <zeebe:input source="{{secrets.BOOKING_TOKEN}}" target="authentication.token" />
          <zeebe:input source="POST" target="method" />
          <zeebe:input source="=&#34;http://127.0.0.1:&#34; + string(port) + &#34;/bookings&#34;" target="url" />
          <zeebe:input source="={&#34;X-Tenant&#34;: tenant}" target="headers" />
          <zeebe:input source="={item: item}" target="body" />
          <zeebe:input source="20" target="connectionTimeoutInSeconds" />
          <zeebe:input source="20" target="readTimeoutInSeconds" />
        </zeebe:ioMapping>
        <zeebe:taskHeaders>
          <zeebe:header key="elementTemplateId" value="io.camunda.connectors.HttpJson.v2" />
          <zeebe:header key="resultVariable" value="booking" />
          <zeebe:header key="resultExpression" value="={number: response.body.number, for: item}" />
          <zeebe:header key="errorExpression"
            value="=if error.code = &#34;409&#34;
              then bpmnError(&#34;TAKEN&#34;, &#34;taken&#34;, {by: response.body.by})
              else if error.code = &#34;500&#34; then jobError(&#34;not now&#34;, {}, 2, @&#34;PT5M&#34;) else null" />
          <zeebe:header key="retryBackoff" value="PT1M" />
        </zeebe:taskHeaders>
      </bpmn:extensionElements>
      <bpmn:incoming>to-call</bpmn:incoming><bpmn:outgoing>to-end</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="to-end" sourceRef="call" targetRef="end" />
    <bpmn:endEvent id="end"><bpmn:incoming>to-end</bpmn:incoming></bpmn:endEvent>
    <bpmn:boundaryEvent id="taken" attachedToRef="call">
      <bpmn:outgoing>to-other</bpmn:outgoing><bpmn:errorEventDefinition id="taken-error" errorRef="TAKEN" />
    </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="to-other" sourceRef="taken" targetRef="other" />
    <bpmn:endEvent id="other"><bpmn:incoming>to-other</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmn:error id="TAKEN" name="taken" errorCode="TAKEN" />
</bpmn:definitions>
"""

TOKEN = "b00king-t0ken"


@pytest.fixture
def service() -> Iterator[WebService]:
    with web_service() as running:
        yield running


@pytest.fixture
def platform(tmp_path: Path, service: WebService) -> Iterator[Platform]:
    (tmp_path / "order.bpmn").write_text(DIAGRAM)
    registry = HandlerRegistry()
    registry.load_modules(["tasks"])
    settings = Settings(tasks={"http": {"allowed_hosts": "127.0.0.1"}}, secrets={"BOOKING_TOKEN": TOKEN})
    config = handler_config(settings)
    with Platform([tmp_path / "order.bpmn"], registry.values(), config=config, ungoverned=Ungoverned.ALLOW) as running:
        yield running


def order(platform: Platform, service: WebService) -> str:
    case = platform.start("order", {"port": Decimal(service.port), "tenant": "acme", "item": "seat 7"})
    platform.run()
    return case


def test_a_call_sets_variables_and_leaves_no_secret(platform: Platform, service: WebService) -> None:
    """The service gets the token and repeats it; variables, jobs, evidence and the audit log never hold it."""
    service.answers["/bookings"] = Answer(body={"number": 4711, "you sent": TOKEN})
    case = order(platform, service)
    (received,) = service.received
    assert received.headers["Authorization"] == f"Bearer {TOKEN}"
    assert (received.headers["X-Tenant"], json.loads(received.body)) == ("acme", {"item": "seat 7"})
    detail = platform.case(case)
    assert (detail.variables["number"], detail.variables["for"]) == (Decimal(4711), "seat 7")
    booking = detail.variables["booking"]
    assert isinstance(booking, dict)
    assert booking["body"] == {"number": Decimal(4711), "you sent": "[redacted]"}
    evidence = platform.runtime.evidence.pack(SYSTEM, case)
    everything = f"{detail} {evidence} {platform.runtime.audit.list(SYSTEM)}"
    assert "io.camunda:http-json:1" in everything
    assert TOKEN not in everything


def test_a_bpmn_error_is_caught_in_the_diagram(platform: Platform, service: WebService) -> None:
    """The error expression's code leads to the boundary event, its variables come along."""
    service.answers["/bookings"] = Answer(status=409, body={"by": "eve"})
    detail = platform.case(order(platform, service))
    assert "other" in detail.completed
    assert detail.variables["by"] == "eve"


def test_a_job_error_says_when_and_how_often(platform: Platform, service: WebService) -> None:
    """Two attempts left, after five minutes; then it goes on as if nothing had been."""
    service.answers["/bookings"] = Answer(status=500)
    case = order(platform, service)
    (job,) = platform.case(case).jobs
    assert (job.state, job.retries, job.message) == (JobState.AVAILABLE, 2, "not now")
    platform.advance(minutes=4)
    assert len(service.received) == 1
    service.answers["/bookings"] = Answer(body={"number": 1})
    platform.advance(minutes=2)
    keys = {received.headers["Idempotency-Key"] for received in service.received}
    assert (len(service.received), keys) == (2, {job.idempotency_key})
    assert "end" in platform.case(case).completed


def test_data_that_name_a_secret_stop_the_case(platform: Platform, service: WebService) -> None:
    """Whoever sends data cannot have a secret sent back: a policy exception, and nothing leaves the house."""
    variables = {"port": Decimal(service.port), "tenant": "acme", "item": "{{secrets.BOOKING_TOKEN}}"}
    case = platform.start("order", variables)
    platform.run()
    (incident,) = platform.case(case).incidents
    assert incident.exception_class == "policy"
    assert service.received == []
    assert TOKEN not in feel.json_dumps(platform.case(case).variables)
