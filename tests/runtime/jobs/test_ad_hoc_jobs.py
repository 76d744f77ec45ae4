"""Ad-hoc subprocesses that a job drives, and listeners of a cancelled process: jobs whose answers the runtime takes."""

from dataclasses import dataclass, field

import pytest
from pydantic import BaseModel, Field

from app.errors import ModelError
from app.handlers import ActionContext, Activation, AdHocSubProcessResult, action
from app.runtime import SYSTEM, Actor
from app.runtime.views import JobState
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram, service_task, user_task

AD_HOC = (
    '<bpmn:adHocSubProcess id="choice"><bpmn:extensionElements><zeebe:taskDefinition type="desk.choose" />'
    '<zeebe:adHoc outputCollection="results" outputElement="=done" /></bpmn:extensionElements>{flows}'
    '<bpmn:userTask id="ask" name="Ask"><bpmn:documentation>Ask the customer.</bpmn:documentation>'
    "<bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask>"
    '<bpmn:userTask id="call"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask>'
    "</bpmn:adHocSubProcess>"
)
CANCEL_LISTENER = (
    "</zeebe:properties><zeebe:executionListeners>"
    '<zeebe:executionListener eventType="cancel" type="desk.tell" /></zeebe:executionListeners>'
)


class Element(BaseModel):
    id: str = Field(alias="elementId")
    name: str = Field(alias="elementName")
    documentation: str = ""


class Situation(BaseModel):
    elements: list[Element] = Field(alias="adHocSubProcessElements")
    results: list[str] = []


class Choice(AdHocSubProcessResult):
    """The answer, with a variable of its own."""

    thought: str


class Nothing(BaseModel):
    """No variables."""


@dataclass
class Mind:
    """What the job shall choose, one answer after the other, and what it saw each time."""

    choices: list[Choice] = field(default_factory=list)
    seen: list[Situation] = field(default_factory=list)
    told: int = 0


@pytest.fixture
def mind(platform: Platform) -> Mind:
    mind = Mind()

    @action("desk.choose", system="desk", effect="read")
    def choose(request: Situation, _context: ActionContext) -> Choice:
        """Choose what to do next."""
        mind.seen.append(request)
        return mind.choices.pop(0)

    @action("desk.tell", system="desk", effect="write")
    def tell(_request: Nothing, _context: ActionContext) -> Nothing:
        """Tell somebody."""
        mind.told += 1
        return Nothing()

    for handler in (choose, tell):
        platform.registry.register(handler)
    return mind


def activate(*elements: str, thought: str = "", **variables: object) -> Choice:
    return Choice(activate=[Activation(element_id=each, variables=variables) for each in elements], thought=thought)


def test_a_job_decides_what_begins_and_when_the_subprocess_ends(platform: Platform, mind: Mind) -> None:
    """It knows the elements, starts some with variables of their own, sees what came of them, and declares the end."""
    platform.runtime.deployments.deploy(SYSTEM, {"desk.bpmn": diagram("desk", START, AD_HOC, END)})
    mind.choices = [
        activate("ask", "call", thought="both", done="?", question="why"),
        activate("call", thought="again", done="?"),
        Choice(is_fulfilled=True, cancels_remaining=True, thought="enough"),
    ]
    case = platform.start("desk")
    platform.run()
    asked = {each.element_id: each for each in platform.case(case).tasks}
    assert set(asked) == {"ask", "call"}
    assert platform.task("anna", asked["ask"].id).variables["question"] == "why"
    platform.complete("anna", asked["ask"].id, {"done": "answered"})
    assert [each.element_id for each in platform.inbox("anna")] == ["call", "call"]
    platform.complete("anna", asked["call"].id, {"done": "called"})
    detail = platform.case(case)
    assert detail.view.status == "completed"
    assert detail.variables["results"] == ["answered", "called"]
    assert detail.variables["thought"] == "enough"
    assert [each.results for each in mind.seen] == [[], ["answered"], ["answered", "called"]]
    assert [(each.id, each.name, each.documentation) for each in mind.seen[0].elements] == [
        ("ask", "Ask", "Ask the customer."),
        ("call", "call", ""),
    ]
    assert [each.state for each in detail.jobs] == [JobState.DONE] * 3


def test_a_choice_that_does_not_exist_is_an_incident(platform: Platform, mind: Mind, admin: Actor) -> None:
    """It names the elements that there are; retried, the job may choose better."""
    platform.runtime.deployments.deploy(SYSTEM, {"desk.bpmn": diagram("desk", START, AD_HOC, END)})
    mind.choices = [activate("dance"), Choice(is_fulfilled=True, thought="well")]
    case = platform.start("desk")
    platform.run()
    (incident,) = platform.case(case).incidents
    assert incident.message == 'Expected elements of ask, call to be activated, but found "dance".'
    platform.runtime.incidents.retry(admin, incident.id)
    platform.run()
    assert platform.case(case).view.status == "completed"


def test_listeners_of_a_cancelled_process_are_called_before_it_is_gone(
    platform: Platform, mind: Mind, admin: Actor
) -> None:
    """Of the instance and of the one that it called; nothing else can happen to it meanwhile."""
    inner = diagram("inner", START, user_task(), END).replace(b"</zeebe:properties>", CANCEL_LISTENER.encode())
    outer = diagram("outer", START, call("inner"), END).replace(b"</zeebe:properties>", CANCEL_LISTENER.encode())
    platform.runtime.deployments.deploy(SYSTEM, {"inner.bpmn": inner, "outer.bpmn": outer})
    case = platform.start("outer")
    (called,) = [each.view.id for each in platform.cases() if each.view.id != case]
    assert platform.runtime.instances.cancel(admin, case, "over") is False
    assert [platform.case(each).view.status for each in (case, called)] == ["running", "running"]
    assert not platform.inbox("anna")
    platform.run()
    assert mind.told == 2
    assert [platform.case(each).view.status for each in (case, called)] == ["cancelled", "cancelled"]


def test_a_handler_that_answers_another_question_is_refused_at_deployment(platform: Platform, mind: Mind) -> None:
    """A subprocess would never begin anything with plain variables, and a service task decides nothing."""
    plain = diagram("plain", START, AD_HOC.replace("desk.choose", "desk.tell"), END)
    service = diagram("service", START, service_task("desk.choose"), END)
    for content, kind in ((plain, "ad-hoc subprocess"), (service, "task")):
        with pytest.raises(ModelError) as refused:
            platform.runtime.deployments.deploy(SYSTEM, {"desk.bpmn": content})
        (problem,) = [each for each in refused.value.diagnostics if each.severity == "error"]
        assert problem.code == "deployment.handler-answer"
        assert f"a job ({kind})" in problem.message
    assert not mind.seen
