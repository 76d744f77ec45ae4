"""Boundary events: interrupting or not, by timer, message, error and escalation."""

from decimal import Decimal

from app.engine import commands
from tests.engine.driving import Drive, chain, flow, job

CONDITION = (
    '<conditionalEventDefinition><condition xsi:type="tFormalExpression">=x &gt; 5</condition>'
    "</conditionalEventDefinition>"
)
ROOTS = (
    '<message id="m" name="news"><extensionElements><zeebe:subscription correlationKey="=customer"/>'
    '</extensionElements></message><error id="e" name="e" errorCode="NO_MONEY"/>'
    '<escalation id="s" name="s" escalationCode="LATE"/>'
)
TIMER = '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition>'
CYCLE = '<timerEventDefinition><timeCycle xsi:type="tFormalExpression">R2/PT1H</timeCycle></timerEventDefinition>'


def guarded(definition: str, attributes: str = "") -> str:
    """Service task A with a boundary event "edge" that leads to B."""
    return (
        chain(job("A"))
        + f'<boundaryEvent id="edge" attachedToRef="A" {attributes}>{definition}</boundaryEvent>'
        + job("B")
        + flow("edge", "B")
    )


def test_an_interrupting_timer_cancels_the_activity_and_its_job() -> None:
    """The exact events from opening to the token on the other way."""
    drive = Drive(guarded(TIMER))
    assert drive.start()[4:] == ["activated serviceTask A", "timer edge 05 10:00:00", "job work for A"]
    assert drive.fire("edge") == [
        "job cancelled",
        "cancelled A",
        "activated boundaryEvent edge",
        "completed edge",
        "flow edge-B",
        "activated serviceTask B",
        "job work for B",
    ]


def test_completing_the_activity_cancels_the_timer() -> None:
    """The wait of a boundary event ends with its activity."""
    drive = Drive(guarded(TIMER))
    drive.start()
    assert drive.complete("A")[:3] == ["timer cancelled", "completed A", "flow A-end"]


def test_a_non_interrupting_timer_leaves_the_activity_alone() -> None:
    """Both tokens are alive afterwards; the timer fires once."""
    drive = Drive(guarded(TIMER, 'cancelActivity="false"'))
    drive.start()
    assert drive.fire("edge")[:2] == ["activated boundaryEvent edge", "completed edge"]
    assert drive.live == ["A", "B"]
    assert "timer cancelled" not in drive.complete("A")


def test_a_cycle_fires_as_often_as_it_says() -> None:
    """R2: armed again after the first firing, not after the second."""
    drive = Drive(guarded(CYCLE, 'cancelActivity="false"'))
    drive.start()
    assert drive.fire("edge")[0] == "timer edge 05 11:00:00"
    assert drive.fire("edge")[0] == "activated boundaryEvent edge"
    assert drive.live == ["A", "B", "B"]


def test_downtime_ends_in_one_firing() -> None:
    """A cycle that comes late by many intervals fires once and is due at the next time of its series."""
    endless = CYCLE.replace("R2", "R")
    drive = Drive(guarded(endless, 'cancelActivity="false"'))
    drive.start()
    assert drive.fire("edge", after=drive.now - drive.now.replace(hour=3, minute=30))[0] == "timer edge 05 16:00:00"


def test_a_message_is_correlated_by_its_key_and_may_come_more_than_once() -> None:
    """A non-interrupting message subscription stays open (stock SpiffWorkflow fires it once)."""
    drive = Drive(guarded('<messageEventDefinition messageRef="m"/>', 'cancelActivity="false"'), ROOTS)
    assert "waits for message news 7 at edge" in drive.start(customer=7)
    assert drive.deliver("edge", text="a")[:3] == [
        "activated boundaryEvent edge",
        'set process text="a"',
        "completed edge",
    ]
    drive.deliver("edge", text="b")
    assert drive.live == ["A", "B", "B"]
    assert "subscription closed" in drive.complete("A")


def test_a_correlation_key_without_a_value_is_an_incident_before_anything_is_open() -> None:
    """Nothing is open until every expression of the activity has a value; a retry opens everything."""
    drive = Drive(guarded('<messageEventDefinition messageRef="m"/>'), ROOTS)
    assert drive.start()[-1].startswith("incident message at A: Expected a text for the correlation key")
    drive.send(commands.SetVariables({"customer": "c1"}))
    assert drive.resolve() == ["incident resolved", "waits for message news c1 at edge", 'job work for A customer="c1"']


def test_an_error_is_caught_by_its_code() -> None:
    """A job's BPMN error interrupts the activity; its variables arrive with the event."""
    drive = Drive(guarded('<errorEventDefinition errorRef="e"/>'), ROOTS)
    drive.start()
    assert drive.send(commands.ThrowError(drive.job("A"), "NO_MONEY", "empty", {"left": "0"})) == [
        "error NO_MONEY from A caught by edge",
        "cancelled A",
        "activated boundaryEvent edge",
        'set process left="0"',
        "completed edge",
        "flow edge-B",
        "activated serviceTask B",
        'job work for B left="0"',
    ]


def test_an_error_without_a_catch_is_an_incident_and_the_job_stays() -> None:
    """The incident says which code nobody catches."""
    drive = Drive(guarded('<errorEventDefinition errorRef="e"/>'), ROOTS)
    drive.start()
    assert drive.send(commands.ThrowError(drive.job("A"), "OTHER", "strange")) == [
        "error OTHER from A caught by None",
        'incident error at A: Expected an event that catches the error "OTHER", but found none. strange',
    ]
    assert drive.resolve() == ["incident resolved", "job work for A"]


def test_a_catch_without_a_code_takes_every_error_but_the_exact_code_wins() -> None:
    """Two boundary events on one activity."""
    body = (
        chain(job("A"))
        + '<boundaryEvent id="any" attachedToRef="A"><errorEventDefinition/></boundaryEvent>'
        + '<boundaryEvent id="exact" attachedToRef="A"><errorEventDefinition errorRef="e"/></boundaryEvent>'
        + job("B")
        + job("C")
        + flow("any", "B")
        + flow("exact", "C")
    )
    for code, live in (("NO_MONEY", "C"), ("OTHER", "B")):
        drive = Drive(body, ROOTS)
        drive.start()
        drive.send(commands.ThrowError(drive.job("A"), code))
        assert drive.live == [live]


def test_a_non_interrupting_escalation_lets_the_job_go_on() -> None:
    """The job that threw it is still open."""
    drive = Drive(guarded('<escalationEventDefinition escalationRef="s"/>', 'cancelActivity="false"'), ROOTS)
    drive.start()
    assert drive.send(commands.ThrowEscalation(drive.job("A"), "LATE"))[0] == "escalation LATE from A caught by edge"
    assert drive.live == ["A", "B"]
    drive.complete("A")


def test_an_escalation_that_nothing_catches_changes_nothing() -> None:
    """It is told and forgotten."""
    drive = Drive(chain(job("A")))
    drive.start()
    assert drive.send(commands.ThrowEscalation(drive.job("A"), "LATE")) == ["escalation LATE from A caught by None"]


def test_a_condition_triggers_when_it_becomes_true() -> None:
    """It is looked at when a variable changes; while it stays true it does not trigger again."""
    drive = Drive(guarded(CONDITION, 'cancelActivity="false"'))
    drive.start(x=1)
    assert drive.send(commands.SetVariables({"x": Decimal(2)})) == ["set process x=2"]
    drive.send(commands.SetVariables({"x": Decimal(6)}))
    drive.send(commands.SetVariables({"x": Decimal(7)}))
    assert drive.live == ["A", "B"]
    drive.send(commands.SetVariables({"x": Decimal(1)}))
    drive.send(commands.SetVariables({"x": Decimal(9)}))
    assert drive.live == ["A", "B", "B"]


def test_a_condition_that_holds_already_interrupts_before_the_work_begins() -> None:
    """No job is requested."""
    happened = Drive(guarded(CONDITION)).start(x=6)
    assert happened[4:7] == ["activated serviceTask A", "cancelled A", "activated boundaryEvent edge"]
