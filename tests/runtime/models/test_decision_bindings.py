"""Which version of a decision a task asks: the latest, that of its own deployment, or the one with a tag."""

import pytest

from app.runtime import SYSTEM
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram


def decision(limit: int, tag: str | None = None) -> bytes:
    tagged = f'<extensionElements><zeebe:versionTag value="{tag}"/></extensionElements>' if tag else ""
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="limits" name="limits" namespace="urn:l" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
        f'<decision id="limit" name="limit">{tagged}<variable name="limit"/>'
        f"<literalExpression><text>{limit}</text></literalExpression></decision></definitions>"
    ).encode()


def asks(binding: str) -> bytes:
    task = (
        '<bpmn:businessRuleTask id="ask"><bpmn:extensionElements>'
        f'<zeebe:calledDecision decisionId="limit" resultVariable="found" {binding} />'
        "</bpmn:extensionElements>{flows}</bpmn:businessRuleTask>"
    )
    return diagram("asks", START, task, END)


@pytest.mark.parametrize(
    ("binding", "found"),
    [
        ("", 3),
        ('bindingType="latest"', 3),
        ('bindingType="deployment"', 2),
        ('bindingType="versionTag" versionTag="v1"', 1),
    ],
)
def test_a_task_asks_the_version_that_its_binding_names(platform: Platform, binding: str, found: int) -> None:
    """Three versions: one with a tag, one deployed together with the process, and the newest."""
    deploy = platform.runtime.deployments.deploy
    deploy(SYSTEM, {"dmn/limits.dmn": decision(1, "v1")})
    deploy(SYSTEM, {"dmn/limits.dmn": decision(2, "v2"), "asks.bpmn": asks(binding)})
    deploy(SYSTEM, {"dmn/limits.dmn": decision(3)})
    assert platform.case(platform.start("asks")).variables["found"] == found


def test_a_tag_that_no_version_has_is_an_incident(platform: Platform) -> None:
    """It names the tag, and goes on when that is deployed."""
    deploy = platform.runtime.deployments.deploy
    deploy(SYSTEM, {"dmn/limits.dmn": decision(1), "asks.bpmn": asks('bindingType="versionTag" versionTag="v9"')})
    case = platform.start("asks")
    (incident,) = platform.case(case).incidents
    assert "versionTag v9" in incident.message
    deploy(SYSTEM, {"dmn/limits.dmn": decision(9, "v9")})
    platform.runtime.incidents.retry(SYSTEM, incident.id)
    assert platform.case(case).variables["found"] == 9
