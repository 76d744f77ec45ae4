"""Decision models that import each other are checked, deployed and evaluated together."""

from app.errors import Severity
from app.handlers import HandlerRegistry
from app.runtime import SYSTEM
from app.runtime.models.examining import InService, examine
from app.testing import Platform

BASE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="base" name="base" namespace="urn:base">
  <decision id="limit" name="limit"><variable name="limit"/>
    <literalExpression><text>50</text></literalExpression></decision>
</definitions>"""

USER = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="user" name="user" namespace="urn:user">
  <import name="base" namespace="urn:base" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
  <decision id="twice" name="twice"><variable name="twice"/>
    <informationRequirement><requiredDecision href="urn:base#limit"/></informationRequirement>
    <literalExpression><text>base.limit * 2</text></literalExpression></decision>
</definitions>"""

PROCESS = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:p">
  <bpmn:process id="asks" isExecutable="true">
    <bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="s" targetRef="t"/>
    <bpmn:businessRuleTask id="t"><bpmn:extensionElements>
        <zeebe:calledDecision decisionId="twice" resultVariable="found"/></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:businessRuleTask>
    <bpmn:sequenceFlow id="b" sourceRef="t" targetRef="e"/>
    <bpmn:endEvent id="e"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>"""


def errors(files: dict[str, bytes], in_service: InService | None = None) -> list[str]:
    examined = examine(files, in_service or InService(), HandlerRegistry())
    return [str(each) for each in examined.diagnostics if each.severity is Severity.ERROR]


def test_an_import_is_found_among_the_files_that_come_with_it() -> None:
    """Two files in one deployment; alone, the importing one names what is missing."""
    assert errors({"dmn/base.dmn": BASE, "dmn/user.dmn": USER}) == []
    (missing,) = errors({"dmn/user.dmn": USER})[:1]
    assert "urn:base" in missing


def test_an_import_is_found_among_what_is_in_service() -> None:
    """A later deployment may bring the importing model alone."""
    assert errors({"dmn/user.dmn": USER}, InService(decision_models={"base": ("dmn/base.dmn", BASE)})) == []


def test_an_imported_decision_is_evaluated_with_its_import() -> None:
    """The process asks the importing model, and the imported decision is made for it."""
    with Platform(models=[]) as platform:
        files = {"dmn/base.dmn": BASE, "dmn/user.dmn": USER, "bpmn/asks.bpmn": PROCESS}
        platform.runtime.deployments.deploy(SYSTEM, files)
        case = platform.case(platform.start("asks"))
        assert case.variables["found"] == 100
