"""Events that need all of several definitions, at every position inside a process."""

import json

import pytest

from app import engine, feel
from app.engine import commands
from tests.engine.driving import Drive, chain, definitions, flow, job, numbers

ROOTS = (
    '<message id="m" name="news"/><message id="n" name="mail"/>'
    '<signal id="s" name="alarm"/><signal id="t" name="calm"/>'
    '<error id="e" errorCode="BAD"/><escalation id="k" escalationCode="LATE"/>'
)
NEWS = '<messageEventDefinition messageRef="m"/>'
MAIL = '<messageEventDefinition messageRef="n"/>'
ALARM = '<signalEventDefinition signalRef="s"/>'
CALM = '<signalEventDefinition signalRef="t"/>'
ERROR = '<errorEventDefinition errorRef="e"/>'
LATE = '<escalationEventDefinition escalationRef="k"/>'
CONDITION = (
    '<conditionalEventDefinition><condition xsi:type="tFormalExpression">=x</condition></conditionalEventDefinition>'
)


def timer(kind: str, text: str) -> str:
    return f'<timerEventDefinition><{kind} xsi:type="tFormalExpression">{text}</{kind}></timerEventDefinition>'


IN_FIVE_SECONDS = timer("timeDuration", "PT5S")


def catch(*parts: str) -> str:
    return chain(f'<intermediateCatchEvent id="C" parallelMultiple="true">{"".join(parts)}</intermediateCatchEvent>')


def boundary(*parts: str, interrupting: bool = True) -> str:
    """A job with the event on its boundary, which leads to another job."""
    attributes = f'attachedToRef="A" cancelActivity="{str(interrupting).lower()}" parallelMultiple="true"'
    event = f'<boundaryEvent id="edge" {attributes}>{"".join(parts)}</boundaryEvent>'
    return chain(job("A")) + event + job("B") + flow("edge", "B")


def open_waits(drive: Drive) -> dict[str, str]:
    """The ids of what the instance waits for, by the name of the message or signal."""
    state = json.loads(drive.stored)
    return {wait[4]: wait[0] for token in state["tokens"] for wait in token.get("waits", [])}


def deliver(drive: Drive, name: str, **variables: object) -> list[str]:
    return drive.send(commands.DeliverMessage(open_waits(drive)[name], numbers(variables)))


def test_what_each_message_brings_comes_together() -> None:
    """The first is not lost; its subscription is closed, so that a second of its kind stays for others."""
    drive = Drive(catch(NEWS, MAIL), ROOTS)
    assert drive.start()[-2:] == ["waits for message news at C", "waits for message mail at C"]
    assert deliver(drive, "news", x="a") == ["subscription closed"]
    assert deliver(drive, "mail", y="b")[:3] == [
        "subscription closed",
        'set process x="a" y="b"',
        "completed C",
    ]


def test_a_signal_that_comes_again_counts_once() -> None:
    """The first one's variables are those that count."""
    drive = Drive(catch(ALARM, CALM), ROOTS)
    drive.start()
    drive.send(commands.DeliverSignal("alarm", {"x": "first"}))
    drive.send(commands.DeliverSignal("alarm", {"x": "second"}))
    drive.send(commands.DeliverSignal("calm"))
    assert drive.variables == {"x": "first"}


def test_a_timer_and_a_condition_are_parts_like_others() -> None:
    """In either order; a cycle counts from the first time it comes due."""
    drive = Drive(catch(timer("timeCycle", "R/PT1S"), CONDITION), ROOTS)
    drive.start(x=False)
    assert drive.fire("C") == ["timer C 05 09:00:02"]
    assert drive.send(commands.SetVariables({"x": True}))[1:3] == ["timer cancelled", "completed C"]


def test_an_interrupting_boundary_event_needs_all() -> None:
    """Only then is the activity cancelled."""
    drive = Drive(boundary(NEWS, IN_FIVE_SECONDS), ROOTS)
    drive.start()
    assert deliver(drive, "news", x=1) == ["subscription closed"]
    assert drive.live == ["A"]
    happened = drive.fire("edge")
    assert "cancelled A" in happened
    assert "set process x=1" in happened
    assert drive.live == ["B"]


def test_a_boundary_event_that_does_not_interrupt_begins_anew() -> None:
    """The message is waited for again once all have come, and not before."""
    drive = Drive(boundary(NEWS, ALARM, interrupting=False), ROOTS)
    drive.start()
    assert deliver(drive, "news") == ["subscription closed"]
    assert drive.send(commands.DeliverSignal("alarm"))[0] == "waits for message news at edge"
    assert drive.live == ["A", "B"]
    deliver(drive, "news")
    drive.send(commands.DeliverSignal("alarm"))
    assert drive.live == ["A", "B", "B"]


def test_a_boundary_event_whose_timer_is_over_waits_for_nothing_more() -> None:
    """It can never trigger again, so it takes no message from others."""
    drive = Drive(boundary(NEWS, IN_FIVE_SECONDS, ALARM, interrupting=False), ROOTS)
    drive.start()
    drive.fire("edge")
    deliver(drive, "news")
    assert drive.send(commands.DeliverSignal("alarm"))[0] == "subscription closed"
    assert drive.live == ["A", "B"]
    assert not open_waits(drive)


def test_a_cycle_counts_again_for_the_next_time() -> None:
    """Once for each time that all have come."""
    drive = Drive(boundary(timer("timeCycle", "R/PT1S"), ALARM, interrupting=False), ROOTS)
    drive.start()
    for _ in range(2):
        drive.fire("edge")
        drive.fire("edge")
        drive.send(commands.DeliverSignal("alarm"))
    assert drive.live == ["A", "B", "B"]


def test_an_error_is_caught_only_as_the_last_of_all() -> None:
    """Nothing could wait for the others when it has ended the activity."""
    drive = Drive(boundary(ERROR, ALARM), ROOTS)
    drive.start()
    assert "error BAD from A caught by None" in drive.send(commands.ThrowError(drive.job("A"), "BAD"))
    drive = Drive(boundary(ERROR, ALARM), ROOTS)
    drive.start()
    drive.send(commands.DeliverSignal("alarm", {"x": 1}))
    assert drive.send(commands.ThrowError(drive.job("A"), "BAD"))[0] == "error BAD from A caught by edge"
    assert drive.live == ["B"]


def test_an_escalation_is_remembered() -> None:
    """The thrower goes on until the others have come too."""
    drive = Drive(boundary(LATE, ALARM), ROOTS)
    drive.start()
    escalated = drive.send(commands.ThrowEscalation(drive.job("A"), "LATE", {"x": "late"}))
    assert escalated == ["escalation LATE from A caught by edge"]
    assert drive.live == ["A"]
    drive.send(commands.DeliverSignal("alarm"))
    assert drive.live == ["B"]
    assert drive.variables == {"x": "late"}


def test_a_cancellation_is_followed_only_as_the_last_of_all() -> None:
    """A transaction that is cancelled before the others have come ends without its boundary event."""
    inside = '<startEvent id="in"/><endEvent id="out"><cancelEventDefinition/></endEvent>'
    body = (
        chain(f'<transaction id="T">{inside}{job("W")}{flow("in", "W")}{flow("W", "out")}</transaction>')
        + f'<boundaryEvent id="edge" attachedToRef="T" parallelMultiple="true"><cancelEventDefinition/>{ALARM}'
        + "</boundaryEvent>"
        + job("B")
        + flow("edge", "B")
    )
    drive = Drive(body, ROOTS)
    drive.start()
    drive.complete("W")
    assert drive.status == "completed"
    drive = Drive(body, ROOTS)
    drive.start()
    drive.send(commands.DeliverSignal("alarm"))
    drive.complete("W")
    assert drive.live == ["B"]


@pytest.mark.parametrize(("interrupting", "left"), [(True, ["E", "B"]), (False, ["A", "E", "B"])])
def test_an_event_subprocess_starts_when_all_have_come(left: list[str], *, interrupting: bool) -> None:
    """Interrupting its scope or not; one that does not can start again."""
    start = f'<startEvent id="on" parallelMultiple="true" isInterrupting="{str(interrupting).lower()}">{NEWS}{ALARM}'
    inside = f"{start}</startEvent>{job('B')}{flow('on', 'B')}"
    drive = Drive(chain(job("A")) + f'<subProcess id="E" triggeredByEvent="true">{inside}</subProcess>', ROOTS)
    drive.start()
    deliver(drive, "news", x=1)
    assert drive.live == ["A"]
    drive.send(commands.DeliverSignal("alarm", {"y": 2}))
    assert drive.live == left
    assert drive.instance().live()
    if not interrupting:
        deliver(drive, "news")
        drive.send(commands.DeliverSignal("alarm"))
        assert drive.live == [*left, "E", "B"]


def test_an_implicit_event_of_a_multi_instance_activity_is_a_part() -> None:
    """The boundary event triggers when the activity has thrown and the other has come."""
    loop = (
        '<multiInstanceLoopCharacteristics behavior="One" oneBehaviorEventRef="thrown">'
        '<extensionElements><zeebe:loopCharacteristics inputCollection="=[1,2]"/></extensionElements>'
        "</multiInstanceLoopCharacteristics>"
    )
    body = (
        chain(job("A", inside=loop))
        + f'<boundaryEvent id="edge" attachedToRef="A" cancelActivity="false" parallelMultiple="true">{NEWS}{CALM}'
        + "</boundaryEvent>"
        + job("B")
        + flow("edge", "B")
    )
    drive = Drive(body, ROOTS + '<signalEventDefinition id="thrown" signalRef="t"/>')
    drive.start()
    deliver(drive, "news")
    drive.complete("A")
    assert drive.live.count("B") == 1


@pytest.mark.parametrize(
    "part", ['<linkEventDefinition name="L"/>', '<compensateEventDefinition activityRef="A"/>'], ids=["link", "undo"]
)
def test_what_cannot_happen_while_the_event_waits_is_refused(part: str) -> None:
    """By name: it would never trigger."""
    problems = engine.check(definitions(boundary(NEWS, part), ROOTS))
    assert [problem.element_id for problem in problems if problem.code == "engine.parallel-multiple"] == ["edge"]


def test_what_has_come_survives_a_migration_to_an_event_of_another_name() -> None:
    """The memory goes with the event."""
    drive = Drive(catch(ALARM, CALM), ROOTS)
    drive.start()
    drive.send(commands.DeliverSignal("alarm", {"x": "kept"}))
    target = engine.compile(definitions(catch(ALARM, CALM).replace('"C"', '"D"'), ROOTS), "P")
    moved = engine.migrate(drive.instance().state(), drive.program, target, {"C": "D"})
    drive.program, drive.stored = target, feel.json_dumps(moved.state)
    assert "completed D" in drive.send(commands.DeliverSignal("calm"))
    assert drive.variables == {"x": "kept"}
