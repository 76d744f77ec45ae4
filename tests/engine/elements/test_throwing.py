"""Send tasks and throwing events: messages, jobs that publish, and several throws in a row."""

import pytest

from app.engine import commands
from tests.engine.driving import Drive, chain, extended, flow, job

ROOTS = (
    '<message id="m" name="news"/><message id="k" name="keyed"><extensionElements>'
    '<zeebe:subscription correlationKey="=customer"/></extensionElements></message>'
    '<signal id="s" name="alarm"/><escalation id="e" name="e" escalationCode="LATE"/>'
)


def test_a_send_task_publishes_its_message() -> None:
    """Without an own key the subscription's key is evaluated on this side; plain messages have none."""
    drive = Drive(chain('<sendTask id="A" messageRef="k"/>', '<sendTask id="B" messageRef="m"/>'), ROOTS)
    happened = drive.start(customer="c")
    assert [line for line in happened if line.startswith("published")] == ["published keyed c", "published news"]


def test_a_send_task_may_be_a_job() -> None:
    """Then the task handler sends."""
    drive = Drive(chain(extended("sendTask", "A", '<zeebe:taskDefinition type="mail"/>')))
    assert drive.start()[-1] == "job mail for A"
    assert drive.complete("A")[-1] == "instance completed"


def test_a_message_throw_may_be_a_job() -> None:
    """The token waits for it; an incident of the job requests it again."""
    event = extended(
        "intermediateThrowEvent",
        "T",
        '<zeebe:taskDefinition type="publish"/>',
        '<messageEventDefinition messageRef="m"/>',
    )
    drive = Drive(chain(event), ROOTS)
    assert drive.start()[-1] == "job publish for T"
    drive.send(commands.RaiseIncident(drive.job("T"), "transient", "down"))
    assert drive.resolve() == ["incident resolved", "job publish for T"]
    assert drive.complete("T", x=1)[:2] == ["set process x=1", "completed T"]


def test_a_multiple_throw_throws_all_in_document_order() -> None:
    """A signal, then an escalation."""
    both = '<signalEventDefinition signalRef="s"/><escalationEventDefinition escalationRef="e"/>'
    happened = Drive(chain(f'<intermediateThrowEvent id="T">{both}</intermediateThrowEvent>'), ROOTS).start()
    assert happened[5:8] == ["signal alarm", "escalation LATE from T caught by None", "completed T"]


def test_a_correlation_key_or_time_to_live_without_a_value_is_an_incident() -> None:
    """A retry publishes once."""
    event = extended(
        "intermediateThrowEvent",
        "T",
        '<zeebe:publishMessage correlationKey="=customer" timeToLive="=ttl"/>',
        '<messageEventDefinition messageRef="m"/>',
    )
    drive = Drive(chain(event), ROOTS)
    assert drive.start()[-1].startswith("incident message at T: Expected a text for the correlation key")
    drive.send(commands.SetVariables({"customer": "c", "ttl": "soon"}))
    assert drive.resolve()[-1].startswith('incident message at T: Expected an ISO 8601 duration such as "PT30M"')
    drive.send(commands.SetVariables({"ttl": "PT1M"}))
    assert drive.resolve()[:3] == ["incident resolved", "published news c", "completed T"]


def test_a_terminate_end_event_of_the_process_ends_it() -> None:
    """It completes; it does not fail."""
    body = (
        '<startEvent id="start"/><endEvent id="stop"><terminateEventDefinition/></endEvent>'
        + job("A")
        + job("B")
        + flow("start", "A")
        + flow("start", "B")
        + flow("B", "stop")
    )
    drive = Drive(body)
    drive.start()
    assert drive.complete("B")[2:] == [
        "activated endEvent stop",
        "job cancelled",
        "cancelled A",
        "completed stop",
        "instance completed",
    ]


@pytest.mark.parametrize("definition", ['messageEventDefinition messageRef="m"', 'signalEventDefinition signalRef="s"'])
def test_the_end_of_an_endless_chain_is_an_incident_at_the_throw(definition: str) -> None:
    """Nothing is sent; resolved by somebody, it is."""
    drive = Drive(chain(f'<intermediateThrowEvent id="T"><{definition}/></intermediateThrowEvent>'), ROOTS)
    drive.may_send = False
    happened = drive.start()
    assert happened[-1].startswith("incident ")
    assert "ends a long chain" in happened[-1]
    drive.may_send = True
    assert drive.resolve()[-1] == "instance completed"
