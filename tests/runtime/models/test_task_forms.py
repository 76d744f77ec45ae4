"""Which form a user task shows: its binding says which version, or the diagram carries it."""

import json
from decimal import Decimal

import pytest

from app.errors import Invalid, ModelError
from app.forms import read
from app.runtime import SYSTEM
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, user_task


def form(title: str, version_tag: str | None = None) -> bytes:
    tagged = {"versionTag": version_tag} if version_tag else {}
    return json.dumps({"id": "answer", "type": "default", "title": title, "components": [], **tagged}).encode()


def process(definition: str, more: str = "") -> bytes:
    content = diagram("ask", START, user_task(more=definition), END)
    return content.replace(b"</zeebe:properties>", b"</zeebe:properties>" + more.encode())


def title_of(platform: Platform, case: str) -> object:
    (task,) = platform.case(case).tasks
    shown = platform.task("anna", task.id).form
    return None if shown is None else shown.get("title")


@pytest.mark.parametrize(
    ("binding", "titles"),
    [
        ("", ("second", "second")),
        ('bindingType="latest"', ("second", "second")),
        ('bindingType="deployment"', ("first", "first")),
        ('bindingType="versionTag" versionTag="v1"', ("first", "first")),
    ],
)
def test_the_binding_says_which_version_is_shown(platform: Platform, binding: str, titles: tuple[str, str]) -> None:
    """A form deployed later by itself is the latest one, for instances before and after; the others keep theirs."""
    deploy = platform.runtime.deployments.deploy
    diagram_file = process(f'<zeebe:formDefinition formId="answer" {binding} />')
    deploy(SYSTEM, {"ask.bpmn": diagram_file, "answer.form": form("first", "v1")})
    early = platform.start("ask")
    assert title_of(platform, early) == "first"
    deploy(SYSTEM, {"answer.form": form("second", "v2")})
    late = platform.start("ask")
    assert (title_of(platform, early), title_of(platform, late)) == titles


def test_a_tag_that_no_version_has_is_an_incident(platform: Platform) -> None:
    """Not another version: what somebody answers must be what the process asks for."""
    definition = '<zeebe:formDefinition formId="answer" bindingType="versionTag" versionTag="v9" />'
    platform.runtime.deployments.deploy(SYSTEM, {"ask.bpmn": process(definition), "answer.form": form("first", "v1")})
    case = platform.case(platform.start("ask"))
    assert case.tasks == ()
    assert [each.message for each in case.incidents] == [
        'Expected a deployed form "answer" (versionTag v9), but found none. Deploy it, and retry.'
    ]


def test_a_form_that_the_diagram_carries_is_shown(platform: Platform) -> None:
    """As Camunda 8 keeps it in the process."""
    body = form("inside").decode().replace('"', "&quot;")
    definition = '<zeebe:formDefinition formKey="camunda-forms:bpmn:inside" />'
    carried = f'<zeebe:userTaskForm id="inside">{body}</zeebe:userTaskForm>'
    platform.runtime.deployments.deploy(SYSTEM, {"ask.bpmn": process(definition, carried)})
    assert title_of(platform, platform.start("ask")) == "inside"


def test_the_fields_that_a_camunda_7_diagram_carries_are_shown(platform: Platform) -> None:
    """As the components that mean the same."""
    fields = (
        "<camunda:formData>"
        '<camunda:formField id="amount" label="Amount" type="long"><camunda:validation>'
        '<camunda:constraint name="required" /></camunda:validation></camunda:formField>'
        '<camunda:formField id="way" type="enum"><camunda:value id="air" name="By air" /></camunda:formField>'
        "</camunda:formData>"
    )
    content = process("").replace(b"<zeebe:userTask />", fields.encode())
    content = content.replace(b'<zeebe:assignmentDefinition candidateGroups="clerks" />', b"")
    content = content.replace(b"schema/zeebe/1.0", b"schema/1.0/bpmn").replace(b"zeebe", b"camunda")
    platform.runtime.deployments.deploy(SYSTEM, {"ask.bpmn": content})
    (task,) = platform.case(platform.start("ask")).tasks
    amount, way = read(platform.task("anna", task.id).form).components
    assert (amount.kind, amount.path, amount.label, amount.rules["required"]) == ("number", ("amount",), "Amount", True)
    assert (way.kind, way.label, way.said["values"]) == ("select", "way", [{"value": "air", "label": "By air"}])


def test_a_form_with_errors_is_not_deployed(platform: Platform) -> None:
    """All problems at once."""
    content = json.dumps({"id": "f", "components": [{"type": "x"}, {"type": "textfield", "key": "a", "y": 1}]}).encode()
    with pytest.raises(ModelError) as refused:
        platform.runtime.deployments.deploy(SYSTEM, {"f.form": content})
    assert [each.code for each in refused.value.diagnostics] == ["form.unknown-component", "form.unknown-property"]


def test_whoever_completes_a_task_is_held_to_its_form(platform: Platform) -> None:
    """Every problem of every field at once, nothing completed; what the form does not ask for is taken as before."""
    fields = [
        {"type": "textfield", "key": "why", "validate": {"required": True, "minLength": 10}},
        {"type": "number", "key": "amount", "validate": {"max": 100}},
        {"type": "textfield", "key": "locked", "readonly": True},
    ]
    content = json.dumps({"id": "answer", "components": fields}).encode()
    definition = '<zeebe:formDefinition formId="answer" />'
    platform.runtime.deployments.deploy(SYSTEM, {"ask.bpmn": process(definition), "answer.form": content})
    case = platform.start("ask", {"locked": "kept"})
    (task,) = platform.case(case).tasks
    anna = platform.actor("anna")
    with pytest.raises(Invalid) as refused:
        platform.runtime.inbox.complete(anna, task.id, {"why": "short", "amount": Decimal("100.5")})
    assert set(refused.value.problems) == {"$.variables.why", "$.variables.amount"}
    given = {"why": "long enough", "amount": Decimal("99.95"), "locked": "forged", "beside": True}
    assert platform.runtime.inbox.complete(anna, task.id, given)
    variables = platform.case(case).variables
    assert variables == {"why": "long enough", "amount": Decimal("99.95"), "locked": "kept", "beside": True}
