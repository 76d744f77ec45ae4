"""Decisions and data that a payment relies on come from records of the case: what somebody wrote proves nothing."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.errors import Forbidden
from app.runtime import SYSTEM
from app.runtime.views import JobState
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task, user_task
from tests.runtime.ledger import Ledger

ROLES = {f"roles/{file.name}": file.read_bytes() for file in (Path(__file__).parents[1] / "roles").iterdir()}
DECISION = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="payable-model" name="Payable"
  namespace="https://bailiwick.example/payable">
  <inputData id="amount" name="amount"><variable name="amount" typeRef="number" /></inputData>
  <decision id="payable" name="Payable">
    <variable name="Payable" />
    <informationRequirement id="needs"><requiredInput href="#amount" /></informationRequirement>
    <literalExpression>
      <text>if amount &lt; 15 then {outcome: "approve", confidence: 1} else {outcome: "review", confidence: 0.1}</text>
    </literalExpression>
  </decision>
</definitions>
"""
DECIDE = (
    '<bpmn:businessRuleTask id="decide"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="payable" resultVariable="payable" />'
    "</bpmn:extensionElements>{flows}</bpmn:businessRuleTask>"
)
READ = (
    '<bpmn:serviceTask id="read"><bpmn:extensionElements><zeebe:taskDefinition type="ledger.read" retries="1" />'
    '<zeebe:ioMapping><zeebe:output source="={&#34;amount&#34;: amount}" target="invoice" /></zeebe:ioMapping>'
    "</bpmn:extensionElements>{flows}</bpmn:serviceTask>"
)
READS = b"actions:\n  - {action: ledger.read, grant: act}\n"
FORGED = {
    "payable": {"outcome": "approve", "confidence": Decimal(1)},
    "outcome": "approve",
    "invoice": {"amount": Decimal(10)},
}


def role() -> dict[str, bytes]:
    """The bookings' role, in which a booking follows from a decision, on an invoice that the ledger has brought."""
    granted = b"decisions:\n  - {decision: payable, right: alone, confidence: {act: 0.8, suggest: 0.5}}\n"
    by_hand = granted.replace(b"0.5}}", b"0.5}, by_hand: {task: hand, by: clerks}}")
    inputs = b"inputs:\n  - {name: invoice, source: ledger, value: variables.invoice, max_age: P7D}\n"
    work = ROLES["roles/work.yaml"].replace(b"actions:\n", inputs + granted + READS)
    work = work.replace(
        b"    limits:",
        b"    value: request.amount\n    decision: payable\n"
        b'    checks: [{name: decided, test: decision.outcome = "approve"}]\n    limits:',
    )
    job = ROLES["roles/job.yaml"].replace(
        b"actions:\n",
        inputs + by_hand + READS,
        1,
    )
    kit = ROLES["roles/integrations.yaml"].replace(
        b"actions:\n", b"actions:\n  - {action: ledger.read, system: ledger, mode: read, verification: none}\n"
    )
    return {**ROLES, "roles/work.yaml": work, "roles/job.yaml": job, "roles/integrations.yaml": kit}


def deploy(platform: Platform, *elements: str) -> None:
    process = diagram("pay", START, *elements, END, bailiwick_role="bookings", bailiwick_requester="=requested_by")
    platform.runtime.deployments.deploy(SYSTEM, {**role(), "payable.dmn": DECISION, "pay.bpmn": process})


def start(platform: Platform, **variables: object) -> str:
    case = platform.start("pay", {"amount": Decimal(10), "requested_by": "olaf", **variables})
    platform.run()
    return case


def refusal(platform: Platform, case: str) -> str:
    (job,) = [job for job in platform.case(case).jobs if job.type == "ledger.book"]
    assert job.state is JobState.FAILED
    return job.message or ""


def test_what_was_decided_and_read_is_paid(platform: Platform, ledger: Ledger) -> None:
    """The honest way, so that the ways below fail for their own reasons; the evidence names the invoice's source."""
    deploy(platform, READ, DECIDE, service_task("ledger.book"))
    case = start(platform)
    assert len(ledger.entries) == 1
    assert "'source': 'ledger'" in str(platform.runtime.evidence.pack(SYSTEM, case)["stages"])


def test_a_forged_decision_pays_nothing(platform: Platform, ledger: Ledger) -> None:
    """The diagram leaves the decision out, and the caller sends its answer along."""
    deploy(platform, READ, service_task("ledger.book"))
    assert "payable has not been decided in this instance" in refusal(platform, start(platform, **FORGED))
    assert ledger.attempts == 0


def test_forged_data_pay_nothing(platform: Platform, ledger: Ledger) -> None:
    """The diagram leaves the reading out, and the caller sends its result along; or a person changes it afterwards."""
    deploy(platform, DECIDE, service_task("ledger.book"))
    assert "invoice is not what ledger brought" in refusal(platform, start(platform, **FORGED))
    output = '<zeebe:ioMapping><zeebe:output source="=invoice" target="invoice" /></zeebe:ioMapping>'
    deploy(platform, READ, DECIDE, user_task("change", more=output), service_task("ledger.book"))
    case = start(platform)
    (item,) = platform.inbox("anna")
    platform.complete("anna", item.id, {"invoice": {"amount": Decimal("9.99")}})
    assert "invoice is not what ledger brought" in refusal(platform, case)
    assert ledger.attempts == 0


def test_a_person_decides_in_the_place_of_the_table(platform: Platform, ledger: Ledger) -> None:
    """In the task and group that the right names, and in no other: then they are sure, and the payment goes on."""
    deploy(platform, READ, DECIDE, user_task("hand", groups="clerks, leads"), service_task("ledger.book"))
    case = start(platform, amount=Decimal(18))
    (item,) = platform.inbox("femi")
    with pytest.raises(Forbidden, match="Expected a member of clerks to decide payable"):
        platform.complete("femi", item.id, {"outcome": "approve"})
    platform.complete("anna", item.id, {"outcome": "approve"})
    assert (platform.case(case).view.status, len(ledger.entries)) == ("completed", 1)


def test_a_decision_that_is_not_granted_stops(platform: Platform, ledger: Ledger) -> None:
    """The business rule task is an incident that names the role."""
    process = diagram("pay", START, DECIDE, service_task("ledger.book"), END, bailiwick_role="bookings")
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "payable.dmn": DECISION, "pay.bpmn": process})
    (incident,) = platform.case(start(platform)).incidents
    assert "the role bookings is not granted it" in incident.message
    assert ledger.attempts == 0
