"""Parallel gateways."""

from tests.engine.driving import Drive, flow, job

FORK_AND_JOIN = (
    '<startEvent id="start"/><parallelGateway id="fork"/><parallelGateway id="join"/><endEvent id="end"/>'
    + job("A")
    + job("B")
    + flow("start", "fork")
    + flow("fork", "A")
    + flow("fork", "B")
    + flow("A", "join")
    + flow("B", "join")
    + flow("join", "end")
)


def test_a_join_waits_for_one_token_of_every_flow() -> None:
    """The join is activated once, when the last token arrives."""
    drive = Drive(FORK_AND_JOIN)
    assert drive.start()[4:] == [
        "activated parallelGateway fork",
        "completed fork",
        "flow fork-A",
        "flow fork-B",
        "activated serviceTask A",
        "job work for A",
        "activated serviceTask B",
        "job work for B",
    ]
    assert drive.complete("A") == ["completed A", "flow A-join"]
    assert drive.live == ["B", "join"]
    assert drive.complete("B") == [
        "completed B",
        "flow B-join",
        "activated parallelGateway join",
        "completed join",
        "flow join-end",
        "activated endEvent end",
        "completed end",
        "instance completed",
    ]


def test_excess_tokens_stay_at_the_join() -> None:
    """Two tokens on one flow count for two joins, not for one; the second keeps waiting."""
    body = (
        '<startEvent id="start"/><parallelGateway id="fork"/><exclusiveGateway id="merge"/>'
        '<parallelGateway id="join"/><endEvent id="end"/>'
        + job("A")
        + flow("start", "fork")
        + '<sequenceFlow id="f1" sourceRef="fork" targetRef="merge"/>'
        + '<sequenceFlow id="f2" sourceRef="fork" targetRef="merge"/>'
        + flow("fork", "A")
        + flow("merge", "join")
        + flow("A", "join")
        + flow("join", "end")
    )
    drive = Drive(body)
    drive.start()
    assert drive.live == ["A", "join"]
    happened = drive.complete("A")
    assert happened.count("completed join") == 1
    assert drive.live == ["join"]
    assert drive.status == "running"


def test_conditions_on_flows_out_of_a_parallel_gateway_have_no_meaning() -> None:
    """All flows are taken."""
    body = (
        '<startEvent id="start"/><parallelGateway id="fork"/><task id="A"/><task id="B"/>'
        + flow("start", "fork")
        + flow("fork", "A", "false")
        + flow("fork", "B")
    )
    assert Drive(body).start().count("completed A") == 1
