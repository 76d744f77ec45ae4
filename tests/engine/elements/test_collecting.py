"""What a repeated activity keeps of its items, places and outputs can be seen by everybody and changed by nobody."""

from decimal import Decimal

import pytest

from app import engine, feel
from app.engine import commands, events
from app.engine.simulation import NoDecisions
from app.errors import Conflict
from tests.engine.driving import Drive, chain, extended, job, script

SCRIBBLE: dict[str, dict[str, object]] = {
    "nothing": {},
    "the input collection": {"items": []},
    "a longer input collection": {"items": ["x"] * 9},
    "the output collection": {"results": []},
    "no list as output collection": {"results": "none"},
    "the counter": {"loopCounter": 3},
    "a counter beyond the end": {"loopCounter": 99},
    "no number as counter": {"loopCounter": "first"},
    "the item": {"item": "z"},
    "everything": {"items": None, "results": [1], "loopCounter": 0, "item": None},
}


def loop(*, sequential: bool, collection: str = "items", output: str = "results", condition: str = "") -> str:
    written = (
        f'<completionCondition xsi:type="tFormalExpression">={condition}</completionCondition>' if condition else ""
    )
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><extensionElements>'
        f'<zeebe:loopCharacteristics inputCollection="={collection}" inputElement="item" '
        f'outputCollection="{output}" outputElement="=result"/></extensionElements>{written}'
        "</multiInstanceLoopCharacteristics>"
    )


def answer(drive: Drive, activity: str, scribble: dict[str, object]) -> None:
    """Complete every instance in the order of the items, with its item in capitals and whatever else it brings."""
    done: set[str] = set()
    while drive.status == "running":
        asked = next(event for event in drive.history if wanted(event) and wanted(event) not in done)
        done.add(str(wanted(asked)))
        if isinstance(asked, events.JobRequested):
            brought = {**scribble, "result": str(asked.variables["item"]).upper()}
            drive.send(commands.CompleteJob(asked.job_id, brought))
        elif isinstance(asked, events.CalledInstanceRequested):
            brought = {**asked.variables, **scribble, "result": str(asked.variables["item"]).upper()}
            drive.send(commands.CompleteCalledInstance(asked.element_instance_id, brought))
    assert len(done) == 3, activity


def wanted(event: events.Event) -> str | None:
    match event:
        case events.JobRequested(job_id=job_id):
            return job_id
        case events.CalledInstanceRequested(element_instance_id=identifier):
            return identifier
    return None


@pytest.mark.parametrize("scribble", SCRIBBLE)
@pytest.mark.parametrize("sequential", [False, True], ids=["parallel", "sequential"])
@pytest.mark.parametrize("activity", ["job", "job in a subprocess", "called process"])
def test_whatever_an_instance_brings_the_outputs_are_those_of_the_items(
    activity: str, sequential: bool, scribble: str
) -> None:
    """A called process brings back all that it was given, the collection as it was then included."""
    inside = loop(sequential=sequential)
    element = {
        "job": job("A", inside=inside),
        "job in a subprocess": extended("subProcess", "A", "", inside + job("W")),
        "called process": extended("callActivity", "A", '<zeebe:calledElement processId="other"/>', inside),
    }[activity]
    drive = Drive(chain(element))
    drive.start(items=["a", "b", "c"])
    answer(drive, activity, SCRIBBLE[scribble])
    assert drive.variables["results"] == ["A", "B", "C"]


@pytest.mark.parametrize("sequential", [False, True], ids=["parallel", "sequential"])
def test_the_output_collection_may_have_the_name_of_the_input_collection(sequential: bool) -> None:
    """The items are those of before, and the outputs replace them at the end."""
    drive = Drive(chain(job("A", inside=loop(sequential=sequential, output="items"))))
    drive.start(items=["a", "b", "c"])
    answer(drive, "job", {})
    assert drive.variables["items"] == ["A", "B", "C"]


def test_the_collection_of_one_level_is_not_that_of_another() -> None:
    """A multi-instance in a multi-instance, both with the same names."""
    inner = extended(
        "subProcess", "inner", "", loop(sequential=False, collection="item") + script("S", "item + 1", "result")
    )
    drive = Drive(
        chain(extended("subProcess", "outer", "", loop(sequential=True).replace("=result", "=results") + inner))
    )
    drive.start(items=[[1, 2], [3]])
    assert drive.variables["results"] == [[2, 3], [4]]


def test_a_completion_condition_and_the_instances_see_what_is_collected() -> None:
    """As it is at that moment; what has seen it before keeps what it saw."""
    drive = Drive(chain(job("A", inside=loop(sequential=True, condition="results[1] = results[2]"))))
    drive.start(items=["a", "b", "c"])
    drive.complete("A", result=1)
    drive.complete("A", result=1)
    seen = [event.variables["results"] for event in drive.history if isinstance(event, events.JobRequested)]
    assert seen == [[None, None, None], [1, None, None]]
    assert (drive.status, drive.variables["results"]) == ("completed", [1, 1, None])


def test_what_is_seen_does_not_change_afterwards() -> None:
    """Within one command: the first script's view of the collection is not the second's."""
    seen = script("S", "count(results[item != null])", "result")
    drive = Drive(chain(extended("subProcess", "A", "", loop(sequential=True) + seen)))
    drive.start(items=["a", "b", "c"])
    assert drive.variables["results"] == [0, 1, 2]


def test_an_operator_cannot_set_what_only_shows() -> None:
    """A clear refusal, and nothing changes."""
    drive = Drive(chain(job("A", inside=loop(sequential=False))))
    drive.start(items=["a"])
    body = next(each for each in drive.instance().live() if each.element_type == "multiInstanceBody")
    with pytest.raises(Conflict, match='"results" shows what A has collected'):
        drive.send(commands.SetVariables({"results": []}, body.element_instance_id))


def test_simultaneous_scripts_of_an_ad_hoc_subprocess_do_not_mix() -> None:
    """Both answer in the same variable; each output is its own, also in each instance of a multi-instance."""
    adhoc = '<zeebe:adHoc outputCollection="rs" outputElement="=r"/>'
    both = script("S", "1", "r") + script("T", "2", "r")
    drive = Drive(chain(extended("adHocSubProcess", "A", adhoc, both)))
    drive.start()
    assert drive.variables == {"rs": [1, 2]}
    repeated = loop(sequential=False).replace("=result", "=rs").replace("result", "all")
    both = script("S", "item", "r") + script("T", "-item", "r")
    drive = Drive(chain(extended("adHocSubProcess", "A", adhoc, repeated + both)))
    drive.start(items=[1, 2])
    assert drive.variables["alls"] == [[1, -1], [2, -2]]


def test_a_collection_is_stored_once() -> None:
    """Twice as many items take twice as much, in the middle of a run and in parallel, and no more than two copies."""
    for sequential in (False, True):
        sizes = []
        for number in (100, 200):
            drive = Drive(chain(job("A", inside=loop(sequential=sequential))))
            drive.start(items=[f"item {position:010}" for position in range(number)])
            drive.complete("A", result="r" * 15)
            stored = drive.stored
            assert stored.count(f"item {number - 2:010}") <= 2, (
                sequential
            )  # the process's variable, and what is to come
            sizes.append(len(stored))
        assert sizes[1] < 2.1 * sizes[0]


def test_a_stored_state_is_not_written_to_by_the_instance_that_was_loaded_from_it() -> None:
    """Whoever keeps it can load it again."""
    drive = Drive(chain(script("S", "1", "x"), job("A", inside=loop(sequential=True))))
    drive.start(items=["a", "b"])
    stored = feel.json_loads(drive.stored)
    assert isinstance(stored, dict)
    before = feel.json_dumps(stored)
    instance = engine.Instance.load(drive.program, stored, NoDecisions())
    kept = instance.state()
    instance.handle(commands.CompleteJob(drive.job("A"), {"result": 1}), engine.Moment(drive.now, lambda: "new"))
    assert feel.json_dumps(stored) == before == feel.json_dumps(kept)


def test_too_many_instances_are_an_incident() -> None:
    """Not a worker without memory."""
    number = '<loopCardinality xsi:type="tFormalExpression">=n</loopCardinality>'
    body = f"<multiInstanceLoopCharacteristics>{number}</multiInstanceLoopCharacteristics>"
    drive = Drive(chain(job("A", inside=body)))
    assert "at most 100,000 instances, but found 1,000,000,000" in drive.start(n=Decimal(1_000_000_000))[-1]
