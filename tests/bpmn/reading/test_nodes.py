"""Every kind of flow node becomes its class, with what BPMN says about it."""

import pytest

from app.bpmn import model
from app.bpmn.extensions import Expression
from app.bpmn.model import GatewayDirection
from tests.bpmn.sample import activity, diagram, node, process


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("task", model.Task),
        ("userTask", model.UserTask),
        ("manualTask", model.ManualTask),
        ("serviceTask", model.ServiceTask),
        ("sendTask", model.SendTask),
        ("receiveTask", model.ReceiveTask),
        ("scriptTask", model.ScriptTask),
        ("businessRuleTask", model.BusinessRuleTask),
        ("callActivity", model.CallActivity),
        ("subProcess", model.SubProcess),
        ("transaction", model.Transaction),
        ("adHocSubProcess", model.AdHocSubProcess),
        ("exclusiveGateway", model.ExclusiveGateway),
        ("inclusiveGateway", model.InclusiveGateway),
        ("parallelGateway", model.ParallelGateway),
        ("complexGateway", model.ComplexGateway),
        ("eventBasedGateway", model.EventBasedGateway),
        ("startEvent", model.StartEvent),
        ("intermediateCatchEvent", model.IntermediateCatchEvent),
        ("intermediateThrowEvent", model.IntermediateThrowEvent),
        ("boundaryEvent", model.BoundaryEvent),
        ("endEvent", model.EndEvent),
    ],
)
def test_classes(kind: str, expected: type[model.FlowNode]) -> None:
    """One class for one element, with id, name, line and place."""
    found = node(f'\n<{kind} id="x" name="The name"/>')
    assert type(found) is expected
    assert (found.id, found.name, found.line) == ("x", "The name", 2)


def test_flows_in_document_order() -> None:
    """A node holds its flows in the order of the flows in the file, whatever the node lists."""
    found = node(
        '<exclusiveGateway id="g" default="f2"><outgoing>f2</outgoing><outgoing>f1</outgoing></exclusiveGateway>'
        '<task id="a"/><sequenceFlow id="f1" sourceRef="g" targetRef="a">'
        "<conditionExpression>=x &gt; 1</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="f2" sourceRef="g" targetRef="a"/>'
    )
    assert [flow.id for flow in found.outgoing] == ["f1", "f2"]
    assert found.outgoing[0].condition == Expression("x > 1")
    assert found.default_flow is found.outgoing[1]


def test_token_quantities() -> None:
    """Quantities are numbers; one where nothing is said."""
    found = activity('<task id="t" startQuantity="2" completionQuantity="3"/>')
    assert (found.start_quantity, found.completion_quantity) == (2, 3)
    assert activity('<task id="t"/>').start_quantity == 1


def test_a_quantity_that_is_no_number() -> None:
    """What is no number is a problem with its element, not a crash."""
    definitions = process('<task id="t" startQuantity="many"/>')
    assert [(problem.code, problem.element_id) for problem in definitions.problems] == [("bpmn.not-a-number", "t")]


def test_gateways() -> None:
    """Gateways keep direction, activation condition and how an event-based one starts."""
    gateway = node(
        '<complexGateway id="g" gatewayDirection="Converging">'
        "<activationCondition>=activationCount &gt;= 2</activationCondition></complexGateway>"
    )
    assert isinstance(gateway, model.ComplexGateway)
    assert gateway.direction is GatewayDirection.CONVERGING
    assert gateway.activation_condition == Expression("activationCount >= 2")
    starting = node('<eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>')
    assert isinstance(starting, model.EventBasedGateway)
    assert starting.is_instantiating
    assert starting.is_parallel


def test_lanes() -> None:
    """A node knows its lanes, outermost first."""
    definitions = process(
        '<laneSet id="s"><lane id="outer"><flowNodeRef>t</flowNodeRef><childLaneSet id="c"><lane id="inner">'
        '<flowNodeRef>t</flowNodeRef></lane></childLaneSet></lane></laneSet><task id="t"/>'
    )
    assert definitions.processes[0].nodes[0].lane_ids == ("outer", "inner")
    assert definitions.processes[0].lanes[0].lanes[0].id == "inner"


def test_subprocesses_nest() -> None:
    """Scopes nest; walking goes from the outside to the inside in document order."""
    definitions = process(
        '<subProcess id="a"><task id="b"/><subProcess id="c" triggeredByEvent="true"><task id="d"/></subProcess>'
        '</subProcess><task id="e"/>'
    )
    (whole,) = definitions.processes
    assert [found.id for found in whole.walk()] == ["a", "b", "c", "d", "e"]
    outer = whole.scope.node("a")
    assert isinstance(outer, model.SubProcess)
    inner = outer.scope.node("c")
    assert isinstance(inner, model.SubProcess)
    assert inner.is_event


def test_ad_hoc() -> None:
    """An ad-hoc subprocess keeps ordering, completion condition and what happens to the rest."""
    found = node(
        '<adHocSubProcess id="a" ordering="Sequential" cancelRemainingInstances="false">'
        "<completionCondition>=done</completionCondition></adHocSubProcess>"
    )
    assert isinstance(found, model.AdHocSubProcess)
    assert found.is_sequential
    assert not found.cancel_remaining_instances
    assert found.completion_condition == Expression("done")


def test_standard_loop() -> None:
    """A standard loop keeps when it is tested, how often it may run and its condition."""
    found = activity(
        '<task id="t"><standardLoopCharacteristics testBefore="true" loopMaximum="3">'
        "<loopCondition>=x &lt; 3</loopCondition></standardLoopCharacteristics></task>"
    )
    assert found.loop == model.StandardLoop(Expression("x < 3"), test_before=True, maximum=3)


def test_multi_instance_behavior() -> None:
    """Which events completed instances throw is read with the events."""
    definitions = diagram(
        '<signal id="s" name="done"/><signalEventDefinition id="d" signalRef="s"/><process id="p"><task id="t">'
        '<multiInstanceLoopCharacteristics isSequential="true" behavior="None" noneBehaviorEventRef="d">'
        "<loopCardinality>=3</loopCardinality><completionCondition>=enough</completionCondition>"
        "<complexBehaviorDefinition><condition>=true</condition><event><eventDefinitionRef>d</eventDefinitionRef></event>"
        "</complexBehaviorDefinition></multiInstanceLoopCharacteristics></task></process>"
    )
    task = definitions.processes[0].nodes[0]
    assert isinstance(task, model.Task)
    assert isinstance(task.loop, model.MultiInstance)
    assert task.loop.behavior is model.MultiInstanceBehavior.NONE
    assert task.loop.none_event is definitions.event_definitions[0]
    assert task.loop.cardinality == Expression("3")
    assert task.loop.completion_condition == Expression("enough")
    assert task.loop.complex_behaviors == (model.ComplexBehavior(Expression("true"), definitions.event_definitions[0]),)


def test_data() -> None:
    """Data objects, references with their state and data associations are kept."""
    definitions = process(
        '<dataObject id="o" name="Invoice" isCollection="true"/>'
        '<dataObjectReference id="r" name="Invoice [paid]" dataObjectRef="o">'
        '<dataState name="paid"/></dataObjectReference>'
        '<task id="t"><dataInputAssociation id="a"><sourceRef>r</sourceRef><targetRef>i</targetRef>'
        "<assignment><from>=1</from><to>x</to></assignment></dataInputAssociation></task>",
        roots='<dataStore id="s" name="Archive" isUnlimited="false" capacity="5"/>',
    )
    scope = definitions.processes[0].scope
    assert scope.data_objects[0].is_collection
    assert (scope.data_object_references[0].target_id, scope.data_object_references[0].state) == ("o", "paid")
    task = scope.nodes[0]
    assert isinstance(task, model.Task)
    assert task.data_inputs[0].source_ids == ("r",)
    assert task.data_inputs[0].assignments == ((Expression("1"), Expression("x", is_feel=False)),)
    assert (definitions.data_stores[0].capacity, definitions.data_stores[0].is_unlimited) == (5, False)


def test_roots() -> None:
    """Global tasks, collaborations and message flows are read."""
    definitions = diagram(
        '<message id="m" name="order"/><globalScriptTask id="g"><script>SCRIPT_task1</script></globalScriptTask>'
        '<globalUserTask id="u"/><collaboration id="c"><participant id="q" name="Shop" processRef="p"/>'
        '<messageFlow id="f" sourceRef="q" targetRef="t" messageRef="m"/></collaboration>'
        '<process id="p"><task id="t"/></process>'
    )
    script, user = definitions.global_tasks
    assert isinstance(script.task, model.ScriptTask)
    assert script.task.script is not None
    assert script.task.script.expression == Expression("SCRIPT_task1", is_feel=False)
    assert isinstance(user.task, model.UserTask)
    (collaboration,) = definitions.collaborations
    assert collaboration.participants[0].process_id == "p"
    assert collaboration.message_flows[0].message is definitions.messages[0]


def test_a_long_chain_costs_no_stack() -> None:
    """5,000 tasks in a row are read without recursion along the flow."""
    count = 5000
    tasks = "".join(f'<task id="t{i}"/>' for i in range(count))
    flows = "".join(f'<sequenceFlow id="f{i}" sourceRef="t{i}" targetRef="t{i + 1}"/>' for i in range(count - 1))
    definitions = process(tasks + flows)
    assert sum(1 for _ in definitions.processes[0].walk()) == count


def test_a_flow_belongs_to_the_scope_of_its_ends() -> None:
    """Wherever it is written: flows of a subprocess beside it, and of the process inside it, in document order."""
    found = process(
        '<sequenceFlow id="f" sourceRef="a" targetRef="b"/>'
        '<subProcess id="sub"><task id="a" default="f"/><task id="b"/>'
        '<sequenceFlow id="g" sourceRef="sub" targetRef="t"/>'
        '<sequenceFlow id="h" sourceRef="b" targetRef="a"/></subProcess><task id="t"/>'
    ).processes[0]
    sub, task = found.nodes
    assert isinstance(sub, model.SubProcess)
    assert [flow.id for flow in found.flows] == ["g"]
    assert [flow.id for flow in sub.scope.flows] == ["f", "h"]
    assert [flow.id for flow in task.incoming] == ["g"]
    assert [(flow.id, flow.is_default) for flow in sub.scope.node("a").outgoing] == [("f", True)]
