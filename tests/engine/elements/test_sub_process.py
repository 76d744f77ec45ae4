"""Embedded subprocesses: scopes, termination, errors and escalations from inside."""

from app.engine import commands
from tests.engine.driving import Drive, chain, flow, job

ROOTS = '<error id="e" name="e" errorCode="BAD"/><escalation id="s" name="s" escalationCode="LATE"/>'


def sub(inside: str, extensions: str = "") -> str:
    extra = f"<extensionElements>{extensions}</extensionElements>" if extensions else ""
    return f'<subProcess id="sub">{extra}{inside}</subProcess>'


def test_a_subprocess_completes_when_every_token_inside_is_done() -> None:
    """The exact events around and inside."""
    drive = Drive(chain(sub('<startEvent id="in"/>' + job("A") + flow("in", "A"))))
    assert drive.start()[4:] == [
        "activated subProcess sub",
        "activated startEvent in",
        "completed in",
        "flow in-A",
        "activated serviceTask A",
        "job work for A",
    ]
    assert drive.live == ["sub", "A"]
    assert drive.complete("A")[:4] == ["completed A", "completed sub", "flow sub-end", "activated endEvent end"]


def test_local_variables_of_a_subprocess_do_not_leave_it() -> None:
    """An input mapping makes a local variable that results inside update; an output mapping lets a value out."""
    io = (
        '<zeebe:ioMapping><zeebe:input source="=1" target="local"/>'
        '<zeebe:output source="=local + 1" target="outside"/></zeebe:ioMapping>'
    )
    drive = Drive(chain(sub('<startEvent id="in"/>' + job("A") + flow("in", "A"), io)))
    drive.start()
    assert "set local local=5" in drive.complete("A", local=5, fresh=1)
    assert drive.variables == {"fresh": 1, "outside": 6}


def test_a_terminate_end_event_ends_its_own_scope_only() -> None:
    """The other token inside is cancelled; the process goes on by the normal flow."""
    inside = (
        '<startEvent id="in"/><parallelGateway id="fork"/>'
        '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
        + job("A")
        + job("B")
        + flow("in", "fork")
        + flow("fork", "A")
        + flow("fork", "B")
        + flow("B", "stop")
    )
    drive = Drive(chain(sub(inside), job("C")))
    drive.start()
    assert drive.complete("B")[2:9] == [
        "activated endEvent stop",
        "job cancelled",
        "cancelled A",
        "completed stop",
        "completed sub",
        "flow sub-C",
        "activated serviceTask C",
    ]


def test_an_error_end_event_is_caught_on_the_boundary_of_its_subprocess() -> None:
    """Everything inside is cancelled, the end event that threw included."""
    inside = '<startEvent id="in"/><endEvent id="bad"><errorEventDefinition errorRef="e"/></endEvent>' + flow(
        "in", "bad"
    )
    body = (
        chain(sub(inside))
        + '<boundaryEvent id="edge" attachedToRef="sub"><errorEventDefinition errorRef="e"/></boundaryEvent>'
        + job("B")
        + flow("edge", "B")
    )
    assert Drive(body, ROOTS).start()[8:] == [
        "activated endEvent bad",
        "error BAD from bad caught by edge",
        "cancelled bad",
        "cancelled sub",
        "activated boundaryEvent edge",
        "completed edge",
        "flow edge-B",
        "activated serviceTask B",
        "job work for B",
    ]


def test_an_error_end_event_that_nothing_catches_fails_the_instance() -> None:
    """Every other token is cancelled; the instance is over."""
    inside = '<startEvent id="in"/><endEvent id="bad"><errorEventDefinition errorRef="e"/></endEvent>' + flow(
        "in", "bad"
    )
    drive = Drive(chain(sub(inside)), ROOTS)
    assert drive.start()[-4:] == [
        "error BAD from bad caught by None",
        "cancelled bad",
        "cancelled sub",
        "instance failed: BAD",
    ]
    assert drive.status == "failed"
    assert drive.live == []


def test_an_error_from_a_job_inside_climbs_to_the_next_catch() -> None:
    """Two levels up; both subprocesses are cancelled."""
    inner = '<subProcess id="inner"><startEvent id="deep"/>' + job("A") + flow("deep", "A") + "</subProcess>"
    body = (
        chain(sub('<startEvent id="in"/>' + inner + flow("in", "inner")))
        + '<boundaryEvent id="edge" attachedToRef="sub"><errorEventDefinition errorRef="e"/></boundaryEvent>'
        + job("B")
        + flow("edge", "B")
    )
    drive = Drive(body, ROOTS)
    drive.start()
    assert drive.send(commands.ThrowError(drive.job("A"), "BAD"))[:4] == [
        "error BAD from A caught by edge",
        "cancelled A",
        "cancelled inner",
        "cancelled sub",
    ]


def test_an_escalation_end_event_need_not_interrupt() -> None:
    """The subprocess completes and the boundary event's way is taken as well."""
    inside = (
        '<startEvent id="in"/><endEvent id="late"><escalationEventDefinition escalationRef="s"/></endEvent>'
        + flow("in", "late")
    )
    body = (
        chain(sub(inside))
        + '<boundaryEvent id="edge" attachedToRef="sub" cancelActivity="false">'
        + '<escalationEventDefinition escalationRef="s"/></boundaryEvent>'
        + job("B")
        + flow("edge", "B")
    )
    happened = Drive(body, ROOTS).start()
    assert "escalation LATE from late caught by edge" in happened
    assert "completed sub" in happened
    assert happened[-3:] == ["job work for B", "activated endEvent end", "completed end"]


def test_a_subprocess_without_a_start_event_starts_all_that_nothing_leads_to() -> None:
    """Implicit starts."""
    drive = Drive(chain(sub(job("A") + job("B"))))
    drive.start()
    assert drive.live == ["sub", "A", "B"]
