"""What a compiled process tells about itself, and what cannot be compiled."""

from datetime import UTC, datetime

import pytest

from app import bpmn, engine
from app.engine.naming import NamedKind
from app.errors import ModelError
from tests.engine.driving import NAMESPACES, chain, definitions, extended, flow, job

TIMER_START = (
    '<startEvent id="daily"><timerEventDefinition><timeCycle xsi:type="tFormalExpression">R/P1D</timeCycle>'
    "</timerEventDefinition></startEvent>"
)


def test_the_facts_that_a_deployment_needs() -> None:
    """Fixed names only; what an expression decides is known at run time."""
    body = chain(
        job("A", "pay"),
        job("B", "=kind"),
        extended("businessRuleTask", "D", '<zeebe:calledDecision decisionId="limit" resultVariable="r"/>'),
        extended("callActivity", "C", '<zeebe:calledElement processId="other"/>'),
        extended("userTask", "U", '<zeebe:formDefinition formId="f"/>'),
    )
    program = engine.compile(definitions(body), "P")
    assert program.names(NamedKind.HANDLER) == {"pay"}
    assert program.names(NamedKind.DECISION) == {"limit"}
    assert program.names(NamedKind.PROCESS) == {"other"}
    assert program.names(NamedKind.FORM) == {"f"}


def test_a_timer_start_can_be_scheduled() -> None:
    """The trigger knows when it is due next."""
    (trigger,) = engine.compile(definitions(TIMER_START + job("A") + flow("daily", "A")), "P").start_triggers
    assert (trigger.kind, trigger.element_id, trigger.timer) == (engine.TriggerKind.TIMER, "daily", "R/P1D")
    now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    assert trigger.schedule(now).due == datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


def test_a_process_without_a_start_event_starts_all_that_nothing_leads_to() -> None:
    """The none trigger without an element."""
    (trigger,) = engine.compile(definitions(job("A") + job("B")), "P").start_triggers
    assert (trigger.kind, trigger.element_id) == (engine.TriggerKind.NONE, None)


def test_an_instantiating_receive_task_starts_the_process() -> None:
    """By its message; the token appears at the task."""
    body = '<receiveTask id="R" messageRef="m" instantiate="true"/>' + job("A") + flow("R", "A")
    (trigger,) = engine.compile(definitions(body, '<message id="m" name="news"/>'), "P").start_triggers
    assert (trigger.kind, trigger.element_id, trigger.name) == (engine.TriggerKind.MESSAGE, "R", "news")


def test_everything_that_cannot_run_is_reported_at_once() -> None:
    """Each with its element, its line and a remedy."""
    body = chain(
        '<serviceTask id="A"/>', '<businessRuleTask id="B"/>', '<callActivity id="C"/>', '<scriptTask id="S"/>'
    )
    with pytest.raises(ModelError) as refused:
        engine.compile(definitions(body), "P")
    problems = refused.value.diagnostics
    assert [problem.element_id for problem in problems] == ["A", "B", "C", "S"]
    assert all(problem.line and problem.remedy and problem.file for problem in problems)


def test_check_looks_at_every_executable_process() -> None:
    """One that is not executable need not run."""
    text = (
        f'<definitions {NAMESPACES} id="D" targetNamespace="x">'
        '<process id="P" isExecutable="true"><serviceTask id="A"/></process>'
        '<process id="Q" isExecutable="false"><serviceTask id="B"/></process></definitions>'
    )
    problems = engine.check(bpmn.read("two.bpmn", text.encode()))
    assert [problem.element_id for problem in problems] == ["A"]


def test_a_wrong_timer_text_is_found_at_deployment() -> None:
    """A literal; an expression is found at run time."""
    body = chain(
        '<intermediateCatchEvent id="C"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">5 minutes'
        "</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    )
    with pytest.raises(ModelError, match="Expected an ISO 8601 duration"):
        engine.compile(definitions(body), "P")


def test_compiling_does_not_recurse_along_the_flows() -> None:
    """Stock SpiffWorkflow's parser fails at 800 tasks in a row."""
    engine.compile(definitions(chain(*(f'<task id="t{number}"/>' for number in range(2_000)))), "P")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<startEvent id="s"/><endEvent id="x"><cancelEventDefinition/></endEvent>', "engine.cancel-place"),
        (
            '<intermediateThrowEvent id="x"><linkEventDefinition name="L"/></intermediateThrowEvent>',
            "engine.link-target",
        ),
        (
            '<task id="t"/><boundaryEvent id="x" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>',
            "engine.compensation-handler",
        ),
        ('<eventBasedGateway id="x" eventGatewayType="Parallel"/>', "engine.parallel-event-gateway"),
        ('<task id="x" startQuantity="0"/>', "engine.token-quantity"),
        ('<task id="x"><standardLoopCharacteristics/></task>', "engine.endless-loop"),
        ('<task id="x"><multiInstanceLoopCharacteristics/></task>', "engine.multi-instance"),
    ],
)
def test_what_has_no_meaning_is_refused_by_name(body: str, code: str) -> None:
    """The element "x" and the reason; nothing is silently something else."""
    problems = engine.check(definitions(body))
    assert [(problem.code, problem.element_id) for problem in problems] == [(code, "x")]


def test_a_receive_task_that_repeats_cannot_be_chosen() -> None:
    """Behind an event-based gateway one message decides."""
    task = '<receiveTask id="x" messageRef="m"><standardLoopCharacteristics loopMaximum="2"/></receiveTask>'
    body = f'<eventBasedGateway id="g"/>{task}{flow("g", "x")}'
    problems = engine.check(definitions(body, '<message id="m" name="news"/>'))
    assert [(problem.code, problem.element_id) for problem in problems] == [("engine.repeated-choice", "x")]


def test_what_the_rules_say_already_is_not_said_again() -> None:
    """One finding has one code; what only the engine knows stays."""
    body = (
        '<startEvent id="start"/><task id="quantity" startQuantity="0"/><serviceTask id="nothing to do"/>'
        '<userTask id="unreadable"><extensionElements><zeebe:assignmentDefinition assignee="=1 +"/></extensionElements>'
        '</userTask><task id="loop"><standardLoopCharacteristics/></task>'
        '<intermediateCatchEvent id="timer"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">soon'
        "</timeDuration></timerEventDefinition></intermediateCatchEvent>"
        '<intermediateThrowEvent id="link"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        '<endEvent id="cancel"><cancelEventDefinition/></endEvent>'
        '<endEvent id="error"><errorEventDefinition/></endEvent>'
        '<intermediateCatchEvent id="message"><messageEventDefinition/></intermediateCatchEvent>'
        '<eventBasedGateway id="gateway" eventGatewayType="Parallel"/>'
    )
    diagram = definitions(body)
    known = bpmn.check(diagram)
    own = engine.check(diagram, known)
    assert {problem.element_id for problem in engine.check(diagram)} == {
        *("quantity", "nothing to do", "unreadable", "loop", "timer", "link"),
        *("cancel", "error", "message", "gateway"),
    }
    assert [(problem.code, problem.element_id) for problem in own] == [
        ("engine.no-implementation", "nothing to do"),
        ("engine.endless-loop", "loop"),
    ]
