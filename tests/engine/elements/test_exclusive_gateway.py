"""Exclusive gateways."""

from app.engine import commands
from tests.engine.driving import Drive, flow

SPLIT = (
    '<startEvent id="start"/><exclusiveGateway id="split"{default}/><task id="A"/><task id="B"/>'
    + flow("start", "split")
    + flow("split", "A", "x &gt; 1")
    + flow("split", "B", "x &gt; 2")
)


def test_the_first_flow_in_document_order_whose_condition_holds_is_taken() -> None:
    """Both conditions hold; the place on the canvas does not matter."""
    drive = Drive(SPLIT.format(default=""))
    assert drive.start(x=3)[3:] == [
        "flow start-split",
        "activated exclusiveGateway split",
        "completed split",
        "flow split-A",
        "activated task A",
        "completed A",
        "instance completed x=3",
    ]


def test_the_default_flow_is_taken_when_no_condition_holds() -> None:
    """The default flow's place in the document does not matter, nor its own condition."""
    drive = Drive(SPLIT.format(default=' default="split-A"'))
    assert "flow split-A" in drive.start(x=0)
    drive = Drive(SPLIT.format(default=' default="split-A"'))
    assert "flow split-B" in drive.start(x=3)


def test_no_flow_is_an_incident_that_names_the_conditions() -> None:
    """The token stays at the gateway; a retry looks again."""
    drive = Drive(SPLIT.format(default=""))
    assert drive.start(x=0)[-1] == (
        'incident condition at split: Expected one of the conditions "=x > 1", "=x > 2" to be true, '
        "but none is, and there is no default flow."
    )
    assert drive.live == ["split"]
    drive.send(commands.SetVariables({"x": 5}))
    assert drive.resolve()[:3] == ["incident resolved", "completed split", "flow split-A"]


def test_a_condition_that_is_not_boolean_is_an_incident() -> None:
    """Null is not false at a gateway: the incident says which expression and why."""
    happened = Drive(SPLIT.format(default="")).start()
    assert happened[-1].startswith(
        'incident condition at split: Expected a boolean, but the expression "=x > 1" is null'
    )


def test_every_token_that_arrives_passes() -> None:
    """Joining exclusively is no synchronisation."""
    body = (
        '<startEvent id="start"/><parallelGateway id="fork"/><exclusiveGateway id="merge"/><userTask id="U"/>'
        + flow("start", "fork")
        + '<sequenceFlow id="f1" sourceRef="fork" targetRef="merge"/>'
        + '<sequenceFlow id="f2" sourceRef="fork" targetRef="merge"/>'
        + flow("merge", "U")
    )
    drive = Drive(body)
    drive.start()
    assert drive.live == ["U", "U"]


def test_a_loop_without_a_wait_in_it_is_an_incident_instead_of_a_hung_worker() -> None:
    """The token stays where it was; resolving lets it go on, for as long again."""
    body = (
        '<startEvent id="start"/><exclusiveGateway id="merge"/><exclusiveGateway id="more"/><endEvent id="end"/>'
        + flow("start", "merge")
        + flow("merge", "more")
        + flow("more", "merge", "again")
        + flow("more", "end")
    )
    drive = Drive(body)
    assert drive.start(again=True)[-1].startswith("incident endless loop at m")
    drive.send(commands.SetVariables({"again": False}))
    assert drive.resolve()[-1] == "instance completed again=false"
