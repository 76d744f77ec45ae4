"""Complex gateways, and token quantities of activities."""

from tests.engine.driving import Drive, flow, job

TWO_OF_THREE = (
    '<startEvent id="start"/><parallelGateway id="fork"/>'
    '<complexGateway id="join"><activationCondition xsi:type="tFormalExpression">=activationCount &gt;= 2'
    "</activationCondition></complexGateway>"
    + "".join(job(name) + flow("fork", name) + flow(name, "join") for name in ("A", "B", "C"))
    + flow("start", "fork")
    + '<userTask id="next"/>'
    + flow("join", "next")
)


def test_it_goes_on_when_its_activation_condition_holds_and_absorbs_the_rest() -> None:
    """Two of three; the third token does not start anything again."""
    drive = Drive(TWO_OF_THREE)
    drive.start()
    assert drive.complete("A") == ["completed A", "flow A-join"]
    assert drive.complete("B")[2:6] == [
        "activated complexGateway join",
        "completed join",
        "flow join-next",
        "activated userTask next",
    ]
    assert drive.live == ["C", "join", "next"]
    drive.complete("C")
    assert drive.live == ["next"]
    drive.complete_user_task("next")
    assert drive.status == "completed"


def test_an_activity_waits_for_as_many_tokens_as_its_start_quantity() -> None:
    """And sends as many as its completion quantity on."""
    body = (
        '<startEvent id="start"/><task id="twice" completionQuantity="2"/><task id="pass"/>'
        '<userTask id="both" startQuantity="2"/>'
        + flow("start", "twice")
        + flow("twice", "pass")
        + flow("pass", "both")
    )
    drive = Drive(body)
    happened = drive.start()
    assert happened.count("completed pass") == 2
    assert happened.count("activated userTask both") == 1
    assert drive.live == ["both"]
