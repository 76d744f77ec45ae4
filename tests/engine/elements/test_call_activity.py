"""Call activities: instances of their own."""

from app.engine import commands
from app.engine.naming import NamedKind
from tests.engine.driving import Drive, chain, extended, flow, job, mapping

CALL = extended("callActivity", "C", '<zeebe:calledElement processId="other"/>')
ROOTS = '<error id="e" name="e" errorCode="BAD"/><escalation id="s" name="s" escalationCode="LATE"/>'


def called(drive: Drive) -> str:
    return drive.instance().live()[0].element_instance_id


def test_a_call_passes_variables_in_and_takes_them_back() -> None:
    """All of them by default."""
    drive = Drive(chain(CALL))
    assert drive.start(x=1)[-1] == "call other for C x=1"
    assert drive.send(commands.CompleteCalledInstance(called(drive), {"y": "b"}))[:2] == [
        'set process y="b"',
        "completed C",
    ]
    assert drive.program.names(NamedKind.PROCESS) == frozenset({"other"})


def test_without_propagation_only_the_mapped_variables_pass() -> None:
    """Inputs in, outputs out."""
    io = f"<zeebe:ioMapping>{mapping('input', 'x', 'in')}{mapping('output', 'out', 'y')}</zeebe:ioMapping>"
    element = (
        '<zeebe:calledElement processId="other" propagateAllParentVariables="false" '
        'propagateAllChildVariables="false"/>'
    )
    drive = Drive(chain(extended("callActivity", "C", element + io)))
    assert drive.start(x=1, z=2)[-1] == "call other for C in=1"
    drive.send(commands.CompleteCalledInstance(called(drive), {"out": "o", "more": "m"}))
    assert drive.variables == {"x": 1, "z": 2, "y": "o"}


def test_an_error_that_the_called_instance_did_not_catch_is_thrown_by_the_call() -> None:
    """A boundary event takes it; without one it is an incident, and resolving it calls again."""
    edge = '<boundaryEvent id="edge" attachedToRef="C"><errorEventDefinition errorRef="e"/></boundaryEvent>'
    drive = Drive(chain(CALL) + edge + job("B") + flow("edge", "B"), ROOTS)
    drive.start()
    assert drive.send(commands.FailCalledInstance(called(drive), "BAD"))[:3] == [
        "error BAD from C caught by edge",
        "cancelled C",
        "activated boundaryEvent edge",
    ]
    drive = Drive(chain(CALL), ROOTS)
    drive.start()
    assert drive.send(commands.FailCalledInstance(called(drive), "BAD", "lost")) == [
        "error BAD from C caught by None",
        'incident called element at C: Expected an event that catches the error "BAD" of the called process. lost',
    ]
    assert drive.resolve() == ["incident resolved", "call other for C"]


def test_a_call_that_cannot_be_made_is_an_incident_that_nothing_catches() -> None:
    """It is no error of the called process: a catch of every error stays out of it. Resolving it calls again."""
    edge = '<boundaryEvent id="edge" attachedToRef="C"><errorEventDefinition/></boundaryEvent>'
    drive = Drive(chain(CALL) + edge + job("B") + flow("edge", "B"))
    drive.start()
    assert drive.send(commands.RefuseCall(called(drive), "There is none.")) == [
        "incident called element at C: There is none."
    ]
    assert drive.resolve() == ["incident resolved", "call other for C"]


def test_whether_a_call_is_awaited_can_be_asked() -> None:
    """Until the called instance has ended or the call was left."""
    drive = Drive(chain(CALL, job("B")))
    drive.start()
    element_instance_id = called(drive)
    assert drive.instance().awaits_called(element_instance_id)
    drive.send(commands.CompleteCalledInstance(element_instance_id))
    assert not drive.instance().awaits_called(element_instance_id)
    assert not drive.instance().is_cancelling


def test_an_escalation_of_the_called_instance_reaches_the_boundary() -> None:
    """The called instance goes on."""
    edge = (
        '<boundaryEvent id="edge" attachedToRef="C" cancelActivity="false">'
        '<escalationEventDefinition escalationRef="s"/></boundaryEvent>'
    )
    drive = Drive(chain(CALL) + edge + job("B") + flow("edge", "B"), ROOTS)
    drive.start()
    drive.send(commands.EscalateCalledInstance(called(drive), "LATE"))
    assert drive.live == ["C", "B"]


def test_cancelling_the_caller_cancels_the_called_instance() -> None:
    """The runtime is told which."""
    drive = Drive(chain(CALL))
    drive.start()
    assert drive.send(commands.CancelInstance("enough")) == [
        "call cancelled",
        "cancelled C",
        "instance cancelled: enough",
    ]
    assert drive.status == "cancelled"
