"""Names that nothing answers to yet: a warning on the element, an incident there, and right after a retry."""

from collections.abc import Iterable
from datetime import date

import pytest

from app.errors import Diagnostic, ModelError, Severity
from app.runtime import SYSTEM
from app.runtime.models.examining import InService, examine
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram, service_task, user_task

DECISION = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="l" name="l" namespace="n">
<decision id="limit" name="limit"><variable name="limit"/><literalExpression><text>100</text></literalExpression>
</decision></definitions>"""
RULE = (
    '<bpmn:businessRuleTask id="ask"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="limit" resultVariable="limit" />'
    "</bpmn:extensionElements>{flows}</bpmn:businessRuleTask>"
)
FORM = user_task("ask", more='<zeebe:formDefinition formId="answer" />')


def of_deployment(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Without what the rules of BPMN say: these diagrams have no layout."""
    return [each for each in diagnostics if each.code.startswith("deployment.")]


@pytest.mark.parametrize(
    ("kind", "element", "name", "missing"),
    [
        ("process", call("other", "ask"), "other", {"other.bpmn": diagram("other", START, END)}),
        ("decision", RULE, "limit", {"limits.dmn": DECISION}),
        ("form", FORM, "answer", {"answer.form": b'{"id": "answer", "type": "default", "components": []}'}),
    ],
)
def test_what_comes_later_is_a_warning_and_an_incident_until_it_comes(
    platform: Platform, kind: str, element: str, name: str, missing: dict[str, bytes]
) -> None:
    """The warning and the incident name the element; after the missing model was deployed, a retry is enough."""
    deployments = platform.runtime.deployments
    deployed = deployments.deploy(SYSTEM, {"main.bpmn": diagram("main", START, element, END)})
    (warning,) = of_deployment(deployed.warnings)
    assert (warning.code, warning.element_id) == (f"deployment.unknown-{kind}", "ask")
    assert f'"{name}"' in warning.message
    case = platform.start("main")
    (incident,) = platform.case(case).incidents
    assert incident.element_id == "ask"
    assert f'"{name}"' in incident.message
    assert of_deployment(deployments.deploy(SYSTEM, missing).warnings) == []
    platform.runtime.incidents.retry(SYSTEM, incident.id)
    platform.run()
    for task in platform.case(case).tasks:
        platform.complete("anna", task.id)
    assert (platform.case(case).view.status, platform.case(case).view.incident_count) == ("completed", 0)


def test_a_handler_that_is_not_installed_is_an_incident_of_its_element(platform: Platform) -> None:
    """Camunda's engines deploy, too; where no worker has it for ten minutes, the job says what it waits for."""
    content = diagram("main", START, service_task("fetchGoods", "ask"), END)
    (warning,) = of_deployment(platform.runtime.deployments.deploy(SYSTEM, {"main.bpmn": content}).warnings)
    assert (warning.code, warning.element_id) == ("deployment.unknown-handler", "ask")
    case = platform.start("main")
    platform.advance(minutes=10)
    (incident,) = platform.case(case).incidents
    assert incident.element_id == "ask"
    assert 'Expected a task handler "fetchGoods"' in incident.message


def test_two_versions_of_one_process_in_one_deployment_are_refused(platform: Platform) -> None:
    """Nobody could say which of them is the newer one."""
    files = {"a.bpmn": diagram("main", START, END), "b.bpmn": diagram("main", START, user_task(), END)}
    with pytest.raises(ModelError) as refusal:
        platform.runtime.deployments.deploy(SYSTEM, files)
    assert [each.code for each in of_deployment(refusal.value.diagnostics)] == ["deployment.twice"]


def test_every_use_of_an_unknown_name_is_named() -> None:
    """Two elements, two warnings; a name that the same files bring is none."""
    elements = (START, call("other", "one"), call("other", "two"), call("there", "three"), END)
    files = {"main.bpmn": diagram("main", *elements), "there.bpmn": diagram("there", START, END)}
    found = of_deployment(examine(files, InService(), {}, date(2026, 3, 1)).diagnostics)
    assert [(each.code, each.element_id, each.severity) for each in found] == [
        ("deployment.unknown-process", "one", Severity.WARNING),
        ("deployment.unknown-process", "two", Severity.WARNING),
    ]
