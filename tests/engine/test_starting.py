"""How a process starts: by conditions, by several triggers together, by events of which the instance needs all."""

import json
from collections.abc import Iterable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import engine
from app.engine import Occurrence, TriggerKind, commands
from app.engine.simulation import Simulation
from tests.engine.driving import Drive, definitions, flow, job, numbers

SIGNALS = '<signal id="s" name="alarm"/><signal id="t" name="calm"/>'
PLAIN = SIGNALS + '<message id="m" name="order"/><message id="n" name="payment"/>'


def keyed(name: str, key: str) -> str:
    return (
        f'<message id="{name}" name="{name}"><extensionElements><zeebe:subscription correlationKey="{key}"/>'
        "</extensionElements></message>"
    )


def condition(text: str, more: str = "") -> str:
    return (
        f'<conditionalEventDefinition>{more}<condition xsi:type="tFormalExpression">={text}</condition>'
        "</conditionalEventDefinition>"
    )


def start(identifier: str, definition: str, attributes: str = "") -> str:
    return f'<startEvent id="{identifier}" {attributes}>{definition}</startEvent>'


def catch(identifier: str, definition: str) -> str:
    return f'<intermediateCatchEvent id="{identifier}">{definition}</intermediateCatchEvent>'


MESSAGES = '<messageEventDefinition messageRef="m"/>', '<messageEventDefinition messageRef="n"/>'
ALARM = '<signalEventDefinition signalRef="s"/>'


# conditions


def conditional(*texts: str, more: str = "") -> Simulation:
    starts = "".join(
        start(f"s{n}", condition(text, more)) + job(f"A{n}") + flow(f"s{n}", f"A{n}") for n, text in enumerate(texts)
    )
    return Simulation(definitions(starts), lambda _: None)


def test_a_process_starts_by_every_condition_that_is_true() -> None:
    """With the variables that were looked at; null is not true."""
    simulation = conditional("x &gt; 5", "x &gt; 7", "y")
    assert simulation.evaluate_conditions(numbers({"x": 5})) == []
    started = simulation.evaluate_conditions(numbers({"x": 8}))
    stored = [json.loads(simulation.instances[each].stored) for each in started]
    assert [[token["at"] for token in each["tokens"]][1:] for each in stored] == [["A0"], ["A1"]]
    assert [each["variables"] for each in stored] == [{"x": 8}, {"x": 8}]


def test_a_condition_with_a_filter_is_looked_at_when_one_of_its_variables_is_given() -> None:
    """As in Camunda 8."""
    watched = '<extensionElements><zeebe:conditionalFilter variableNames="x"/></extensionElements>'
    simulation = conditional("y = 1", more=watched)
    assert simulation.evaluate_conditions(numbers({"y": 1})) == []
    assert len(simulation.evaluate_conditions(numbers({"y": 1, "x": 0}))) == 1


def test_a_condition_for_updates_only_cannot_start_a_process() -> None:
    """Before the start all variables are created."""
    only = '<extensionElements><zeebe:conditionalFilter variableEvents="update"/></extensionElements>'
    problems = engine.check(definitions(start("s", condition("x", only))))
    assert [(problem.code, problem.element_id) for problem in problems] == [("engine.conditional-start", "s")]


# parallel multiple start events


def needed_together(*parts: str) -> engine.Program:
    body = start("S", "".join(parts), 'parallelMultiple="true"') + job("A") + flow("S", "A")
    return engine.compile(definitions(body, PLAIN), "P")


def test_the_triggers_of_a_parallel_multiple_start_event_belong_together() -> None:
    """The same twice is one."""
    program = needed_together(*MESSAGES, ALARM, ALARM)
    assert [(each.kind, each.means, each.others) for each in program.start_triggers] == [
        (TriggerKind.MESSAGE, "order", engine.Others.BEFORE),
        (TriggerKind.MESSAGE, "payment", engine.Others.BEFORE),
        (TriggerKind.SIGNAL, "alarm", engine.Others.BEFORE),
    ]


NEEDED = [(TriggerKind.MESSAGE, "order"), (TriggerKind.MESSAGE, "payment"), (TriggerKind.SIGNAL, "alarm")]
occurrences = st.lists(
    st.tuples(st.sampled_from(NEEDED), st.sampled_from("ab")).map(
        lambda found: (*found[0], found[1] if found[0][0] is TriggerKind.MESSAGE else None)
    ),
    max_size=12,
)


def numbered(found: Iterable[tuple[TriggerKind, str, str | None]]) -> list[Occurrence]:
    return [Occurrence(str(number), *each) for number, each in enumerate(found)]


@given(occurrences)
def test_what_starts_an_instance_is_one_of_each_with_one_key(found: list[tuple[TriggerKind, str, str | None]]) -> None:
    """And whenever there is such a choice, one is made."""
    known = numbered(found)
    together = engine.complete_start(NEEDED, known)
    keys = {each.correlation_key for each in known if each.kind is TriggerKind.MESSAGE}
    present = {(each.kind, each.name, each.correlation_key) for each in known}
    is_possible = (TriggerKind.SIGNAL, "alarm", None) in present and any(
        all((kind, name, key) in present for kind, name in NEEDED[:2]) for key in keys
    )
    assert bool(together) == is_possible
    if together:
        assert sorted((each.kind, each.name) for each in together) == sorted(NEEDED)
        assert len({each.correlation_key for each in together if each.kind is TriggerKind.MESSAGE}) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_any_order_starts_one_instance(order: tuple[int, ...]) -> None:
    """Only the last of the three completes the choice."""
    known = numbered([(*NEEDED[0], "a"), (*NEEDED[1], "a"), (*NEEDED[2], None)])
    arrived = [known[position] for position in order]
    assert [len(engine.complete_start(NEEDED, arrived[: number + 1])) for number in range(3)] == [0, 0, 3]


def test_a_signal_counts_once_at_a_time_and_each_message_counts() -> None:
    """A signal that comes again says nothing new; a second order is another order."""
    alarm = Occurrence("1", TriggerKind.SIGNAL, "alarm")
    order = Occurrence("2", TriggerKind.MESSAGE, "order", "a")
    assert not engine.counts_for_start(alarm, [alarm, order])
    assert engine.counts_for_start(order, [alarm, order])


def test_two_throwers_start_one_instance_together() -> None:
    """Its variables are those of all triggers."""
    sender = (
        '<process id="Q" isExecutable="true"><startEvent id="q"/>'
        '<intermediateThrowEvent id="one"><extensionElements><zeebe:ioMapping><zeebe:input source="=1" target="x"/>'
        f"</zeebe:ioMapping></extensionElements>{MESSAGES[0]}</intermediateThrowEvent>"
        '<intermediateThrowEvent id="two"><extensionElements><zeebe:ioMapping><zeebe:input source="=2" target="y"/>'
        f"</zeebe:ioMapping></extensionElements>{ALARM}</intermediateThrowEvent>"
        f"{flow('q', 'one')}{flow('one', 'two')}</process>"
    )
    body = start("S", MESSAGES[0] + ALARM, 'parallelMultiple="true"') + job("A") + flow("S", "A")
    simulation = Simulation(definitions(body, PLAIN + sender), lambda _: None)
    simulation.start("Q")
    started = [each for each in simulation.instances.values() if each.program.process_id == "P"]
    assert [json.loads(each.stored)["variables"] for each in started] == [{"x": 1, "y": 2}]


# parallel event-based gateways


def gateway(*events: str, kind: str = "Parallel") -> str:
    """A gateway that starts the process, each event behind it followed by a job."""
    body = f'<eventBasedGateway id="G" instantiate="true" eventGatewayType="{kind}"/>'
    for event in events:
        identifier = event.split('id="')[1].split('"')[0]
        body += event + job(f"after-{identifier}") + flow("G", identifier) + flow(identifier, f"after-{identifier}")
    return body


def test_the_instance_waits_for_the_other_events_and_ends_with_the_last() -> None:
    """The first event has happened; each of the others is waited for with a token of its own."""
    drive = Drive(gateway(catch("M", MESSAGES[0]), catch("S", ALARM)), PLAIN)
    assert [each.others for each in drive.program.start_triggers] == [engine.Others.AFTER] * 2
    assert drive.start("M", x=1) == [
        "started P x=1",
        "activated intermediateCatchEvent M",
        "completed M",
        "flow M-after-M",
        "activated intermediateCatchEvent S",
        "waits for signal alarm at S",
        "activated serviceTask after-M",
        "job work for after-M x=1",
    ]
    drive.complete("after-M")
    assert drive.live == ["S"]
    drive.send(commands.DeliverSignal("alarm"))
    assert drive.complete("after-S")[-1] == "instance completed x=1"


def test_of_an_exclusive_gateway_one_event_is_enough() -> None:
    """The others are not waited for."""
    drive = Drive(gateway(catch("M", MESSAGES[0]), catch("S", ALARM), kind="Exclusive"), PLAIN)
    drive.start("M")
    assert drive.live == ["after-M"]


def test_the_messages_share_their_correlation_key() -> None:
    """The key of the message that started the instance, where the diagram says nothing else."""
    events = catch("M", MESSAGES[0]), '<receiveTask id="R" messageRef="n"/>'
    drive = Drive(gateway(*events), PLAIN)
    happened = drive.send(commands.StartInstance({}, "M", "order-1"))
    assert "waits for message payment order-1 at R" in happened
    drive.deliver("R")
    drive.complete("after-R")
    assert "instance completed" in drive.complete("after-M")


def test_a_correlation_key_of_the_diagram_sees_what_the_first_message_brought() -> None:
    """After its output mappings."""
    mapped = (
        '<intermediateCatchEvent id="M"><extensionElements><zeebe:ioMapping>'
        '<zeebe:output source="=order.ref" target="ref"/></zeebe:ioMapping></extensionElements>'
        '<messageEventDefinition messageRef="order"/></intermediateCatchEvent>'
    )
    roots = keyed("order", "=ref") + keyed("payment", "=ref")
    drive = Drive(gateway(mapped, catch("N", '<messageEventDefinition messageRef="payment"/>')), roots)
    happened = drive.send(commands.StartInstance({"order": {"ref": "17"}}, "M", "other"))
    assert "waits for message payment 17 at N" in happened


def test_a_message_for_a_waiting_instance_starts_no_other() -> None:
    """Two messages with one key make one instance, with two keys two."""
    sender = "".join(
        f'<intermediateThrowEvent id="t{n}"><extensionElements><zeebe:publishMessage correlationKey="{key}" '
        f'timeToLive="PT1M"/></extensionElements><messageEventDefinition messageRef="{ref}"/></intermediateThrowEvent>'
        for n, (ref, key) in enumerate([("m", "a"), ("n", "a"), ("n", "b")])
    )
    flows = flow("q", "t0") + flow("t0", "t1") + flow("t1", "t2")
    thrower = f'<process id="Q" isExecutable="true"><startEvent id="q"/>{sender}{flows}</process>'
    simulation = Simulation(definitions(gateway(catch("M", MESSAGES[0]), catch("N", MESSAGES[1])), PLAIN + thrower))
    simulation.start("Q")
    statuses = [each.status.value for each in simulation.instances.values() if each.program.process_id == "P"]
    assert sorted(statuses) == ["completed", "running"]


def test_a_receive_task_that_repeats_cannot_start_a_process() -> None:
    """It would be unclear what its first message is worth."""
    loop = "<standardLoopCharacteristics loopMaximum='2'/>"
    problems = engine.check(
        definitions(f'<receiveTask id="R" messageRef="m" instantiate="true">{loop}</receiveTask>', PLAIN)
    )
    assert [(problem.code, problem.element_id) for problem in problems] == [("engine.repeated-start", "R")]
