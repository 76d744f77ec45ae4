"""Inclusive gateways: conditional splits, and joins that know what can still arrive."""

from tests.engine.driving import Drive, flow, job

SPLIT_AND_JOIN = (
    '<startEvent id="start"/><inclusiveGateway id="split"/><inclusiveGateway id="join"/><endEvent id="end"/>'
    + job("A")
    + job("B")
    + flow("start", "split")
    + flow("split", "A", "a")
    + flow("split", "B", "b")
    + flow("A", "join")
    + flow("B", "join")
    + flow("join", "end")
)


def test_the_join_waits_for_every_branch_that_was_taken() -> None:
    """Both branches run: the join fires once, after the second."""
    drive = Drive(SPLIT_AND_JOIN)
    drive.start(a=True, b=True)
    assert drive.complete("A") == ["completed A", "flow A-join"]
    assert drive.complete("B")[2:] == [
        "activated inclusiveGateway join",
        "completed join",
        "flow join-end",
        "activated endEvent end",
        "completed end",
        "instance completed a=true b=true",
    ]


def test_the_join_does_not_wait_for_a_branch_that_was_not_taken() -> None:
    """Only one branch runs."""
    drive = Drive(SPLIT_AND_JOIN)
    drive.start(a=True, b=False)
    assert "completed join" in drive.complete("A")


def test_no_condition_and_no_default_is_an_incident() -> None:
    """As at an exclusive gateway."""
    assert Drive(SPLIT_AND_JOIN).start(a=False, b=False)[-1].startswith("incident condition at split")


def test_a_token_that_ends_elsewhere_releases_the_join() -> None:
    """The second branch leaves by an exclusive gateway that leads past the join."""
    body = (
        '<startEvent id="start"/><parallelGateway id="fork"/><inclusiveGateway id="join"/>'
        '<exclusiveGateway id="maybe"/><endEvent id="end"/><endEvent id="away"/>'
        + job("A")
        + job("B")
        + flow("start", "fork")
        + flow("fork", "A")
        + flow("fork", "B")
        + flow("A", "join")
        + flow("B", "maybe")
        + flow("maybe", "join", "stays")
        + flow("maybe", "away", "not(stays)")
        + flow("join", "end")
    )
    drive = Drive(body)
    drive.start(stays=False)
    assert drive.complete("A") == ["completed A", "flow A-join"]
    assert drive.complete("B")[-4:] == [
        "flow join-end",
        "activated endEvent end",
        "completed end",
        "instance completed stays=false",
    ]


def test_a_token_at_an_activity_can_reach_the_join_by_a_boundary_event() -> None:
    """The activity's own flow leads past the join, its boundary event does not: so the join waits."""
    body = (
        '<startEvent id="start"/><parallelGateway id="fork"/><inclusiveGateway id="join"/><endEvent id="end"/>'
        + job("A")
        + job("B")
        + '<boundaryEvent id="late" attachedToRef="B"><timerEventDefinition><timeDuration '
        'xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition></boundaryEvent>'
        + flow("start", "fork")
        + flow("fork", "A")
        + flow("fork", "B")
        + flow("A", "join")
        + flow("B", "end")
        + flow("late", "join")
    )
    drive = Drive(body)
    drive.start()
    drive.complete("A")
    assert drive.live == ["B", "join"]
    assert "completed join" in drive.fire("late")
