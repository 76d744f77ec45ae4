"""Execution listeners: jobs around an element's life."""

from app.engine import commands
from tests.engine.driving import Drive, chain, extended

LISTENERS = (
    '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="first"/>'
    '<zeebe:executionListener eventType="start" type="second"/>'
    '<zeebe:executionListener eventType="end" type="last"/></zeebe:executionListeners>'
)


def test_listeners_run_one_after_the_other_around_the_work() -> None:
    """Start listeners after the input mappings, end listeners after the output mappings."""
    task = extended("serviceTask", "A", f'<zeebe:taskDefinition type="work"/>{LISTENERS}')
    drive = Drive(chain(task))
    assert drive.start()[4:] == ["activated serviceTask A", "execution listener first for A"]
    assert drive.complete("A") == ["execution listener second for A"]
    assert drive.complete("A") == ["job work for A"]
    assert drive.complete("A", x=1) == ["set process x=1", "execution listener last for A x=1"]
    assert drive.complete("A")[0] == "completed A"


def test_a_listener_on_a_gateway_waits_too() -> None:
    """Any flow node can have them; an incident of its job requests the same job again."""
    drive = Drive(chain(extended("exclusiveGateway", "G", LISTENERS)))
    drive.start()
    drive.send(commands.RaiseIncident(drive.job("G"), "transient", "down"))
    assert drive.resolve() == ["incident resolved", "execution listener first for G"]
    for _ in range(3):
        drive.complete("G")
    assert drive.status == "completed"
