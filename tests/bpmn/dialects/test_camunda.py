"""Camunda 7: what carries over, and what is refused by name."""

import pytest

from app.bpmn import model
from app.bpmn.checker import check
from app.bpmn.event_definitions import ErrorEventDefinition
from app.bpmn.extensions import (
    Assignment,
    Binding,
    CalledDecision,
    Expression,
    Form,
    FormField,
    Schedule,
    Script,
    TaskDefinition,
)
from app.bpmn.model import Dialect
from app.bpmn.reader import read
from tests.bpmn.sample import activity, diagram, node, process


def literal(text: str) -> Expression:
    return Expression(text, is_feel=False)


def test_external_task() -> None:
    """A topic is a job type; the retry cycle says how often."""
    found = node(
        '<serviceTask id="x" camunda:type="external" camunda:topic="mail" camunda:jobPriority="5"><extensionElements>'
        "<camunda:failedJobRetryTimeCycle>R5/PT1M</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>",
        "camunda",
    )
    assert isinstance(found, model.ServiceTask)
    assert found.task_definition == TaskDefinition(literal("mail"), literal("5"))
    assert found.job_priority == literal("5")


def test_user_task() -> None:
    """Assignment, dates, priority and form are attributes."""
    found = node(
        '<userTask id="x" camunda:assignee="${owner}" camunda:candidateGroups="a,b" camunda:dueDate="${due}" '
        'camunda:priority="50" camunda:formKey="embedded:app:check.html"/>',
        "camunda",
    )
    assert isinstance(found, model.UserTask)
    assert found.assignment == Assignment(Expression("owner"), None, literal("a,b"))
    assert found.schedule == Schedule(Expression("due"))
    assert found.priority == literal("50")
    assert found.form == Form(key="embedded:app:check.html")


def test_forms() -> None:
    """Form references with their binding, and forms that are written into the diagram."""
    referred = node('<startEvent id="x" camunda:formRef="f" camunda:formRefBinding="deployment"/>', "camunda")
    assert isinstance(referred, model.StartEvent)
    assert referred.form == Form(id="f", binding=Binding.DEPLOYMENT)
    written = node(
        '<userTask id="x"><extensionElements><camunda:formData><camunda:formField id="ok" label="Ok?" type="enum" '
        'defaultValue="y"><camunda:validation><camunda:constraint name="required"/></camunda:validation>'
        '<camunda:value id="y" name="Yes"/></camunda:formField></camunda:formData></extensionElements></userTask>',
        "camunda",
    )
    assert isinstance(written, model.UserTask)
    field = FormField("ok", "Ok?", "enum", "y", is_required=True, options=(("y", "Yes"),))
    assert written.form == Form(fields=(field,))


def test_parameters() -> None:
    """Texts, lists, maps and FEEL scripts become mappings."""
    found = activity(
        '<serviceTask id="x" camunda:type="external" camunda:topic="t"><extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="a">${order.id}</camunda:inputParameter>'
        '<camunda:inputParameter name="b"><camunda:list><camunda:value>one</camunda:value><camunda:value>${two}'
        "</camunda:value></camunda:list></camunda:inputParameter>"
        '<camunda:inputParameter name="c"><camunda:map><camunda:entry key="k">${v}</camunda:entry></camunda:map>'
        "</camunda:inputParameter>"
        '<camunda:outputParameter name="d"><camunda:script scriptFormat="feel">x + 1</camunda:script>'
        "</camunda:outputParameter></camunda:inputOutput></extensionElements></serviceTask>",
        "camunda",
    )
    assert [(mapping.target, mapping.source) for mapping in found.inputs] == [
        ("a", Expression("order.id")),
        ("b", Expression('["one", two]')),
        ("c", Expression('{"k": v}')),
    ]
    assert [(mapping.target, mapping.source) for mapping in found.outputs] == [("d", Expression("x + 1"))]


def test_call_activity() -> None:
    """In and out mappings pass variables; nothing else passes unless all do."""
    found = node(
        '<callActivity id="x" calledElement="other" camunda:calledElementBinding="deployment"><extensionElements>'
        '<camunda:in source="a" target="b"/><camunda:in sourceExpression="${a + 1}" target="c"/>'
        '<camunda:in businessKey="${key}"/><camunda:out variables="all"/></extensionElements></callActivity>',
        "camunda",
    )
    assert isinstance(found, model.CallActivity)
    assert found.called is not None
    assert not found.called.propagate_all_parent_variables
    assert found.called.propagate_all_child_variables
    assert found.called.business_id == Expression("key")
    assert found.called.binding is Binding.DEPLOYMENT
    assert [(mapping.target, mapping.source) for mapping in found.inputs] == [
        ("b", Expression("a")),
        ("c", Expression("a + 1")),
    ]


def test_rules_scripts_and_loops() -> None:
    """Decisions, FEEL scripts, collections, conditions and error variables."""
    definitions = process(
        '<businessRuleTask id="a" camunda:decisionRef="refund" camunda:resultVariable="r"/>'
        '<scriptTask id="b" scriptFormat="feel" camunda:resultVariable="s"><script>1 + 1</script></scriptTask>'
        '<task id="c"><multiInstanceLoopCharacteristics camunda:collection="orders" camunda:elementVariable="order"/>'
        "</task>"
        '<boundaryEvent id="d" attachedToRef="c"><errorEventDefinition camunda:errorCodeVariable="code" '
        'camunda:errorMessageVariable="text"/></boundaryEvent><sequenceFlow id="f" sourceRef="a" targetRef="b">'
        '<conditionExpression xsi:type="tFormalExpression">${r.ok and not late}</conditionExpression></sequenceFlow>',
        "camunda",
    )
    rule, script, loop, boundary = definitions.processes[0].nodes
    assert isinstance(rule, model.BusinessRuleTask)
    assert rule.called_decision == CalledDecision(literal("refund"), "r")
    assert rule.outgoing[0].condition == Expression("r.ok and not(late)")
    assert isinstance(script, model.ScriptTask)
    assert script.script == Script(Expression("1 + 1"), "s")
    assert isinstance(loop, model.Task)
    assert loop.loop == model.MultiInstance(input_collection=Expression("orders"), input_element="order")
    assert isinstance(boundary, model.BoundaryEvent)
    assert boundary.definitions[0] == ErrorEventDefinition(line=1, code_variable="code", message_variable="text")
    assert definitions.problems == ()


@pytest.mark.parametrize(
    ("element", "found"),
    [
        ('<serviceTask id="x" camunda:class="com.acme.Run"/>', "the Java delegate class='com.acme.Run'"),
        ('<serviceTask id="x" camunda:expression="${a.b()}"/>', "the Java delegate expression='${a.b()}'"),
        ('<sendTask id="x" camunda:delegateExpression="${d}"/>', "the Java delegate delegateExpression='${d}'"),
        ('<userTask id="x" camunda:assignee="${users.find()}"/>', "the method find()"),
        ('<scriptTask id="x" scriptFormat="groovy"><script>1</script></scriptTask>', "a script in groovy"),
        ('<callActivity id="x" calledElement="a" camunda:calledElementBinding="version"/>', "the binding 'version'"),
        (
            '<task id="x"><extensionElements><camunda:taskListener event="create"/></extensionElements></task>',
            "a taskListener on create",
        ),
        (
            '<serviceTask id="x"><extensionElements><camunda:connector/></extensionElements></serviceTask>',
            "a connector",
        ),
        (
            '<endEvent id="x"><timerEventDefinition><timeDate>${a.b()}</timeDate></timerEventDefinition></endEvent>',
            "the method b()",
        ),
    ],
)
def test_refused(element: str, found: str) -> None:
    """What needs Camunda 7 is refused with the element, its own words and a remedy."""
    problems = [problem for problem in check(process(element, "camunda")) if problem.code == "bpmn.camunda-7"]
    assert len(problems) == 1
    assert found in problems[0].message
    assert problems[0].element_id == "x"
    assert problems[0].remedy


def test_the_old_namespace() -> None:
    """Diagrams from before Camunda had a namespace use Activiti's, and mean the same."""
    definitions = read(
        "old.bpmn",
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:a="http://activiti.org/bpmn">'
        b'<process id="p"><userTask id="t" a:assignee="anna"/></process></definitions>',
    )
    task = definitions.process("p").nodes[0]
    assert definitions.dialect is Dialect.CAMUNDA
    assert isinstance(task, model.UserTask)
    assert task.assignment.assignee == literal("anna")


def test_version_tag_and_starters() -> None:
    """Attributes of the process."""
    definitions = diagram('<process id="p" camunda:versionTag="v1" camunda:candidateStarterGroups="sales"/>', "camunda")
    assert definitions.process("p").version_tag == "v1"
    assert definitions.process("p").candidate_starters == Assignment(candidate_groups=literal("sales"))
