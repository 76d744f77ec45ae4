"""What instances would do to each other for ever ends in an incident, after a number of steps that is set."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from app.runtime import SYSTEM, Actor, RuntimeSettings
from app.runtime.views import IncidentView, InstanceFilter, InstanceStatus
from app.testing import Platform
from tests.runtime.conftest import PEOPLE
from tests.runtime.diagrams import END, START, call, diagram, message_catch, start_by, user_task
from tests.runtime.instances.calls import ROOTS, assert_whole, boundary
from tests.store.databases import KINDS, fresh_database

SETTINGS = RuntimeSettings(most_nested_calls=4, most_calls_at_once=12, most_hops=6, most_follow_ups=50)
SPLIT = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="item" />'
    "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
)


@pytest.fixture(params=KINDS)
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    """With bounds that are soon reached."""
    with (
        fresh_database(request.param, tmp_path) as address,
        Platform([], [], people=PEOPLE, database=address, settings=SETTINGS) as platform,
    ):
        yield platform


def deploy(platform: Platform, **diagrams: bytes) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {f"bpmn/{name}.bpmn": each for name, each in diagrams.items()})


def incidents(platform: Platform) -> tuple[IncidentView, ...]:
    return platform.runtime.incidents.list(SYSTEM).items


def count(platform: Platform, process_id: str | None = None) -> int:
    return len(platform.runtime.instances.list(SYSTEM, InstanceFilter(process_id=process_id), limit=500).items)


def throw(kind: str, reference: str, element_id: str = "tell") -> str:
    """An intermediate event that throws a message of the empty key, or a signal."""
    return (
        f'<bpmn:intermediateThrowEvent id="{element_id}">{{flows}}<bpmn:{kind}EventDefinition id="{element_id}-d" '
        f'{kind}Ref="{reference}" /></bpmn:intermediateThrowEvent>'
    )


def publishing(name: str) -> str:
    return (
        '<bpmn:intermediateThrowEvent id="tell"><bpmn:extensionElements>'
        f'<zeebe:publishMessage correlationKey="=order_id" /></bpmn:extensionElements>{{flows}}'
        f'<bpmn:messageEventDefinition id="tell-d" messageRef="message-{name}" /></bpmn:intermediateThrowEvent>'
    )


@pytest.mark.parametrize("waits", [False, True])
def test_a_process_that_calls_itself_for_ever_is_an_incident(platform: Platform, admin: Actor, waits: bool) -> None:
    """At the depth that is set, in one transaction or over many; all of it can be cancelled at once."""
    inner = (user_task(), call("again")) if waits else (call("again"),)
    deploy(platform, again=diagram("again", START, *inner, END))
    case = platform.start("again")
    while items := platform.inbox("anna"):
        platform.complete("anna", items[0].id)
    assert count(platform) == SETTINGS.most_nested_calls + 1
    (incident,) = incidents(platform)
    assert (incident.kind, incident.element_id) == ("called element", "call")
    assert "at most 4 deep" in incident.message
    platform.runtime.incidents.retry(admin, incident.id)
    assert len(incidents(platform)) == 1
    assert count(platform) == SETTINGS.most_nested_calls + 1
    assert_whole(platform)
    assert platform.runtime.instances.cancel(admin, case, "endless")
    assert incidents(platform) == ()


def test_a_process_that_calls_itself_twice_is_stopped_by_its_number(platform: Platform, admin: Actor) -> None:
    """Not only by its depth: one transaction calls so many, and a retry goes on from there."""
    twice = call("twice").replace("{flows}", "{flows}" + SPLIT)
    deploy(platform, twice=diagram("twice", START, twice, END))
    platform.start("twice")
    assert count(platform) == 1 + SETTINGS.most_calls_at_once
    found = [each for each in incidents(platform) if "at most 12 calls" in each.message]
    assert found
    platform.runtime.incidents.retry(admin, found[0].id)
    assert count(platform) > 1 + SETTINGS.most_calls_at_once
    assert_whole(platform)


def test_calls_as_deep_as_allowed_end_well(platform: Platform) -> None:
    """The bound is no bound for what stays within."""
    names = ["first", "second", "third", "fourth", "fifth"]
    for name, following in pairwise(names):
        deploy(platform, **{name: diagram(name, START, call(following), END)})
    deploy(platform, fifth=diagram("fifth", START, user_task(), END))
    case = platform.start("first")
    (item,) = platform.inbox("anna")
    platform.complete("anna", item.id)
    assert platform.case(case).view.status is InstanceStatus.COMPLETED
    assert count(platform) == SETTINGS.most_nested_calls + 1


def test_no_catch_takes_a_call_that_cannot_be_made_for_an_error(platform: Platform, admin: Actor) -> None:
    """A process that is not there is an incident, also beside a catch of every error; deployed, it is called."""
    catch_all = boundary("error", interrupting=True).replace(' errorRef="broken"', "")
    deploy(platform, calls=diagram("calls", START, call("missing"), END, catch_all, roots=ROOTS))
    case = platform.start("calls")
    (incident,) = incidents(platform)
    assert 'deployed process "missing"' in incident.message
    deploy(platform, missing=diagram("missing", START, END))
    platform.runtime.incidents.retry(admin, incident.id)
    assert platform.case(case).view.status is InstanceStatus.COMPLETED


def test_starts_that_cause_each_other_for_ever_end_at_a_throw_event(platform: Platform, admin: Actor) -> None:
    """By signals: each instance starts the next. A retry lets it go on for as many again."""
    signals = '<bpmn:signal id="ping" name="ping" /><bpmn:signal id="pong" name="pong" />'
    deploy(
        platform,
        a=diagram("a", start_by("signal", "ping"), throw("signal", "pong"), END, roots=signals),
        b=diagram("b", start_by("signal", "pong"), throw("signal", "ping"), END, roots=signals),
    )
    platform.runtime.messages.broadcast(SYSTEM, "ping", {})
    assert count(platform) == SETTINGS.most_hops
    (incident,) = incidents(platform)
    assert incident.element_id == "tell"
    platform.runtime.incidents.retry(admin, incident.id)
    assert count(platform) == 2 * SETTINGS.most_hops
    assert len(incidents(platform)) == 1
    assert_whole(platform)


def test_instances_that_send_each_other_messages_for_ever_end_at_a_throw_event(platform: Platform) -> None:
    """Two running instances, each in a loop of its own: what one sends is what the other waits for."""
    deploy(platform, a=looping("a", "ping", "pong"), b=looping("b", "pong", "ping"))
    for process in ("a", "b"):
        platform.start(process, {"order_id": "K"})
    platform.runtime.messages.publish(SYSTEM, "ping", "K", {})
    (incident,) = incidents(platform)
    assert incident.element_id == "tell"
    assert count(platform) == 2
    platform.clock.advance(timedelta(hours=1))
    platform.runtime.tick()
    assert len(incidents(platform)) == 1
    assert_whole(platform)


def looping(process_id: str, awaited: str, told: str) -> bytes:
    catch, first = message_catch(awaited)
    second = message_catch(told)[1]
    merge = '<bpmn:exclusiveGateway id="merge"><bpmn:incoming>back</bpmn:incoming>{flows}</bpmn:exclusiveGateway>'
    send = publishing(told).replace("{flows}", "{flows}<bpmn:outgoing>back</bpmn:outgoing>")
    back = '<bpmn:sequenceFlow id="back" sourceRef="tell" targetRef="merge" />'
    return diagram(process_id, START, merge, catch, send, back, roots=first + second)
