"""Camunda 8's extension elements, one record each."""

from app.bpmn import model
from app.bpmn.event_definitions import ConditionalEventDefinition, MessageEventDefinition
from app.bpmn.extensions import (
    Assignment,
    Binding,
    CalledDecision,
    CalledElement,
    ConditionalFilter,
    ExecutionListener,
    Expression,
    Form,
    LinkedResource,
    PublishMessage,
    Schedule,
    Script,
    TaskDefinition,
    TaskListener,
    VariableMapping,
)
from app.bpmn.model import Dialect
from tests.bpmn.sample import activity, diagram, node, process


def literal(text: str) -> Expression:
    return Expression(text, is_feel=False)


def with_extensions(kind: str, extensions: str, attributes: str = "") -> str:
    return f'<{kind} id="x" {attributes}><extensionElements>{extensions}</extensionElements></{kind}>'


def test_service_task() -> None:
    """Job type and retries, headers, mappings, listeners, priority, resources and properties."""
    found = node(
        with_extensions(
            "serviceTask",
            '<zeebe:taskDefinition type="billing.refund" retries="=n"/>'
            '<zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders>'
            '<zeebe:ioMapping><zeebe:input source="=order.id" target="id"/><zeebe:input source="text" target="kind"/>'
            '<zeebe:output source="=result" target="answer.refund"/></zeebe:ioMapping>'
            '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="audit" retries="1"/>'
            "</zeebe:executionListeners>"
            '<zeebe:jobPriorityDefinition priority="=5"/><zeebe:linkedResources><zeebe:linkedResource resourceId="r" '
            'resourceType="RPA" linkName="l" bindingType="deployment"/></zeebe:linkedResources>'
            '<zeebe:properties><zeebe:property name="a" value="b"/></zeebe:properties>',
            'zeebe:modelerTemplate="io.camunda.connectors.HttpJson.v2"',
        ),
        "zeebe",
    )
    assert isinstance(found, model.ServiceTask)
    assert found.task_definition == TaskDefinition(literal("billing.refund"), Expression("n"))
    assert found.headers == {"k": "v"}
    assert [(mapping.source, mapping.target) for mapping in found.inputs] == [
        (Expression("order.id"), "id"),
        (literal("text"), "kind"),
    ]
    assert found.outputs == (VariableMapping(Expression("result"), "answer.refund", 1),)
    assert found.execution_listeners == (ExecutionListener("start", literal("audit"), literal("1")),)
    assert found.job_priority == Expression("5")
    assert found.linked_resources == (LinkedResource("r", "RPA", "l", Binding.DEPLOYMENT),)
    assert found.properties == {"a": "b"}
    assert found.template == "io.camunda.connectors.HttpJson.v2"


def test_retries_default_to_three() -> None:
    """What Camunda 8 does when nothing is said."""
    found = node(with_extensions("serviceTask", '<zeebe:taskDefinition type="a"/>'), "zeebe")
    assert isinstance(found, model.ServiceTask)
    assert found.task_definition == TaskDefinition(literal("a"), literal("3"))


def test_user_task() -> None:
    """Assignment, schedule, priority, form and listeners of a user task."""
    found = node(
        with_extensions(
            "userTask",
            '<zeebe:userTask/><zeebe:assignmentDefinition assignee="=owner" candidateUsers="anna, ben" '
            'candidateGroups="=groups"/><zeebe:taskSchedule dueDate="=now() + duration(&quot;P1D&quot;)" '
            'followUpDate="2027-01-01T00:00:00Z"/><zeebe:priorityDefinition priority="70"/>'
            '<zeebe:formDefinition formId="check" bindingType="versionTag" versionTag="v2"/><zeebe:taskListeners>'
            '<zeebe:taskListener eventType="completing" type="review"/></zeebe:taskListeners>',
        ),
        "zeebe",
    )
    assert isinstance(found, model.UserTask)
    assert found.is_native
    assert found.assignment == Assignment(Expression("owner"), literal("anna, ben"), Expression("groups"))
    assert found.schedule == Schedule(Expression('now() + duration("P1D")'), literal("2027-01-01T00:00:00Z"))
    assert found.priority == literal("70")
    assert found.form == Form(id="check", binding=Binding.VERSION_TAG, version_tag="v2")
    assert found.listeners == (TaskListener("completing", literal("review")),)


def test_embedded_form() -> None:
    """A form that the process carries is found by the key that names it."""
    definitions = diagram(
        '<process id="p"><extensionElements><zeebe:userTaskForm id="f1">{"components": []}</zeebe:userTaskForm>'
        "</extensionElements>"
        + with_extensions("userTask", '<zeebe:formDefinition formKey="camunda-forms:bpmn:f1"/>')
        + "</process>",
        "zeebe",
    )
    task = definitions.processes[0].nodes[0]
    assert isinstance(task, model.UserTask)
    assert task.form == Form(body='{"components": []}')


def test_calls() -> None:
    """Called decisions and elements with their binding; variables propagate unless the diagram says no."""
    rule = node(
        with_extensions(
            "businessRuleTask",
            '<zeebe:calledDecision decisionId="refund" resultVariable="r" bindingType="deployment"/>',
        ),
        "zeebe",
    )
    assert isinstance(rule, model.BusinessRuleTask)
    assert rule.called_decision == CalledDecision(literal("refund"), "r", Binding.DEPLOYMENT)
    call = node(
        with_extensions("callActivity", '<zeebe:calledElement processId="=which" propagateAllChildVariables="false"/>'),
        "zeebe",
    )
    assert isinstance(call, model.CallActivity)
    assert call.called == CalledElement(Expression("which"), propagate_all_child_variables=False)


def test_script() -> None:
    """A script is FEEL with a result variable."""
    found = node(with_extensions("scriptTask", '<zeebe:script expression="=1 + 1" resultVariable="two"/>'), "zeebe")
    assert isinstance(found, model.ScriptTask)
    assert found.script == Script(Expression("1 + 1"), "two")


def test_messages() -> None:
    """Subscriptions belong to messages, publishing to the event that throws, or a job does it."""
    definitions = process(
        with_extensions(
            "endEvent", '<zeebe:publishMessage correlationKey="=id" messageId="=m" timeToLive="PT1H"/>'
        ).replace("</endEvent>", '<messageEventDefinition messageRef="m"/></endEvent>')
        + '<endEvent id="y"><messageEventDefinition><extensionElements><zeebe:taskDefinition type="send"/>'
        "</extensionElements></messageEventDefinition></endEvent>",
        "zeebe",
        roots='<message id="m" name="=kind"><extensionElements><zeebe:subscription correlationKey="=order id"/>'
        "</extensionElements></message>",
    )
    assert definitions.messages[0].name == Expression("kind")
    assert definitions.messages[0].correlation_key == Expression("order id")
    published, sent = (
        found.definitions[0] for found in definitions.processes[0].nodes if isinstance(found, model.EndEvent)
    )
    assert isinstance(published, MessageEventDefinition)
    assert published.publish == PublishMessage(Expression("id"), Expression("m"), literal("PT1H"))
    assert isinstance(sent, MessageEventDefinition)
    assert sent.task_definition == TaskDefinition(literal("send"))


def test_multi_instance() -> None:
    """Collections in and out."""
    found = activity(
        '<task id="t"><multiInstanceLoopCharacteristics isSequential="true"><extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item" outputCollection="results" '
        'outputElement="=result"/></extensionElements></multiInstanceLoopCharacteristics></task>',
        "zeebe",
    )
    assert found.loop == model.MultiInstance(
        is_sequential=True,
        input_collection=Expression("items"),
        input_element="item",
        output_collection="results",
        output_element=Expression("result"),
    )


def test_ad_hoc() -> None:
    """The active elements, the job and what is collected."""
    found = node(
        with_extensions(
            "adHocSubProcess",
            '<zeebe:adHoc activeElementsCollection="=chosen" outputCollection="all" outputElement="=one"/>'
            '<zeebe:taskDefinition type="agent"/>',
        ),
        "zeebe",
    )
    assert isinstance(found, model.AdHocSubProcess)
    assert (found.active_elements, found.output_collection) == (Expression("chosen"), "all")
    assert found.output_element == Expression("one")
    assert found.task_definition == TaskDefinition(literal("agent"))


def test_conditional_filter() -> None:
    """Which changes a conditional event looks at."""
    found = node(
        '<startEvent id="x"><conditionalEventDefinition><extensionElements><zeebe:conditionalFilter '
        'variableNames="a, b" variableEvents="create"/></extensionElements><condition>=a</condition>'
        "</conditionalEventDefinition></startEvent>",
        "zeebe",
    )
    assert isinstance(found, model.StartEvent)
    (definition,) = found.definitions
    assert isinstance(definition, ConditionalEventDefinition)
    assert definition.filter == ConditionalFilter(("a", "b"), ("create",))


def test_process() -> None:
    """Version tag, properties and dialect of the file."""
    definitions = diagram(
        '<process id="p"><extensionElements><zeebe:versionTag value="v7"/><zeebe:properties>'
        '<zeebe:property name="bailiwick:role" value="support-refunds"/></zeebe:properties></extensionElements>'
        "</process>",
        "zeebe",
    )
    assert definitions.dialect is Dialect.ZEEBE
    assert definitions.process("p").version_tag == "v7"
    assert definitions.process("p").properties == {"bailiwick:role": "support-refunds"}


def test_unknown_binding() -> None:
    """A binding that does not exist is a problem with its element."""
    definitions = process(with_extensions("businessRuleTask", '<zeebe:calledDecision bindingType="newest"/>'), "zeebe")
    assert [(problem.code, problem.element_id) for problem in definitions.problems] == [("bpmn.unknown-binding", "x")]


def test_an_input_without_a_source_is_null() -> None:
    """Since Camunda 8.8; a literal that is empty cannot be written."""
    mappings = '<zeebe:ioMapping><zeebe:input target="x"/><zeebe:input source="" target="y"/></zeebe:ioMapping>'
    found = node(with_extensions("task", mappings), "zeebe")
    assert found.inputs == (VariableMapping(Expression("null"), "x", 1), VariableMapping(Expression("null"), "y", 1))
