"""Compensation and transactions."""

from tests.engine.driving import Drive, chain, flow, job, mapping

COMPENSATE = "<compensateEventDefinition/>"


def undoable(identifier: str) -> str:
    """A job with a compensation handler "undo-…"."""
    handler = job(f"undo-{identifier}").replace("<serviceTask", '<serviceTask isForCompensation="true"')
    return (
        f'{handler}<boundaryEvent id="edge-{identifier}" attachedToRef="{identifier}">{COMPENSATE}</boundaryEvent>'
        f'<association id="a-{identifier}" associationDirection="One" sourceRef="edge-{identifier}" '
        f'targetRef="undo-{identifier}"/>'
    )


def test_handlers_run_in_reverse_order_and_the_throw_waits_for_them() -> None:
    """Last completed, first undone; then the token goes on."""
    throw = f'<intermediateThrowEvent id="T">{COMPENSATE}</intermediateThrowEvent>'
    drive = Drive(chain(job("A"), job("B"), throw) + undoable("A") + undoable("B"))
    drive.start()
    drive.complete("A")
    assert drive.complete("B")[-4:] == [
        "flow B-T",
        "activated intermediateThrowEvent T",
        "activated serviceTask undo-B",
        "job work for undo-B",
    ]
    assert drive.complete("undo-B") == ["completed undo-B", "activated serviceTask undo-A", "job work for undo-A"]
    assert drive.complete("undo-A")[:3] == ["completed undo-A", "completed T", "flow T-end"]
    assert drive.status == "completed"


def test_what_has_not_completed_is_not_undone() -> None:
    """Nothing to do: the throw passes at once."""
    throw = f'<intermediateThrowEvent id="T">{COMPENSATE}</intermediateThrowEvent>'
    drive = Drive(chain(throw, job("A")) + undoable("A"))
    assert "completed T" in drive.start()


def test_a_named_activity_is_undone_alone() -> None:
    """activityRef; the other record stays."""
    throw = '<intermediateThrowEvent id="T"><compensateEventDefinition activityRef="A"/></intermediateThrowEvent>'
    drive = Drive(chain(job("A"), job("B"), throw) + undoable("A") + undoable("B"))
    drive.start()
    drive.complete("A")
    drive.complete("B")
    assert drive.live == ["T", "undo-A"]
    drive.complete("undo-A")
    assert drive.status == "completed"


def test_without_waiting_the_token_goes_on_beside_the_handlers() -> None:
    """waitForCompletion false."""
    throw = (
        '<intermediateThrowEvent id="T"><compensateEventDefinition waitForCompletion="false"/></intermediateThrowEvent>'
    )
    drive = Drive(chain(job("A"), throw, job("C")) + undoable("A"))
    drive.start()
    drive.complete("A")
    assert drive.live == ["undo-A", "C"]
    drive.complete("C")
    assert drive.status == "running"
    drive.complete("undo-A")
    assert drive.status == "completed"


def test_a_completed_subprocess_is_opened_again_with_its_variables() -> None:
    """What was done inside is undone inside, in its own scope."""
    inside = '<startEvent id="in"/>' + job("A") + flow("in", "A") + undoable("A")
    io = f"<extensionElements><zeebe:ioMapping>{mapping('input', '7', 'ticket')}</zeebe:ioMapping></extensionElements>"
    throw = f'<intermediateThrowEvent id="T">{COMPENSATE}</intermediateThrowEvent>'
    drive = Drive(chain(f'<subProcess id="sub">{io}{inside}</subProcess>', throw))
    drive.start()
    assert drive.complete("A")[-4:] == [
        "activated intermediateThrowEvent T",
        "activated subProcess sub",
        "activated serviceTask undo-A",
        "job work for undo-A ticket=7",
    ]
    assert drive.complete("undo-A")[:4] == ["completed undo-A", "completed sub", "completed T", "flow T-end"]


def test_a_cancelled_transaction_is_undone_and_leaves_by_its_cancel_event() -> None:
    """Open tokens are cancelled first; completed activities are undone; then the boundary event's way."""
    inside = (
        '<startEvent id="in"/><parallelGateway id="fork"/><endEvent id="no"><cancelEventDefinition/></endEvent>'
        + job("A")
        + job("B")
        + job("C")
        + flow("in", "A")
        + flow("A", "fork")
        + flow("fork", "B")
        + flow("fork", "C")
        + flow("B", "no")
        + undoable("A")
    )
    body = (
        chain(f'<transaction id="tx">{inside}</transaction>')
        + '<boundaryEvent id="edge" attachedToRef="tx"><cancelEventDefinition/></boundaryEvent>'
        + job("after")
        + flow("edge", "after")
    )
    drive = Drive(body)
    drive.start()
    drive.complete("A")
    assert drive.complete("B")[2:] == [
        "activated endEvent no",
        "job cancelled",
        "cancelled C",
        "activated serviceTask undo-A",
        "job work for undo-A",
    ]
    assert drive.complete("undo-A") == [
        "completed undo-A",
        "cancelled no",
        "cancelled tx",
        "activated boundaryEvent edge",
        "completed edge",
        "flow edge-after",
        "activated serviceTask after",
        "job work for after",
    ]


def test_a_compensated_subprocess_may_say_itself_how_it_is_undone() -> None:
    """An event subprocess that starts with compensation."""
    handler = (
        f'<subProcess id="handler" triggeredByEvent="true"><startEvent id="on">{COMPENSATE}</startEvent>'
        + job("H")
        + flow("on", "H")
        + "</subProcess>"
    )
    inside = '<startEvent id="in"/>' + job("A") + flow("in", "A") + handler
    throw = f'<intermediateThrowEvent id="T">{COMPENSATE}</intermediateThrowEvent>'
    drive = Drive(chain(f'<subProcess id="sub">{inside}</subProcess>', throw))
    drive.start()
    drive.complete("A")
    assert drive.live == ["T", "sub", "handler", "H"]
    drive.complete("H")
    assert drive.status == "completed"
