"""The body of a repeated activity and its instances are two things, and so are completing a scope and undoing it."""

import pytest

from app.engine import commands, events
from app.errors import Conflict
from tests.engine.driving import Drive, chain, extended, flow, job, mapping
from tests.engine.elements.test_compensation import COMPENSATE, undoable
from tests.engine.test_modification import at

THROW = f'<intermediateThrowEvent id="T">{COMPENSATE}</intermediateThrowEvent>'
CONDITION = '<completionCondition xsi:type="tFormalExpression">={}</completionCondition>'
REPEATED = {
    "parallel": '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">=2</loopCardinality>'
    "</multiInstanceLoopCharacteristics>",
    "sequential": '<multiInstanceLoopCharacteristics isSequential="true">'
    '<loopCardinality xsi:type="tFormalExpression">=2</loopCardinality></multiInstanceLoopCharacteristics>',
    "loop": '<standardLoopCharacteristics loopMaximum="2"/>',
}
repeated = pytest.mark.parametrize("loop", REPEATED.values(), ids=REPEATED)


def undone_by(job_name: str) -> str:
    """An event subprocess that starts by compensation."""
    return (
        f'<subProcess id="undoing" triggeredByEvent="true"><startEvent id="on">{COMPENSATE}</startEvent>'
        + job(job_name)
        + flow("on", job_name)
        + "</subProcess>"
    )


def complete_all(drive: Drive, element_id: str) -> int:
    """Complete the jobs of the element until none is open; how many there were."""
    number = 0
    while element_id in drive.live:
        done = {each.element_instance_id for each in drive.instance().live()}
        asked = next(
            event
            for event in drive.history
            if isinstance(event, events.JobRequested)
            and event.element_id == element_id
            and event.element_instance_id in done
        )
        drive.send(commands.CompleteJob(asked.job_id, {}))
        number += 1
    return number


def handled(drive: Drive, element_id: str) -> list[object]:
    """What the jobs of the element saw as `loopCounter`."""
    return [
        int(str(event.variables["loopCounter"]))
        for event in drive.history
        if isinstance(event, events.JobRequested) and event.element_id == element_id
    ]


@repeated
def test_each_instance_says_itself_how_it_is_undone(loop: str) -> None:
    """Its event subprocess sees the instance's variables, last instance first."""
    drive = Drive(chain(extended("subProcess", "sub", "", loop + job("A") + undone_by("H")), THROW))
    drive.start()
    assert complete_all(drive, "A") == 2
    assert complete_all(drive, "H") == 2
    assert sorted(handled(drive, "H")) == [1, 2]
    assert drive.status == "completed"


def cancelling(loop: str, *, boundary: bool) -> Drive:
    """A repeated transaction: undoable A, then B, then cancelled if `no`; "after" follows a success."""
    inside = (
        loop
        + '<startEvent id="in"/><exclusiveGateway id="decide" default="decide-ok"/><endEvent id="ok"/>'
        + '<endEvent id="cancel"><cancelEventDefinition/></endEvent>'
        + job("A")
        + job("B")
        + flow("in", "A")
        + flow("A", "B")
        + flow("B", "decide")
        + flow("decide", "ok")
        + flow("decide", "cancel", "no")
        + undoable("A")
    )
    edge = '<boundaryEvent id="edge" attachedToRef="tx"><cancelEventDefinition/></boundaryEvent>' + job("cancelled")
    body = chain(f'<transaction id="tx">{inside}</transaction>', job("after"))
    drive = Drive(body + (edge + flow("edge", "cancelled") if boundary else ""))
    drive.start(no=False)
    return drive


@repeated
def test_a_repeated_transaction_is_cancelled_as_a_whole(loop: str) -> None:
    """What a completed instance did is undone, too; then the cancel event is followed, once."""
    drive = cancelling(loop, boundary=True)
    for element_id in ("A", "B", "A"):
        complete_first(drive, element_id)
    drive.send(commands.SetVariables({"no": True}))
    complete_first(drive, "B")
    assert complete_all(drive, "undo-A") == 2
    assert handled(drive, "undo-A") == [2, 1]
    assert drive.live == ["cancelled"]


def test_what_other_instances_have_done_so_far_is_undone() -> None:
    """They are cancelled by the one that cancels."""
    drive = cancelling(REPEATED["parallel"], boundary=True)
    complete_all(drive, "A")
    drive.send(commands.SetVariables({"no": True}))
    complete_first(drive, "B")
    assert "B" not in drive.live
    assert complete_all(drive, "undo-A") == 2
    assert handled(drive, "undo-A") == [1, 2]
    assert drive.live == ["cancelled"]


def open_jobs(drive: Drive) -> list[str]:
    live = {each.element_instance_id for each in drive.instance().live()}
    return [e.job_id for e in drive.history if isinstance(e, events.JobRequested) and e.element_instance_id in live]


def complete_first(drive: Drive, element_id: str) -> None:
    open_now = open_jobs(drive)
    asked = [e for e in drive.history if isinstance(e, events.JobRequested) and e.job_id in open_now]
    drive.send(commands.CompleteJob(next(e.job_id for e in asked if e.element_id == element_id), {}))


def test_without_a_cancel_event_one_instance_is_undone_and_the_others_go_on() -> None:
    """It counts as terminated."""
    drive = cancelling(REPEATED["parallel"], boundary=False)
    complete_all(drive, "A")
    drive.send(commands.SetVariables({"no": True}))
    drive.complete("B")
    drive.send(commands.SetVariables({"no": False}))
    assert complete_all(drive, "undo-A") == 1
    complete_all(drive, "B")
    assert drive.live == ["after"]


LISTENERS = (
    '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="hello"/>'
    '<zeebe:executionListener eventType="end" type="bye"/></zeebe:executionListeners>'
)
IO = f"<zeebe:ioMapping>{mapping('input', 'n', 'm')}{mapping('output', 'm', 'out')}</zeebe:ioMapping>"
COLLECTING = (
    '<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1]" '
    'inputElement="i" outputCollection="out" outputElement="=1"/></extensionElements>'
    "</multiInstanceLoopCharacteristics>"
)
SCOPES = {
    "subprocess with mappings": ("subProcess", IO, ""),
    "subprocess with listeners": ("subProcess", LISTENERS, ""),
    "multi-instance": ("subProcess", "", COLLECTING),
    "multi-instance with listeners": ("subProcess", LISTENERS, COLLECTING),
    "ad-hoc": ("adHocSubProcess", '<zeebe:adHoc outputCollection="out" outputElement="=1"/>', ""),
}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_that_is_opened_to_be_undone_neither_begins_nor_completes(scope: str) -> None:
    """No listener is called, no mapping applied, no output written back; only the handler runs."""
    tag, extensions, loop = SCOPES[scope]
    drive = Drive(chain(extended(tag, "sub", extensions, loop + job("A") + undoable("A")), job("B"), THROW))
    drive.start(n=1)
    while "B" not in drive.live:
        drive.complete(next(name for name in reversed(drive.live) if name in ("A", "sub")))
    drive.send(commands.SetVariables({"out": "changed since", "n": 2}))
    drive.complete("B")
    assert drive.live[-1] == "undo-A"
    drive.complete("undo-A")
    assert (drive.status, drive.variables["out"]) == ("completed", "changed since")


def test_what_an_event_subprocess_did_is_undone_and_not_done_again() -> None:
    """It is a subprocess that has completed, like any other."""
    handler = (
        '<subProcess id="handler" triggeredByEvent="true"><startEvent id="on" isInterrupting="false">'
        '<signalEventDefinition signalRef="s"/></startEvent>'
        + job("H")
        + flow("on", "H")
        + undoable("H")
        + "</subProcess>"
    )
    drive = Drive(chain(job("A"), THROW) + handler, '<signal id="s" name="alarm"/>')
    drive.start()
    drive.send(commands.DeliverSignal("alarm"))
    drive.complete("H")
    drive.complete("A")
    assert drive.live == ["T", "handler", "undo-H"]
    drive.complete("undo-H")
    assert drive.status == "completed"


def test_a_handler_that_an_operator_cancels_is_done_for_the_throw_event() -> None:
    """The next handler follows."""
    drive = Drive(chain(job("A"), job("B"), THROW) + undoable("A") + undoable("B"))
    drive.start()
    drive.complete("A")
    drive.complete("B")
    drive.send(commands.CancelElement(at(drive, "undo-B")))
    assert drive.live == ["T", "undo-A"]
    drive.send(commands.CancelElement(at(drive, "undo-A")))
    assert drive.status == "completed"


def test_a_throw_event_that_is_cancelled_leaves_the_rest_to_be_undone() -> None:
    """By whoever compensates next. The handler that runs is left alone."""
    drive = Drive(chain(job("A"), job("B"), THROW, job("C")) + undoable("A") + undoable("B"))
    drive.start()
    drive.complete("A")
    drive.complete("B")
    drive.send(commands.CancelElement(at(drive, "T")))
    assert drive.live == ["undo-B"]
    drive.send(commands.ActivateElement("T"))
    assert sorted(drive.live) == ["T", "undo-A", "undo-B"]


@pytest.mark.parametrize("terminated", [0, 1])
def test_an_instance_that_an_operator_cancels_is_terminated(terminated: int) -> None:
    """Not completed: the completion condition tells them apart, and no output is collected."""
    condition = CONDITION.format(f"numberOfTerminatedInstances = {terminated} and numberOfCompletedInstances = 1")
    loop = COLLECTING.replace("[1]", "[1,2,3]").replace("</multi", f"{condition}</multi")
    drive = Drive(chain(job("A", inside=loop), job("B")))
    drive.start()
    drive.send(commands.CancelElement(drive.instance().live()[1].element_instance_id))
    assert drive.live == ["A", "A", "A"]
    drive.complete("A")
    assert drive.live == (["B"] if terminated else ["A", "A"])
    if terminated:
        assert drive.variables["out"] == [None, None, 1]


@repeated
def test_when_an_operator_cancels_instances_the_activity_comes_to_its_end(loop: str) -> None:
    """One after the other: what is left goes on, and after the last the activity is left."""
    drive = Drive(chain(job("A", inside=loop), job("B")))
    drive.start()
    drive.send(commands.CancelElement(drive.instance().live()[1].element_instance_id))
    assert drive.live == ["A", "A"]
    drive.complete("A")
    assert drive.live == ["B"]
    drive = Drive(chain(job("A", inside=loop), job("B")))
    drive.start()
    for _ in range(2):
        drive.send(commands.CancelElement(drive.instance().live()[1].element_instance_id))
    assert drive.live == ["B"]


def test_an_element_that_an_operator_cancels_puts_nothing_out() -> None:
    """An inner instance of an ad-hoc subprocess that is cancelled as a whole."""
    adhoc = '<zeebe:adHoc outputCollection="out" outputElement="=1"/>'
    drive = Drive(chain(extended("adHocSubProcess", "sub", adhoc, job("A") + job("B"))))
    drive.start()
    drive.send(commands.CancelElement(drive.instance().live()[1].element_instance_id))
    drive.complete("B")
    assert (drive.status, drive.variables["out"]) == ("completed", [1])


def test_nobody_can_ask_for_an_instance_as_if_it_were_an_element() -> None:
    """The names of bodies' instances are the engine's own."""
    drive = Drive(chain(job("A", inside=REPEATED["parallel"]), extended("adHocSubProcess", "sub", "", job("B"))))
    drive.start()
    for name in ("A#instance", "sub#inner"):
        with pytest.raises(Conflict, match="is none"):
            drive.send(commands.ActivateElement(name))


@repeated
def test_a_repeated_receive_task_receives_a_message_for_each_instance(loop: str) -> None:
    """Each instance waits by itself, under the element's id."""
    receive = f'<receiveTask id="R" messageRef="m">{loop}</receiveTask>'
    drive = Drive(chain(receive, job("B")), '<message id="m" name="news"/>')
    drive.start()
    for number in range(2):
        opened = [event for event in drive.history if isinstance(event, events.SubscriptionOpened)]
        drive.send(commands.DeliverMessage(opened[number].subscription_id))
    assert drive.live == ["B"]
