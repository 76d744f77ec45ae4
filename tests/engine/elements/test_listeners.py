"""Execution listeners: jobs around an element's life."""

import pytest

from app.engine import commands
from app.errors import ModelError
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


def test_a_listener_before_all_instances_runs_once() -> None:
    """On the body of a multi-instance activity; the others run for each instance."""
    listeners = (
        '<zeebe:executionListeners><zeebe:executionListener eventType="beforeAll" type="once"/>'
        '<zeebe:executionListener eventType="start" type="each"/></zeebe:executionListeners>'
    )
    loop = (
        '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">=2</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )
    drive = Drive(chain(extended("task", "A", listeners, loop)))
    assert drive.start()[-1] == "execution listener once for A"
    happened = drive.complete("A")
    assert [line for line in happened if "listener" in line] == [
        "execution listener each for A loopCounter=1",
        "execution listener each for A loopCounter=2",
    ]


def test_the_process_itself_may_have_listeners() -> None:
    """Before its first and after its last element."""
    listeners = LISTENERS.replace('<zeebe:executionListener eventType="start" type="second"/>', "")
    drive = Drive(f"<extensionElements>{listeners}</extensionElements>" + chain('<task id="A"/>'))
    assert drive.start() == ["started P", "execution listener first for P"]
    assert drive.complete("P")[-1] == "execution listener last for P"
    assert drive.complete("P") == ["instance completed"]


def test_a_process_may_have_listeners_for_its_cancellation() -> None:
    """After everything in it was cancelled, before the instance is; not when it completes."""
    listeners = (
        '<zeebe:executionListeners><zeebe:executionListener eventType="cancel" type="first"/>'
        '<zeebe:executionListener eventType="cancel" type="second"/></zeebe:executionListeners>'
    )
    body = f"<extensionElements>{listeners}</extensionElements>" + chain('<userTask id="A"/>')
    drive = Drive(body)
    drive.start()
    assert drive.send(commands.CancelInstance("enough")) == [
        "user task cancelled",
        "cancelled A",
        "execution listener first for P",
    ]
    assert drive.complete("P") == ["execution listener second for P"]
    assert drive.complete("P") == ["instance cancelled: enough"]
    other = Drive(body)
    other.start()
    assert other.complete_user_task("A")[-1] == "instance completed"


def test_a_listener_that_would_never_be_called_is_refused() -> None:
    """Camunda 8 knows cancel for processes only, and beforeAll for what is repeated."""
    for event_type in ("cancel", "beforeAll"):
        listener = (
            f'<zeebe:executionListeners><zeebe:executionListener eventType="{event_type}" type="x"/>'
            "</zeebe:executionListeners>"
        )
        with pytest.raises(ModelError, match=f'but found "{event_type}"'):
            Drive(chain(extended("task", "A", listener)))
