"""Variables of a process are JSON: a date is a text until a decision says that it is a date."""

from app.runtime import SYSTEM
from app.testing import Platform
from tests.dmn.notation import decision, model, table

PROCESS = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:p">
  <bpmn:process id="asks" isExecutable="true">
    <bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="s" targetRef="t"/>
    <bpmn:businessRuleTask id="t"><bpmn:extensionElements>
        <zeebe:calledDecision decisionId="_urgency" resultVariable="found"/></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:businessRuleTask>
    <bpmn:sequenceFlow id="b" sourceRef="t" targetRef="e"/>
    <bpmn:endEvent id="e"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>"""
TABLE = table("FIRST", 'due: date || r: string\n < date("2025-02-01") || "now"\n - || "later"')


def test_a_date_column_of_a_table_reads_a_variable_of_a_process() -> None:
    """The table alone says that `due` is a date, as dmn-js writes it; nothing declares an input data."""
    with Platform(models=[]) as platform:
        files = {"dmn/urgency.dmn": model(decision("urgency", TABLE)), "bpmn/asks.bpmn": PROCESS}
        platform.runtime.deployments.deploy(SYSTEM, files)
        for due, found in (("2025-01-01", "now"), ("2025-03-01", "later"), ("1.1.2025", "later")):
            assert platform.case(platform.start("asks", {"due": due})).variables["found"] == found
