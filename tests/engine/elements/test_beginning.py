"""A scope begins once, whatever runs inside it already, and not at all where something else has taken its place.

Before it begins, an event subprocess whose condition holds at once can run in it, and what an operator put there.
"""

import pytest

from app.engine import commands
from app.errors import Conflict
from tests.engine.driving import Drive, chain, extended, flow, job, mapping

HOLDS = (
    "<conditionalEventDefinition>"
    '<condition xsi:type="tFormalExpression">=amount &gt; 10</condition></conditionalEventDefinition>'
)
LOOP = (
    '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">=1</loopCardinality>'
    "</multiInstanceLoopCharacteristics>"
)


def watcher(name: str, inside: str = "", *, interrupting: bool = False) -> str:
    """An event subprocess for large amounts; `inside` beside its job."""
    return (
        f'<subProcess id="{name}" triggeredByEvent="true"><startEvent id="{name}-on" '
        f'isInterrupting="{str(interrupting).lower()}">{HOLDS}</startEvent>{job(f"{name}-job")}'
        f"{flow(f'{name}-on', f'{name}-job')}{inside}</subProcess>"
    )


def embedded(inside: str, extensions: str = "") -> str:
    """A subprocess without start event: it begins with the job A."""
    return chain(extended("subProcess", "sub", extensions, job("A") + inside))


INPUT = f"<zeebe:ioMapping>{mapping('input', '50', 'amount')}</zeebe:ioMapping>"
LEVELS = {
    "process": chain(job("A")) + watcher("w"),
    "subprocess": embedded(watcher("w")),
    "subprocess whose input mapping makes it true": embedded(watcher("w"), INPUT),
    "instance of a multi-instance": embedded(LOOP + watcher("w")),
    "ad-hoc": chain(extended("adHocSubProcess", "sub", "", job("A") + watcher("w"))),
    "sequential ad-hoc": chain(extended("adHocSubProcess", "sub", "", job("A") + watcher("w"), ordering="Sequential")),
}


@pytest.mark.parametrize("level", LEVELS)
def test_a_condition_that_holds_at_once_does_not_replace_the_beginning(level: str) -> None:
    """Both run, and the scope waits for both."""
    drive = Drive(LEVELS[level])
    drive.start(amount=50)
    assert {"A", "w-job"} <= set(drive.live)
    drive.complete("A")
    assert drive.status == "running"
    drive.complete("w-job")
    assert drive.status == "completed"


@pytest.mark.parametrize("level", LEVELS)
def test_a_condition_that_interrupts_at_once_does(level: str) -> None:
    """Nothing of the scope itself is ever begun, not when the event subprocess is done either."""
    drive = Drive(LEVELS[level].replace('isInterrupting="false"', 'isInterrupting="true"'))
    drive.start(amount=50)
    assert "A" not in drive.live
    drive.complete("w-job")
    assert drive.status == "completed"
    assert not [event for event in drive.history if getattr(event, "element_id", "") == "A"]


def test_an_event_subprocess_begins_beside_one_inside_it() -> None:
    """The inner condition holds as the outer event subprocess starts."""
    drive = Drive(chain(job("A")) + watcher("w", watcher("v")))
    drive.start(amount=50)
    assert sorted(drive.live) == ["A", "v", "v-job", "w", "w-job"]


def test_a_start_at_a_node_of_the_middle_is_no_beginning_either() -> None:
    """The token is at that node, beside the event subprocess."""
    drive = Drive(chain(job("A"), job("B")) + watcher("w"))
    drive.start("B", amount=50)
    assert sorted(drive.live) == ["B", "w", "w-job"]


def test_what_an_operator_opens_has_begun_although_its_condition_holds() -> None:
    """Only the element that was asked for runs, and the event subprocess."""
    inside = job("A") + job("B") + flow("A", "B") + watcher("w")
    drive = Drive(chain(job("first"), f'<subProcess id="sub">{inside}</subProcess>'))
    drive.start(amount=50)
    drive.send(commands.ActivateElement("B"))
    assert sorted(drive.live) == ["B", "first", "sub", "w", "w-job"]


def test_an_ad_hoc_subprocess_that_an_operator_opens_starts_nothing_else() -> None:
    """Neither its other elements nor, before that one is done, its job."""
    inside = job("A") + job("B")
    drive = Drive(chain(job("first"), extended("adHocSubProcess", "sub", "", inside)))
    drive.start()
    drive.send(commands.ActivateElement("B"))
    assert drive.live == ["first", "sub", "sub", "B"]
    asking = extended("adHocSubProcess", "sub", '<zeebe:taskDefinition type="ask"/>', inside)
    drive = Drive(chain(job("first"), asking))
    drive.start()
    assert not [line for line in drive.send(commands.ActivateElement("B")) if "ask for" in line]
    assert drive.complete("B")[-1].startswith("ad-hoc subprocess ask for sub")


def test_an_interrupted_ad_hoc_subprocess_starts_nothing_more() -> None:
    """What waited for its turn is not started when the event subprocess is done, and the job is asked no more."""
    inside = job("A") + job("B") + watcher("w", interrupting=True)
    drive = Drive(chain(extended("adHocSubProcess", "sub", "", inside, ordering="Sequential")))
    drive.start(amount=1)
    drive.send(commands.SetVariables({"amount": 50}))
    assert "B" not in drive.live
    assert "completed sub" in drive.complete("w-job")
    drive = Drive(chain(extended("adHocSubProcess", "sub", '<zeebe:taskDefinition type="ask"/>', inside)))
    drive.start(amount=1)
    assert "job cancelled" in drive.send(commands.SetVariables({"amount": 50}))
    assert "completed sub" in drive.complete("w-job")


def test_a_scope_that_ends_is_entered_no_more() -> None:
    """Its end listener is called when nothing is left inside, and no event gets in while it is."""
    listener = '<zeebe:executionListener eventType="end" type="bye"/>'
    drive = Drive(embedded(watcher("w"), f"<zeebe:executionListeners>{listener}</zeebe:executionListeners>"))
    drive.start(amount=1)
    drive.complete("A")
    drive.send(commands.SetVariables({"amount": 50}))
    assert drive.live == ["sub"]
    drive.complete("sub")
    assert drive.status == "completed"


def test_what_begins_as_the_last_token_leaves_is_done_before_the_scope_ends() -> None:
    """The result of the last job makes the condition true; the scope's variables are still there."""
    drive = Drive(embedded(watcher("w")))
    drive.start(amount=1)
    assert "completed sub" not in drive.complete("A", amount=50)
    assert drive.live == ["sub", "w", "w-job"]
    assert "completed sub" in drive.complete("w-job")


def test_an_operator_cannot_put_a_token_into_a_scope_that_ends() -> None:
    """Nobody would wait for it."""
    listener = '<zeebe:executionListener eventType="end" type="bye"/>'
    drive = Drive(embedded("", f"<zeebe:executionListeners>{listener}</zeebe:executionListeners>"))
    drive.start()
    drive.complete("A")
    with pytest.raises(Conflict, match="sub to go on, but it is at its end"):
        drive.send(commands.ActivateElement("A"))
    drive.complete("sub")
    assert drive.status == "completed"
