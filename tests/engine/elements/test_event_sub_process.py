"""Event subprocesses."""

from app.engine import commands
from tests.engine.driving import Drive, chain, flow, job

ROOTS = '<message id="m" name="news"/><error id="e" name="e" errorCode="BAD"/>'
TIMER = '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition>'
MESSAGE = '<messageEventDefinition messageRef="m"/>'
ERROR = '<errorEventDefinition errorRef="e"/>'


def beside(definition: str, *, interrupting: bool) -> str:
    """An event subprocess with job H."""
    flag = str(interrupting).lower()
    return (
        f'<subProcess id="handler" triggeredByEvent="true"><startEvent id="on" isInterrupting="{flag}">{definition}'
        f"</startEvent>{job('H')}{flow('on', 'H')}</subProcess>"
    )


def test_an_interrupting_event_cancels_the_rest_of_the_scope() -> None:
    """The exact events; the process completes with the event subprocess."""
    drive = Drive(chain(job("A")) + beside(TIMER, interrupting=True))
    assert drive.start()[:2] == ["started P", "timer on 05 10:00:00"]
    assert drive.fire("on") == [
        "job cancelled",
        "cancelled A",
        "activated eventSubProcess handler",
        "activated startEvent on",
        "completed on",
        "flow on-H",
        "activated serviceTask H",
        "job work for H",
    ]
    assert drive.complete("H") == ["completed H", "completed handler", "instance completed"]


def test_a_non_interrupting_event_runs_beside_and_can_come_again() -> None:
    """The scope completes when both are done."""
    drive = Drive(chain(job("A")) + beside(MESSAGE, interrupting=False), ROOTS)
    drive.start()
    drive.deliver("on", x=1)
    drive.deliver("on", x=2)
    assert drive.live == ["A", "handler", "H", "handler", "H"]
    drive.complete("A")
    assert drive.status == "running"


def test_a_waiting_event_subprocess_does_not_keep_the_process_open() -> None:
    """Its timer is cancelled when the process completes."""
    drive = Drive(chain(job("A")) + beside(TIMER, interrupting=False))
    drive.start()
    assert drive.complete("A")[-2:] == ["timer cancelled", "instance completed"]


def test_an_error_start_event_catches_for_its_scope() -> None:
    """An error is always interrupting, whatever the diagram says."""
    drive = Drive(chain(job("A"), job("B")) + beside(ERROR, interrupting=False), ROOTS)
    drive.start()
    assert drive.send(commands.ThrowError(drive.job("A"), "BAD"))[:3] == [
        "error BAD from A caught by on",
        "cancelled A",
        "activated eventSubProcess handler",
    ]
    assert drive.live == ["handler", "H"]


def test_an_error_inside_the_handler_is_not_caught_by_the_handler() -> None:
    """It climbs past it: nothing else catches, so it is an incident."""
    drive = Drive(chain(job("A")) + beside(ERROR, interrupting=True), ROOTS)
    drive.start()
    drive.send(commands.ThrowError(drive.job("A"), "BAD"))
    assert drive.send(commands.ThrowError(drive.job("H"), "BAD"))[-1].startswith("incident error at H")
