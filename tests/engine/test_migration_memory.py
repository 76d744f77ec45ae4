"""Migration looks at what a wait is and where it belongs, and takes along what elements remember of others by name."""

import pytest

from app import engine, feel
from app.engine import commands
from app.errors import Severity
from tests.engine.driving import Drive, chain, definitions, extended, flow, job
from tests.engine.elements.test_compensation import COMPENSATE, undoable
from tests.engine.test_modification import at

ROOTS = (
    '<message id="m" name="news"/><message id="n" name="other"/><signal id="s" name="alarm"/>'
    '<message id="k" name="key"/>'
)
MESSAGE = '<messageEventDefinition messageRef="m"/>'
OTHER = '<messageEventDefinition messageRef="n"/>'
SIGNAL = '<signalEventDefinition signalRef="s"/>'
TIMER = '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition>'
THROW = f'<intermediateThrowEvent id="T">{COMPENSATE}</intermediateThrowEvent>'


def edge(identifier: str, definition: str, activity: str = "A") -> str:
    return (
        f'<boundaryEvent id="{identifier}" attachedToRef="{activity}" cancelActivity="false">{definition}'
        f"</boundaryEvent>" + job(f"{identifier}-job") + flow(identifier, f"{identifier}-job")
    )


def beside(identifier: str, definition: str) -> str:
    start, task = f"{identifier}-on", f"{identifier}-job"
    return (
        f'<subProcess id="{identifier}" triggeredByEvent="true">'
        f'<startEvent id="{start}" isInterrupting="false">{definition}</startEvent>{job(task)}{flow(start, task)}'
        "</subProcess>"
    )


def moved(drive: Drive, body: str, **mapping: str) -> engine.Migration:
    """Migrate, and on success let the drive go on with the other version."""
    target = engine.compile(definitions(body, ROOTS), "P")
    state = feel.json_loads(drive.stored)
    assert isinstance(state, dict)
    migration = engine.migrate(state, drive.program, target, mapping)
    if migration.state is not None:
        drive.program, drive.stored = target, feel.json_dumps(migration.state)
    return migration


def refusals(migration: engine.Migration) -> list[str]:
    """The messages; every one has a remedy, and names an element."""
    assert all(problem.remedy and problem.element_id for problem in migration.problems)
    return [problem.message for problem in migration.problems if problem.severity is Severity.ERROR]


def warnings(migration: engine.Migration) -> list[str]:
    return [problem.element_id or "" for problem in migration.problems if problem.severity is Severity.WARNING]


TWO = chain(job("A"), job("B"))
WAITS = {
    "gone": (TWO, {}, 'Expected the event "e"'),
    "at another activity": (TWO + edge("e", MESSAGE, "B"), {}, "e to be an event of A"),
    "of another kind": (TWO + edge("e", TIMER), {}, "to wait for a message, but in the other version it is a timer"),
    "no event": (TWO, {"e": "B"}, "B to be an event of A"),
    "an event that waits for nothing": (
        TWO + edge("e", "<errorEventDefinition/>").replace('cancelActivity="false"', ""),
        {},
        "it is nothing",
    ),
}


@pytest.mark.parametrize("case", WAITS)
def test_a_wait_needs_an_event_of_its_kind_at_the_same_place(case: str) -> None:
    """Anything else would be triggered by what is waited for, or never."""
    body, mapping, expected = WAITS[case]
    drive = Drive(TWO + edge("e", MESSAGE), ROOTS)
    drive.start()
    (message,) = refusals(moved(drive, body, **mapping))
    assert expected in message


def test_the_remedy_for_a_wait_can_be_followed() -> None:
    """Move the token of the activity that the event belonged to, then migrate."""
    drive = Drive(TWO + edge("e", MESSAGE), ROOTS)
    drive.start()
    (problem,) = moved(drive, TWO).problems
    assert problem.remedy == "Map e to an event of the same kind there, or move the token of A first."
    drive.send(commands.ActivateElement("B"))
    drive.send(commands.CancelElement(at(drive, "A")))
    assert moved(drive, TWO).problems == ()


def test_an_event_may_be_renamed_with_its_activity_and_then_happens_there() -> None:
    """A boundary event, an event subprocess of the process, and one inside."""
    body = chain(job("A"), job("B")) + edge("e", MESSAGE) + beside("w", SIGNAL)
    drive = Drive(body, ROOTS)
    drive.start()
    renamed = body.replace('"A"', '"Z"').replace("start-A", "start-Z").replace("A-B", "Z-B").replace('"e"', '"f"')
    assert moved(drive, renamed.replace('"w-on"', '"v-on"'), **{"A": "Z", "e": "f", "w-on": "v-on"}).problems == ()
    drive.deliver("e")
    drive.send(commands.DeliverSignal("alarm"))
    assert sorted(drive.live) == ["Z", "e-job", "w", "w-job"]


@pytest.mark.parametrize(
    ("source", "target", "new"),
    [
        (TWO, TWO + edge("e", MESSAGE), ["e"]),
        (TWO, TWO + beside("w", SIGNAL), ["w-on"]),
        (TWO + edge("e", MESSAGE), TWO + edge("e", MESSAGE) + edge("f", SIGNAL), ["f"]),
        (TWO + edge("e", MESSAGE), TWO + edge("e", OTHER), ["e"]),
        (TWO, TWO + edge("e", MESSAGE, "B"), []),
    ],
    ids=["the first boundary event", "an event subprocess", "one more", "another message", "further on"],
)
def test_an_event_that_is_not_waited_for_is_warned_of(source: str, target: str, new: list[str]) -> None:
    """It is not opened; what is further on is opened when a token comes."""
    drive = Drive(source, ROOTS)
    drive.start()
    migration = moved(drive, target)
    assert (warnings(migration), refusals(migration)) == (new, [])


def test_an_event_that_is_over_is_not_new() -> None:
    """Its timer has fired once and for all, under its old name."""
    drive = Drive(TWO + edge("e", TIMER), ROOTS)
    drive.start()
    drive.fire("e")
    drive.complete("e-job")
    assert moved(drive, TWO + edge("f", TIMER).replace("f-job", "e-job"), e="f").problems == ()


def test_what_has_been_done_can_be_undone_under_new_names() -> None:
    """The activity and its handler are renamed after the activity has completed; so is a subprocess with its own."""
    before = chain(
        job("A"), f'<subProcess id="sub">{job("B")}{undoable("B")}</subProcess>', job("C"), THROW
    ) + undoable("A")
    after = before.replace("undo-A", "redo-A").replace("undo-B", "redo-B").replace('"sub"', '"part"')
    after = after.replace("A-sub", "A-part").replace("sub-C", "part-C")
    drive = Drive(before, ROOTS)
    drive.start()
    drive.complete("A")
    drive.complete("B")
    assert [message[:30] for message in refusals(moved(drive, after))] == [
        'Expected the handler "undo-A",',
        'Expected the subprocess "sub",',
        'Expected the handler "undo-B",',
    ]
    assert moved(drive, after, **{"undo-A": "redo-A", "undo-B": "redo-B", "sub": "part"}).problems == ()
    drive.complete("C")
    assert drive.live == ["T", "part", "redo-B"]
    drive.complete("redo-B")
    drive.complete("redo-A")
    assert drive.status == "completed"


def test_compensation_under_way_goes_on_under_new_names() -> None:
    """The handler that runs and the one that is still to come."""
    before = chain(job("A"), job("B"), THROW) + undoable("A") + undoable("B")
    after = before.replace("undo-", "redo-")
    drive = Drive(before, ROOTS)
    drive.start()
    drive.complete("A")
    drive.complete("B")
    assert moved(drive, after, **{"undo-A": "redo-A", "undo-B": "redo-B"}).problems == ()
    drive.send(commands.CompleteJob(drive.job("undo-B")))
    drive.complete("redo-A")
    assert drive.status == "completed"


@pytest.mark.parametrize("handler", ["C", "undo-D"])
def test_a_handler_moves_to_a_handler_of_the_same_scope(handler: str) -> None:
    """Not to any task, and not to one inside a subprocess."""
    inside = f'<subProcess id="sub">{job("D")}{undoable("D")}</subProcess>'
    body = chain(job("A"), job("C"), inside, THROW) + undoable("A")
    drive = Drive(body, ROOTS)
    drive.start()
    drive.complete("A")
    (message,) = refusals(moved(drive, body, **{"undo-A": handler}))
    assert ("to undo an activity" if handler == "C" else "in the scope where the work was done") in message


def test_what_an_ad_hoc_subprocess_has_to_start_goes_along() -> None:
    """Sequentially: the next is started by its new name; one that is not there is refused."""
    before = chain(extended("adHocSubProcess", "sub", "", job("A") + job("B"), ordering="Sequential"))
    after = before.replace('"B"', '"Z"')
    drive = Drive(before, ROOTS)
    drive.start()
    assert refusals(moved(drive, after)) == ['Expected "B", which is to be started, in sub, but it is not.']
    assert moved(drive, after, B="Z").problems == ()
    drive.complete("A")
    assert drive.live == ["sub", "sub", "Z"]


def test_an_instance_that_has_not_begun_begins_under_the_new_name() -> None:
    """It was started at a node, and a start listener of the process is being called."""
    listener = (
        '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="hello"/></zeebe:executionListeners>'
    )
    before = f"<extensionElements>{listener}</extensionElements>{TWO}"
    after = before.replace('"B"', '"Z"').replace("A-B", "A-Z").replace("B-end", "Z-end")
    drive = Drive(before, ROOTS)
    drive.start("B")
    assert "where a token is about to begin" in refusals(moved(drive, after))[0]
    assert moved(drive, after, B="Z").problems == ()
    drive.complete("P")
    assert drive.live == ["Z"]


def test_an_event_that_waits_for_listeners_goes_on_under_the_new_name() -> None:
    """The task was interrupted, and its canceling listener is being called."""
    listener = '<zeebe:taskListener eventType="canceling" type="bye"/>'
    task = extended("userTask", "A", f"<zeebe:userTask/><zeebe:taskListeners>{listener}</zeebe:taskListeners>")
    before = chain(task) + edge("e", MESSAGE).replace('cancelActivity="false"', "")
    after = before.replace('"e"', '"f"')
    drive = Drive(before, ROOTS)
    drive.start()
    drive.deliver("e")
    assert "about to go on" in refusals(moved(drive, after))[-1]
    assert moved(drive, after, e="f").problems == ()
    drive.complete("A")
    assert drive.live == ["e-job"]


def test_what_has_come_of_an_event_that_needs_several_is_kept() -> None:
    """By position: the other event has to need as many."""
    both = edge("e", SIGNAL + MESSAGE).replace(
        'cancelActivity="false"', 'cancelActivity="false" parallelMultiple="true"'
    )
    drive = Drive(TWO + both, ROOTS)
    drive.start()
    drive.send(commands.DeliverSignal("alarm"))
    assert any("needs as many" in message for message in refusals(moved(drive, TWO + edge("e", MESSAGE))))
    assert moved(drive, TWO + both.replace('"e"', '"f"'), e="f").problems == ()
    drive.deliver("e")
    assert "e-job" in drive.live


def test_work_goes_on_where_it_is_done_in_the_same_way() -> None:
    """A job for a script is no script that is evaluated."""
    drive = Drive(
        chain('<scriptTask id="A"><extensionElements><zeebe:taskDefinition type="x"/></extensionElements></scriptTask>')
    )
    drive.start()
    evaluated = extended("scriptTask", "A", '<zeebe:script expression="=1" resultVariable="r"/>')
    assert refusals(moved(drive, chain(evaluated))) == ["Expected A to do its work in the same way, but it does not."]


def test_a_mapping_that_names_nothing_is_refused() -> None:
    """A misspelt id would be passed over; an element without a token may be named."""
    drive = Drive(TWO, ROOTS)
    drive.start()
    assert 'but found "X"' in refusals(moved(drive, TWO, X="A"))[0]
    assert moved(drive, TWO, B="B").problems == ()


def test_arrivals_at_a_join_move_with_their_flows() -> None:
    """Flows may be mapped, too."""
    body = (
        '<startEvent id="start"/><parallelGateway id="join"/>'
        + job("A")
        + job("B")
        + flow("start", "A")
        + flow("start", "B")
        + flow("A", "join")
        + flow("B", "join")
    )
    drive = Drive(body, ROOTS)
    drive.start()
    drive.complete("A")
    assert moved(drive, body.replace('id="A-join"', 'id="other"'), **{"A-join": "other"}).problems == ()
    drive.complete("B")
    assert drive.status == "completed"
