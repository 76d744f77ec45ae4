"""Intermediate events, event-based gateways, receive tasks and links."""

from app.engine import commands
from tests.engine.driving import Drive, chain, flow, job

ROOTS = '<message id="m" name="news"/><signal id="s" name="alarm"/><signal id="t" name="calm"/>'
MESSAGE = '<messageEventDefinition messageRef="m"/>'
TIMER = '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT5S</timeDuration></timerEventDefinition>'


def test_an_intermediate_timer_waits_until_it_is_due() -> None:
    """A duration from the moment at which the token arrives."""
    drive = Drive(chain(f'<intermediateCatchEvent id="C">{TIMER}</intermediateCatchEvent>'))
    assert drive.start()[3:] == ["flow start-C", "activated intermediateCatchEvent C", "timer C 05 09:00:05"]
    assert drive.fire("C")[:2] == ["completed C", "flow C-end"]


def test_a_timer_may_be_a_feel_value() -> None:
    """A FEEL date and time, and one that is nothing of the kind."""
    body = chain(
        '<intermediateCatchEvent id="C"><timerEventDefinition><timeDate xsi:type="tFormalExpression">=when</timeDate>'
        "</timerEventDefinition></intermediateCatchEvent>"
    )
    assert Drive(body).start(when="2026-02-01T00:00:00+01:00")[-1] == "timer C 31 23:00:00"
    assert Drive(body).start(when="soon")[-1] == (
        'incident timer at C: Expected an ISO 8601 date such as "2026-01-05T09:00:00Z", but found "soon". '
        'It is the value of "=when".'
    )


def test_a_message_brings_variables() -> None:
    """The output mappings see what it brought; without any, all of it becomes variables."""
    drive = Drive(chain(f'<intermediateCatchEvent id="C">{MESSAGE}</intermediateCatchEvent>'), ROOTS)
    assert drive.start()[-1] == "waits for message news at C"
    assert drive.deliver("C", x=1)[:3] == ["subscription closed", "set process x=1", "completed C"]


def test_a_receive_task_is_a_message_catch_with_boundary_events() -> None:
    """It is cancelled like any activity."""
    body = (
        chain('<receiveTask id="R" messageRef="m"/>')
        + f'<boundaryEvent id="edge" attachedToRef="R">{TIMER}</boundaryEvent>'
        + job("B")
        + flow("edge", "B")
    )
    drive = Drive(body, ROOTS)
    assert drive.start()[4:] == ["activated receiveTask R", "timer edge 05 09:00:05", "waits for message news at R"]
    assert drive.fire("edge")[:2] == ["subscription closed", "cancelled R"]
    drive = Drive(body, ROOTS)
    drive.start()
    assert drive.deliver("R")[:4] == ["subscription closed", "timer cancelled", "completed R", "flow R-end"]


def test_the_first_event_after_an_event_based_gateway_decides() -> None:
    """The other waits are closed; the event that happened is told as a visit of its own."""
    body = (
        '<startEvent id="start"/><eventBasedGateway id="G"/>'
        f'<intermediateCatchEvent id="M">{MESSAGE}</intermediateCatchEvent>'
        f'<intermediateCatchEvent id="T">{TIMER}</intermediateCatchEvent>'
        + job("A")
        + job("B")
        + flow("start", "G")
        + flow("G", "M")
        + flow("G", "T")
        + flow("M", "A")
        + flow("T", "B")
    )
    drive = Drive(body, ROOTS)
    assert drive.start()[4:] == ["activated eventBasedGateway G", "waits for message news at M", "timer T 05 09:00:05"]
    assert drive.deliver("M", x=1)[:8] == [
        "subscription closed",
        "timer cancelled",
        "completed G",
        "flow G-M",
        "activated intermediateCatchEvent M",
        "set process x=1",
        "completed M",
        "flow M-A",
    ]
    drive = Drive(body, ROOTS)
    drive.start()
    drive.fire("T")
    assert drive.live == ["B"]


def test_a_signal_reaches_every_open_subscription_of_its_name() -> None:
    """Two wait for it, one for another."""
    body = (
        '<startEvent id="start"/>'
        '<intermediateCatchEvent id="A"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>'
        '<intermediateCatchEvent id="B"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>'
        '<intermediateCatchEvent id="C"><signalEventDefinition signalRef="t"/></intermediateCatchEvent>'
        + flow("start", "A")
        + flow("start", "B")
        + flow("start", "C")
    )
    drive = Drive(body, ROOTS)
    drive.start()
    drive.send(commands.DeliverSignal("alarm", {"why": "fire"}))
    assert drive.live == ["C"]
    assert drive.variables == {"why": "fire"}


def test_a_signal_thrown_inside_is_received_at_once() -> None:
    """`SignalThrown` is for the others; the branch beside it has gone on already."""
    body = (
        '<startEvent id="start"/><parallelGateway id="fork"/>'
        '<intermediateThrowEvent id="throw"><signalEventDefinition signalRef="s"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="catch"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>'
        + flow("start", "fork")
        + flow("fork", "throw")
        + flow("fork", "catch")
    )
    happened = Drive(body, ROOTS).start()
    assert happened[-6:] == [
        "activated intermediateThrowEvent throw",
        "signal alarm",
        "subscription closed",
        "completed throw",
        "completed catch",
        "instance completed",
    ]


def test_a_link_goes_on_at_its_target() -> None:
    """No flow is taken between the two."""
    body = (
        '<startEvent id="start"/>'
        '<intermediateThrowEvent id="from"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="to"><linkEventDefinition name="L"/></intermediateCatchEvent>'
        + job("A")
        + flow("start", "from")
        + flow("to", "A")
    )
    assert Drive(body).start()[4:] == [
        "activated intermediateThrowEvent from",
        "completed from",
        "activated intermediateCatchEvent to",
        "completed to",
        "flow to-A",
        "activated serviceTask A",
        "job work for A",
    ]


def test_a_parallel_multiple_event_waits_for_all() -> None:
    """Any order; each counts once."""
    both = '<signalEventDefinition signalRef="s"/><signalEventDefinition signalRef="t"/>'
    body = chain(f'<intermediateCatchEvent id="C" parallelMultiple="true">{both}</intermediateCatchEvent>')
    drive = Drive(body, ROOTS)
    drive.start()
    assert drive.send(commands.DeliverSignal("calm")) == []
    assert drive.send(commands.DeliverSignal("calm")) == []
    assert "completed C" in drive.send(commands.DeliverSignal("alarm"))


def test_a_multiple_event_waits_for_any() -> None:
    """The other wait is closed."""
    both = '<signalEventDefinition signalRef="s"/><signalEventDefinition signalRef="t"/>'
    drive = Drive(chain(f'<intermediateCatchEvent id="C">{both}</intermediateCatchEvent>'), ROOTS)
    drive.start()
    assert drive.send(commands.DeliverSignal("calm"))[:3] == [
        "subscription closed",
        "subscription closed",
        "completed C",
    ]


def test_a_message_end_event_publishes() -> None:
    """With Camunda 8's publishing attributes and the variables of the input mappings."""
    body = (
        '<startEvent id="start"/><endEvent id="end"><extensionElements>'
        '<zeebe:publishMessage correlationKey="=customer" messageId="m1" timeToLive="PT1M"/>'
        '<zeebe:ioMapping><zeebe:input source="=1" target="x"/></zeebe:ioMapping></extensionElements>'
        f"{MESSAGE}</endEvent>" + flow("start", "end")
    )
    happened = Drive(body, ROOTS).start(customer="c")
    assert "published news c x=1" in happened


def test_start_triggers_tell_how_a_process_can_start() -> None:
    """By message: the token appears at the named event, and its output mappings apply."""
    body = (
        f'<startEvent id="start"/><startEvent id="by">{MESSAGE}</startEvent>'
        + job("A")
        + flow("start", "A")
        + flow("by", "A")
    )
    drive = Drive(body, ROOTS)
    assert [(trigger.element_id, trigger.kind.value, trigger.name) for trigger in drive.program.start_triggers] == [
        ("start", "none", None),
        ("by", "message", "news"),
    ]
    assert drive.start("by", x=1)[:4] == ["started P x=1", "activated startEvent by", "completed by", "flow by-A"]


def test_a_cycle_sends_a_token_each_time_it_comes_due() -> None:
    """The catch event itself completes with the last."""
    cycle = '<timerEventDefinition><timeCycle xsi:type="tFormalExpression">R2/PT1S</timeCycle></timerEventDefinition>'
    drive = Drive(chain(f'<intermediateCatchEvent id="C">{cycle}</intermediateCatchEvent>', job("A")))
    drive.start()
    assert drive.fire("C")[:2] == ["timer C 05 09:00:02", "flow C-A"]
    assert drive.fire("C")[:2] == ["completed C", "flow C-A"]
    assert drive.live == ["A", "A"]


def test_a_receive_task_after_an_event_based_gateway_is_done_when_its_message_comes() -> None:
    """The same as a message event there."""
    body = (
        '<startEvent id="start"/><eventBasedGateway id="G"/><receiveTask id="R" messageRef="m"/>'
        f'<intermediateCatchEvent id="T">{TIMER}</intermediateCatchEvent>'
        + flow("start", "G")
        + flow("G", "R")
        + flow("G", "T")
    )
    drive = Drive(body, ROOTS)
    drive.start()
    assert drive.deliver("R", x=1)[2:] == [
        "completed G",
        "flow G-R",
        "activated receiveTask R",
        "set process x=1",
        "completed R",
        "instance completed x=1",
    ]


def test_a_condition_after_an_event_based_gateway() -> None:
    """It decides when it becomes true."""
    condition = (
        '<conditionalEventDefinition><condition xsi:type="tFormalExpression">=x</condition>'
        "</conditionalEventDefinition>"
    )
    body = (
        '<startEvent id="start"/><eventBasedGateway id="G"/>'
        f'<intermediateCatchEvent id="C">{condition}</intermediateCatchEvent>'
        f'<intermediateCatchEvent id="T">{TIMER}</intermediateCatchEvent>'
        + flow("start", "G")
        + flow("G", "C")
        + flow("G", "T")
    )
    drive = Drive(body)
    drive.start(x=False)
    assert drive.send(commands.SetVariables({"x": True}))[:4] == [
        "set process x=true",
        "timer cancelled",
        "completed G",
        "flow G-C",
    ]


def test_an_instantiating_event_based_gateway_has_a_trigger_for_each_event() -> None:
    """The instance begins at the event that happened."""
    body = (
        '<eventBasedGateway id="G" instantiate="true"/><receiveTask id="R" messageRef="m"/>'
        '<intermediateCatchEvent id="S"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>'
        + job("A")
        + flow("G", "R")
        + flow("G", "S")
        + flow("S", "A")
    )
    drive = Drive(body, ROOTS)
    assert [(each.element_id, each.kind.value, each.name) for each in drive.program.start_triggers] == [
        ("R", "message", "news"),
        ("S", "signal", "alarm"),
    ]
    assert drive.start("S", x=1)[:4] == [
        "started P x=1",
        "activated intermediateCatchEvent S",
        "completed S",
        "flow S-A",
    ]
