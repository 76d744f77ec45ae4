"""What is stored of an instance."""

import pytest

from app import engine, feel
from app.engine import commands
from app.engine.simulation import NoDecisions
from app.errors import Conflict
from tests.engine.driving import Drive, chain, flow, job


def loop(turns: int) -> Drive:
    """An instance that has gone round a loop of jobs so many times."""
    body = (
        '<startEvent id="start"/><exclusiveGateway id="merge"/>'
        + job("A")
        + flow("start", "merge")
        + flow("merge", "A")
        + flow("A", "merge")
    )
    drive = Drive(body)
    drive.start()
    for _ in range(turns):
        drive.complete("A")
    return drive


def test_the_state_does_not_grow_with_the_history() -> None:
    """One live token, however long it has been going round."""
    short, long = loop(1).stored, loop(60).stored
    assert len(long) <= len(short) + 4  # ids have more digits


def test_the_state_does_not_contain_the_specification() -> None:
    """A large process with one live token is stored like a small one."""
    small = Drive(chain(job("t0")))
    large = Drive(chain(*(job(f"t{number}") for number in range(200))))
    small.start()
    large.start()
    assert small.stored == large.stored


def test_a_finished_instance_keeps_its_variables_and_no_token() -> None:
    """It can be loaded, and refuses every command."""
    drive = Drive(chain(job("A")))
    drive.start(x=1)
    drive.complete("A")
    assert drive.live == []
    assert drive.variables == {"x": 1}
    with pytest.raises(Conflict, match="running"):
        drive.send(commands.SetVariables({"x": None}))


def test_a_state_of_a_later_release_is_refused() -> None:
    """Instead of being misread."""
    drive = Drive(chain(job("A")))
    state = feel.json_loads(drive.stored)
    assert isinstance(state, dict)
    with pytest.raises(ValueError, match="Upgrade"):
        engine.Instance.load(drive.program, {**state, "version": 99}, NoDecisions())


def test_an_instance_starts_once() -> None:
    """And nothing else comes before its start."""
    drive = Drive(chain(job("A")))
    with pytest.raises(Conflict):
        drive.send(commands.CancelInstance())
    drive.start()
    with pytest.raises(Conflict):
        drive.start()


def test_thousands_of_tokens_nest_and_end_without_recursion() -> None:
    """A chain of 2,000 tasks, and 60 subprocesses in one another."""
    drive = Drive(chain(*(f'<task id="t{number}"/>' for number in range(2_000))))
    assert drive.start()[-1] == "instance completed"
    nested = job("A")
    for depth in range(60):
        nested = f'<subProcess id="s{depth}">{nested}</subProcess>'
    drive = Drive(chain(nested))
    drive.start()
    assert len(drive.live) == 61
    assert drive.complete("A")[-1] == "instance completed"


def test_commands_for_what_is_not_open_are_refused() -> None:
    """Each kind by its name, and nothing has changed."""
    drive = Drive(chain(job("A")))
    drive.start()
    before = drive.stored
    for command in (
        commands.CompleteJob("x"),
        commands.CompleteUserTask("x"),
        commands.FireTimer("x"),
        commands.DeliverMessage("x"),
        commands.ResolveIncident("x"),
        commands.CompleteCalledInstance("x"),
        commands.SetVariables({}, "x"),
        commands.CancelElement("x"),
    ):
        with pytest.raises(Conflict, match="is not"):
            drive.send(command)
    with pytest.raises(Conflict, match="did not"):
        drive.send(commands.CompleteCalledInstance(drive.instance().live()[0].element_instance_id))
    assert drive.stored == before


def test_a_signal_reaches_the_oldest_first_also_after_a_load() -> None:
    """An operator begins the first task again, so that the second is the older; the tree says nothing of that."""
    signal = '<signalEventDefinition signalRef="s"/>'
    scopes = "".join(
        f'<subProcess id="{name}">{job(f"{name}-job")}'
        f'<boundaryEvent id="{name}-edge" attachedToRef="{name}-job">{signal}</boundaryEvent></subProcess>'
        + flow("start", name)
        for name in ("one", "two")
    )
    drive = Drive(f'<startEvent id="start"/>{scopes}', '<signal id="s" name="alarm"/>')
    drive.start()
    first = next(each for each in drive.instance().live() if each.element_id == "one-job")
    drive.send(commands.ActivateElement("one-job"))
    drive.send(commands.CancelElement(first.element_instance_id))
    happened = drive.send(commands.DeliverSignal("alarm"))
    assert [line for line in happened if line.startswith("cancelled")] == ["cancelled two-job", "cancelled one-job"]
