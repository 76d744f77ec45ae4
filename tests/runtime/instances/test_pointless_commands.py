"""What instances of a tree have to say to each other, once something else in the transaction has made it pointless."""

import pytest

from app.errors import Conflict
from app.runtime import SYSTEM
from app.runtime.views import InstanceStatus
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram, script_task, user_task
from tests.runtime.instances.calls import (
    ERROR_END,
    ESCALATION_END,
    ROOTS,
    assert_whole,
    boundary,
    deploy_chain,
    event_sub_process,
    task_of,
)

MANY = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=[1, 2, 3]" inputElement="item" />'
    "</bpmn:extensionElements>{condition}</bpmn:multiInstanceLoopCharacteristics>"
)
ONE_IS_ENOUGH = (
    '<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=numberOfCompletedInstances &gt;= 1'
    "</bpmn:completionCondition>"
)
TERMINATE = '<bpmn:endEvent id="b-end">{flows}<bpmn:terminateEventDefinition id="terminate" /></bpmn:endEvent>'
SIDE_ERROR = (
    '<bpmn:endEvent id="b-end">{flows}<bpmn:errorEventDefinition id="side" errorRef="broken" /></bpmn:endEvent>'
)


def many(process_id: str, condition: str = "") -> str:
    """A call of this process for each of three items at once."""
    return call(process_id).replace("{flows}", "{flows}" + MANY.format(condition=condition))


def beside(process_id: str, first: str, second: str, end: str, more: str = "") -> bytes:
    """Two ways from a parallel gateway: an element each, and an end each; the first way's is a plain one."""
    ways = (("a", first, '<bpmn:endEvent id="a-end">{flows}</bpmn:endEvent>'), ("b", second, end))
    parts = ['<bpmn:startEvent id="start"><bpmn:outgoing>f0</bpmn:outgoing></bpmn:startEvent>']
    parts.append('<bpmn:sequenceFlow id="f0" sourceRef="start" targetRef="fork" />')
    parts.append(
        '<bpmn:parallelGateway id="fork"><bpmn:incoming>f0</bpmn:incoming>'
        "<bpmn:outgoing>a1</bpmn:outgoing><bpmn:outgoing>b1</bpmn:outgoing></bpmn:parallelGateway>"
    )
    for way, element, its_end in ways:
        element_id = element.partition('id="')[2].partition('"')[0]
        flows = f"<bpmn:incoming>{way}1</bpmn:incoming><bpmn:outgoing>{way}2</bpmn:outgoing>"
        parts.append(element.replace("{flows}", flows))
        parts.append(its_end.replace("{flows}", f"<bpmn:incoming>{way}2</bpmn:incoming>"))
        parts.append(f'<bpmn:sequenceFlow id="{way}1" sourceRef="fork" targetRef="{element_id}" />')
        parts.append(f'<bpmn:sequenceFlow id="{way}2" sourceRef="{element_id}" targetRef="{way}-end" />')
    return diagram(process_id, *parts, more, roots=ROOTS)


def deploy(platform: Platform, **bodies: tuple[str, ...] | bytes) -> None:
    files = {
        f"bpmn/{name}.bpmn": body if isinstance(body, bytes) else diagram(name, *body, roots=ROOTS)
        for name, body in bodies.items()
    }
    platform.runtime.deployments.deploy(SYSTEM, files)


@pytest.mark.parametrize("waits", [True, False])
def test_an_escalation_that_interrupts_the_call_makes_the_completion_pointless(platform: Platform, waits: bool) -> None:
    """A called process that ends by an escalation escalates and completes at once: the first leaves the call."""
    leaf = (user_task("work"), ESCALATION_END) if waits else (ESCALATION_END,)
    for name, shape in (("boundary", boundary), ("aside", event_sub_process)):
        ids = deploy_chain(platform, name, shape("escalation", interrupting=True), leaf, above=1)
        case = platform.start(ids[0])
        if waits:
            platform.complete("anna", task_of(platform, "work"))
        platform.complete("anna", task_of(platform, "after"))
        assert platform.case(case).view.status is InstanceStatus.COMPLETED
    assert_whole(platform)


def test_what_ends_beside_a_call_that_never_waits(platform: Platform) -> None:
    """A terminate or an error end event, on either way, and what is called waits or does not: no order is wrong."""
    deploy(
        platform,
        quick=(START, END),
        failing=(START, ERROR_END),
        waiting=(START, user_task("work"), END),
    )
    for called in ("quick", "failing", "waiting"):
        for number, end in enumerate((TERMINATE, SIDE_ERROR)):
            for order in ("first", "second"):
                name = f"{called}-{number}-{order}"
                ways = [call(called), script_task("=1", "x", "compute")]
                catch = event_sub_process("error", interrupting=True)
                if order == "second":
                    ways.reverse()
                deploy(platform, **{name: beside(name, *ways, end, catch)})
                case = platform.start(name)
                while items := platform.inbox("anna"):
                    platform.complete("anna", items[0].id)
                assert platform.case(case).view.status is InstanceStatus.COMPLETED, name
                assert all(str(each.status) != "running" for each in platform.case(case).children), name
    assert_whole(platform)


def test_many_calls_of_which_the_first_decides(platform: Platform) -> None:
    """By a completion condition, or by an error that the caller catches once."""
    deploy(platform, quick=(START, END), failing=(START, ERROR_END))
    for name, called, condition in (("enough", "quick", ONE_IS_ENOUGH), ("one", "failing", ""), ("all", "quick", "")):
        deploy(platform, **{name: (START, many(called, condition), END, boundary("error", interrupting=True))})
        case = platform.start(name)
        for item in platform.inbox("anna"):
            platform.complete("anna", item.id)
        detail = platform.case(case)
        assert detail.view.status is InstanceStatus.COMPLETED, name
        assert detail.completed.get("after", 0) == (called == "failing"), name
    assert_whole(platform)


def test_what_is_left_in_the_step_that_called_it_is_never_begun(platform: Platform) -> None:
    """The caller has ended before anything of the called process was there."""
    deploy(platform, quick=(START, END))
    ways = call("quick"), script_task("=1", "x", "compute")
    deploy(platform, ends=beside("ends", *ways, TERMINATE))
    case = platform.start("ends")
    assert platform.case(case).view.status is InstanceStatus.COMPLETED
    assert platform.case(case).children == ()


def test_a_command_from_outside_can_still_be_late(platform: Platform) -> None:
    """Who completes a task that an interruption has taken away is told so."""
    ids = deploy_chain(platform, "late", boundary("message", interrupting=True), (user_task("work"), END))
    platform.start(ids[0], {"key": "K"})
    work = task_of(platform, "work")
    platform.runtime.messages.publish(SYSTEM, "stop", "K", {})
    with pytest.raises(Conflict):
        platform.complete("anna", work)
