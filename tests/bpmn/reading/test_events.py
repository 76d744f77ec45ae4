"""Events and their definitions, with references resolved."""

import pytest

from app.bpmn import event_definitions as definitions
from app.bpmn.event_definitions import TimerKind
from app.bpmn.extensions import Expression
from app.bpmn.model import BoundaryEvent, Event, StartEvent
from tests.bpmn.sample import node, process

ROOTS = (
    '<message id="m" name="order"/><signal id="s" name="alarm"/><error id="e" name="Out" errorCode="NO_STOCK"/>'
    '<escalation id="x" name="Late" escalationCode="LATE"/>'
)


def only(event: str) -> definitions.EventDefinition:
    found = node(event, roots=ROOTS)
    assert isinstance(found, Event)
    (definition,) = found.definitions
    return definition


def test_message() -> None:
    """A message event holds the message itself and names the operation."""
    found = only(
        '<startEvent id="a"><messageEventDefinition id="d" messageRef="m"><operationRef>o</operationRef>'
        "</messageEventDefinition></startEvent>"
    )
    assert isinstance(found, definitions.MessageEventDefinition)
    assert found.message is not None
    assert found.message.name == Expression("order", is_feel=False)
    assert (found.id, found.operation_id) == ("d", "o")


@pytest.mark.parametrize(
    ("element", "kind"),
    [("timeDate", TimerKind.DATE), ("timeDuration", TimerKind.DURATION), ("timeCycle", TimerKind.CYCLE)],
)
def test_timers(element: str, kind: TimerKind) -> None:
    """A timer knows which of the three it is and keeps its text."""
    found = only(
        f'<startEvent id="a"><timerEventDefinition><{element}>PT1S</{element}></timerEventDefinition></startEvent>'
    )
    assert isinstance(found, definitions.TimerEventDefinition)
    assert (found.kind, found.expression) == (kind, Expression("PT1S", is_feel=False))


def test_codes() -> None:
    """Errors and escalations come with their codes; without a reference they catch everything."""
    error = only('<endEvent id="a"><errorEventDefinition errorRef="e"/></endEvent>')
    assert isinstance(error, definitions.ErrorEventDefinition)
    assert error.error is not None
    assert error.error.code == Expression("NO_STOCK", is_feel=False)
    escalation = only('<endEvent id="a"><escalationEventDefinition/></endEvent>')
    assert isinstance(escalation, definitions.EscalationEventDefinition)
    assert escalation.escalation is None


def test_the_others() -> None:
    """Signal, conditional, link, compensation, cancel and terminate."""
    signal = only('<endEvent id="a"><signalEventDefinition signalRef="s"/></endEvent>')
    assert isinstance(signal, definitions.SignalEventDefinition)
    assert signal.signal is not None
    assert signal.signal.name.text == "alarm"
    conditional = only(
        '<startEvent id="a"><conditionalEventDefinition><condition>=x</condition>'
        "</conditionalEventDefinition></startEvent>"
    )
    assert isinstance(conditional, definitions.ConditionalEventDefinition)
    assert conditional.condition == Expression("x")
    link = only('<intermediateThrowEvent id="a"><linkEventDefinition name="on"/></intermediateThrowEvent>')
    assert isinstance(link, definitions.LinkEventDefinition)
    assert link.name == "on"
    compensate = only(
        '<endEvent id="a"><compensateEventDefinition activityRef="t" waitForCompletion="false"/></endEvent>'
    )
    assert isinstance(compensate, definitions.CompensateEventDefinition)
    assert (compensate.activity_id, compensate.wait_for_completion) == ("t", False)
    assert isinstance(only('<endEvent id="a"><cancelEventDefinition/></endEvent>'), definitions.CancelEventDefinition)
    terminate = only('<endEvent id="a"><terminateEventDefinition/></endEvent>')
    assert isinstance(terminate, definitions.TerminateEventDefinition)


@pytest.mark.parametrize(
    ("throw", "catch"),
    [
        (
            '<linkEventDefinition id="a" name="here"><target>b</target></linkEventDefinition>',
            '<linkEventDefinition id="b"/>',
        ),
        (
            '<linkEventDefinition id="a"/>',
            '<linkEventDefinition id="b" name="there"><source>a</source></linkEventDefinition>',
        ),
        ('<linkEventDefinition name="both"/>', '<linkEventDefinition name="both"/>'),
    ],
)
def test_links_pair(throw: str, catch: str) -> None:
    """Links that a reference or their name pairs have one name afterwards."""
    found = process(
        f'<intermediateThrowEvent id="t">{throw}</intermediateThrowEvent>'
        f'<intermediateCatchEvent id="c">{catch}</intermediateCatchEvent>'
    )
    names = {
        definition.name
        for event in found.processes[0].nodes
        if isinstance(event, Event)
        for definition in event.definitions
        if isinstance(definition, definitions.LinkEventDefinition)
    }
    assert len(names) == 1


def test_multiple_in_document_order() -> None:
    """Several definitions keep their order, those that are referred to included."""
    found = node(
        '<startEvent id="a" parallelMultiple="true" isInterrupting="false">'
        '<signalEventDefinition id="one" signalRef="s"/>'
        '<eventDefinitionRef>two</eventDefinitionRef><timerEventDefinition id="three"/></startEvent>',
        roots=ROOTS + '<messageEventDefinition id="two" messageRef="m"/>',
    )
    assert isinstance(found, StartEvent)
    assert [definition.id for definition in found.definitions] == ["one", "two", "three"]
    assert found.is_parallel_multiple
    assert not found.is_interrupting


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize(("source", "target"), [("b", "h"), ("h", "b")])
def test_compensation_handlers(source: str, target: str, outside: bool) -> None:
    """The association between boundary event and handler counts in either direction, and wherever it stands."""
    association = f'<association id="a" sourceRef="{source}" targetRef="{target}"/>'
    definitions_ = process(
        '<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><compensateEventDefinition/></boundaryEvent>'
        '<task id="t"/><task id="h" isForCompensation="true"/>' + ("" if outside else association),
        roots=f'<collaboration id="c">{association}</collaboration>' if outside else "",
    )
    event = definitions_.processes[0].nodes[0]
    assert isinstance(event, BoundaryEvent)
    assert (event.attached_to_id, event.is_interrupting, event.compensation_handler_id) == ("t", False, "h")
