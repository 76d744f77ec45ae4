"""Multi-instance activities."""

from app.engine import commands, events
from tests.engine.driving import Drive, chain, extended, flow, job

LOOP = (
    '<multiInstanceLoopCharacteristics isSequential="{sequential}"><extensionElements>'
    '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item" '
    'outputCollection="results" outputElement="=result"/></extensionElements>{condition}'
    "</multiInstanceLoopCharacteristics>"
)


def each(*, sequential: bool = False, condition: str = "") -> str:
    written = (
        f'<completionCondition xsi:type="tFormalExpression">={condition}</completionCondition>' if condition else ""
    )
    loop = LOOP.format(sequential=str(sequential).lower(), condition=written)
    return job("A", inside=loop)


def test_a_parallel_multi_instance_runs_once_for_each_item() -> None:
    """Each instance has its item, its number and its own output variable; the outputs keep the order of the items."""
    drive = Drive(chain(each()))
    assert drive.start(items=["a", "b"])[4:] == [
        "activated multiInstanceBody A",
        'set local loopCounter=1 result=null item="a"',
        'set local loopCounter=2 result=null item="b"',
        "activated serviceTask A",
        'job work for A items=["a","b"] results=[null,null] loopCounter=1 result=null item="a"',
        "activated serviceTask A",
        'job work for A items=["a","b"] results=[null,null] loopCounter=2 result=null item="b"',
    ]
    assert drive.complete("A", result="B") == ['set local result="B"', "completed A"]
    first = next(event for event in drive.history if isinstance(event, events.JobRequested))
    assert drive.send(commands.CompleteJob(first.job_id, {"result": "A"}))[:5] == [
        'set local result="A"',
        "completed A",
        'set process results=["A","B"]',
        "completed A",
        "flow A-end",
    ]


def test_a_sequential_multi_instance_runs_one_after_the_other() -> None:
    """One job at a time."""
    drive = Drive(chain(each(sequential=True)))
    drive.start(items=["a", "b", "c"])
    for result in (1, 2, 3):
        assert drive.live == ["A", "A"]
        drive.complete("A", result=result)
    assert drive.variables == {"items": ["a", "b", "c"], "results": [1, 2, 3]}
    assert drive.status == "completed"


def test_an_empty_collection_completes_at_once() -> None:
    """The output collection is empty too."""
    drive = Drive(chain(each()))
    drive.start(items=[])
    assert drive.variables == {"items": [], "results": []}


def test_a_completion_condition_cancels_the_rest() -> None:
    """It sees how many instances there are and how many are completed."""
    drive = Drive(chain(each(condition="numberOfCompletedInstances &gt;= 1")))
    drive.start(items=["a", "b"])
    assert drive.complete("A", result=9)[2:4] == ["job cancelled", "cancelled A"]
    assert drive.variables["results"] == [None, 9]


def test_a_collection_that_is_no_list_is_an_incident() -> None:
    """It names the expression."""
    drive = Drive(chain(each()))
    assert drive.start(items="x")[-1] == (
        'incident multi-instance at A: Expected a list as input collection, but the expression "=items" is x.'
    )


def test_a_boundary_event_belongs_to_the_body() -> None:
    """It cancels every instance."""
    timer = (
        '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition>'
    )
    body = (
        chain(each())
        + f'<boundaryEvent id="edge" attachedToRef="A">{timer}</boundaryEvent>'
        + job("B")
        + flow("edge", "B")
    )
    drive = Drive(body)
    drive.start(items=["a", "b"])
    assert drive.fire("edge")[:5] == ["job cancelled", "cancelled A", "job cancelled", "cancelled A", "cancelled A"]
    assert drive.live == ["B"]


def test_a_subprocess_can_be_repeated() -> None:
    """Each has a scope of its own."""
    loop = LOOP.format(sequential="false", condition="")
    inside = loop + '<startEvent id="in"/>' + job("W") + flow("in", "W")
    drive = Drive(chain(extended("subProcess", "A", "", inside)))
    drive.start(items=["a", "b"])
    drive.complete("W", result="second")
    assert drive.live == ["A", "A", "W"]


def test_a_standard_loop_repeats_while_its_condition_holds() -> None:
    """At least once unless it tests before; no more than its maximum."""
    loop = (
        '<standardLoopCharacteristics testBefore="{before}" loopMaximum="3">'
        '<loopCondition xsi:type="tFormalExpression">=again</loopCondition></standardLoopCharacteristics>'
    )
    drive = Drive(chain(job("A", inside=loop.format(before="false"))))
    drive.start(again=False)
    drive.complete("A", again=True)
    drive.complete("A")
    assert drive.status == "running"
    drive.complete("A")
    assert drive.status == "completed"
    drive = Drive(chain(job("A", inside=loop.format(before="true"))))
    drive.start(again=False)
    assert drive.status == "completed"


SIGNALS = '<signal id="s" name="done"/>'
THROWN = '<signalEventDefinition id="thrown" signalRef="s"/>'


def behaving(attributes: str, inside: str = "") -> str:
    """Three jobs one after the other, with a signal boundary event that leads to B."""
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="true" {attributes}>'
        f'<loopCardinality xsi:type="tFormalExpression">=3</loopCardinality>{inside}</multiInstanceLoopCharacteristics>'
    )
    edge = '<boundaryEvent id="edge" attachedToRef="A"><signalEventDefinition signalRef="s"/></boundaryEvent>'
    return chain(job("A", inside=loop)) + edge + job("B") + flow("edge", "B")


def test_behavior_none_throws_at_every_completion_and_one_at_the_first() -> None:
    """The activity's own boundary event catches what it throws without being interrupted by it."""
    for attributes, expected in (
        ('behavior="None" noneBehaviorEventRef="thrown"', 3),
        ('behavior="One" oneBehaviorEventRef="thrown"', 1),
    ):
        drive = Drive(behaving(attributes), SIGNALS + THROWN)
        drive.start()
        for _ in range(3):
            drive.complete("A")
        assert drive.live == ["B"] * expected


def test_a_complex_behavior_whose_condition_holds_throws_and_cancels_the_rest() -> None:
    """And the activity completes."""
    inside = (
        "<complexBehaviorDefinition><condition>=numberOfCompletedInstances = 2</condition>"
        f"<event>{THROWN}</event></complexBehaviorDefinition>"
    )
    drive = Drive(behaving('behavior="Complex"', inside), SIGNALS)
    drive.start()
    drive.complete("A")
    assert drive.live == ["A", "A"]
    assert "completed end" in drive.complete("A")
    assert drive.live == ["B"]


def test_a_number_of_instances_that_is_none_is_an_incident() -> None:
    """Negative, a fraction, or nothing at all."""
    loop = (
        '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">=n</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )
    for number in (-1, "x", None):
        drive = Drive(chain(job("A", inside=loop)))
        assert drive.start(n=number)[-1].startswith("incident expression at A: Expected a whole number of zero or more")
