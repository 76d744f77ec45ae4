"""Start events that need several triggers, and gateways whose events belong to one instance."""

from collections.abc import Callable, Mapping
from itertools import permutations

import pytest

from app.errors import Forbidden, NotFound
from app.runtime import SYSTEM, Actor
from app.runtime.messages.following_up import carry_out, correlate
from app.runtime.views import InstanceDetail, StartOccurrenceView, SwitchScope
from app.store.tables import FollowUpRow, MessageRow
from app.testing import Platform
from tests.runtime.diagrams import END, diagram, user_task
from tests.runtime.interleaving import overlap

ROOTS = (
    '<bpmn:message id="m" name="order" /><bpmn:message id="n" name="payment" /><bpmn:signal id="s" name="opening" />'
)
ORDER = '<bpmn:messageEventDefinition id="d-order" messageRef="m" />'
PAYMENT = '<bpmn:messageEventDefinition id="d-payment" messageRef="n" />'
OPENING = '<bpmn:signalEventDefinition id="d-opening" signalRef="s" />'
HOURLY = (
    '<bpmn:timerEventDefinition id="d-hourly"><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R/PT1H</bpmn:timeCycle>'
    "</bpmn:timerEventDefinition>"
)
BIG = (
    '<bpmn:conditionalEventDefinition id="d-big"><bpmn:condition xsi:type="bpmn:tFormalExpression">=stock &gt; 5'
    "</bpmn:condition></bpmn:conditionalEventDefinition>"
)


def together(*definitions: str, process_id: str = "ship", element_id: str = "start", name: str = "Decide") -> bytes:
    start = (
        f'<bpmn:startEvent id="{element_id}" parallelMultiple="true">{{flows}}{"".join(definitions)}</bpmn:startEvent>'
    )
    return diagram(process_id, start, user_task().replace("Decide", name), END, roots=ROOTS)


def catch(element_id: str, definition: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{element_id}"><bpmn:incoming>to-{element_id}</bpmn:incoming>'
        f"<bpmn:outgoing>from-{element_id}</bpmn:outgoing>{definition}</bpmn:intermediateCatchEvent>"
    )


def gateway(**events: str) -> bytes:
    """A process that one of these events starts, and that then needs the others; a user task follows each."""
    parts = ['<bpmn:eventBasedGateway id="gateway" instantiate="true" eventGatewayType="Parallel" />']
    for element_id, definition in events.items():
        parts.append(catch(element_id, definition))
        parts.append(f'<bpmn:userTask id="after-{element_id}" />')
        parts.append(f'<bpmn:sequenceFlow id="to-{element_id}" sourceRef="gateway" targetRef="{element_id}" />')
        parts.append(
            f'<bpmn:sequenceFlow id="from-{element_id}" sourceRef="{element_id}" targetRef="after-{element_id}" />'
        )
    return diagram("ship", *parts, roots=ROOTS)


def deploy(platform: Platform, *diagrams: bytes) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {f"{n}.bpmn": each for n, each in enumerate(diagrams)})


def remembered(platform: Platform) -> list[StartOccurrenceView]:
    """The oldest first."""
    return list(reversed(platform.runtime.start_occurrences.list(SYSTEM).items))


def names(platform: Platform) -> list[tuple[str, str, str | None]]:
    return [(each.kind, each.name, each.correlation_key) for each in remembered(platform)]


def only(cases: tuple[InstanceDetail, ...]) -> InstanceDetail:
    (case,) = cases
    return case


def active(case: InstanceDetail) -> set[str]:
    return set(case.active)


# parallel multiple start events


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_instance_starts_when_the_last_trigger_has_occurred(platform: Platform, order: tuple[int, ...]) -> None:
    """In any order; its variables are those of all, the later over the earlier, and its key is the messages'."""
    deploy(platform, together(ORDER, PAYMENT, OPENING))
    occur: list[Callable[[], object]] = [
        lambda: platform.publish("order", "7", {"item": "bed", "last": "order"}),
        lambda: platform.publish("payment", "7", {"paid": 5, "last": "payment"}),
        lambda: platform.runtime.messages.broadcast(SYSTEM, "opening", {"open": True, "last": "opening"}),
    ]
    for each in order[:2]:
        occur[each]()
        assert platform.cases() == ()
    occur[order[2]]()
    case = only(platform.cases())
    last = ("order", "payment", "opening")[order[2]]
    assert case.variables == {"item": "bed", "paid": 5, "open": True, "last": last}
    assert case.view.business_key == "7"
    assert active(case) == {"decide"}
    assert remembered(platform) == []


def test_messages_of_different_keys_do_not_belong_together(platform: Platform) -> None:
    """Each key waits for its own, and a signal goes with the key whose first message is oldest."""
    deploy(platform, together(ORDER, PAYMENT, OPENING))
    for name, key in (("order", "1"), ("order", "2"), ("payment", "2"), ("payment", "1")):
        platform.publish(name, key)
    assert platform.cases() == ()
    platform.runtime.messages.broadcast(SYSTEM, "opening", {})
    assert only(platform.cases()).view.business_key == "1"
    platform.runtime.messages.broadcast(SYSTEM, "opening", {})
    assert [case.view.business_key for case in platform.cases()] == ["1", "2"]


def test_a_signal_counts_once_at_a_time_and_each_message_counts(platform: Platform) -> None:
    """Two orders of one key need two payments; two openings are one."""
    deploy(platform, together(ORDER, OPENING))
    for _ in range(2):
        platform.runtime.messages.broadcast(SYSTEM, "opening", {})
    assert names(platform) == [("signal", "opening", None)]
    for _ in range(2):
        platform.publish("order", "1")
    assert len(platform.cases()) == 1
    assert names(platform) == [("message", "order", "1")]


def test_a_timer_is_one_of_the_triggers(platform: Platform) -> None:
    """It is remembered when it is due, once until it is used."""
    deploy(platform, together(ORDER, HOURLY))
    platform.advance(hours=1)
    platform.advance(hours=1)
    assert names(platform) == [("timer", "R/PT1H", None)]
    platform.publish("order", "1")
    assert len(platform.cases()) == 1
    platform.publish("order", "2")
    assert len(platform.cases()) == 1
    platform.advance(hours=1)
    assert [case.view.business_key for case in platform.cases()] == ["1", "2"]


def test_a_condition_is_one_of_the_triggers(platform: Platform, admin: Actor) -> None:
    """Whoever evaluates it is told what it completes."""
    deploy(platform, together(ORDER, BIG))
    evaluate = platform.runtime.conditions.evaluate
    assert evaluate(admin, {"stock": 9}) == []
    assert names(platform) == [("condition", "=stock > 5", None)]
    platform.publish("order", "1")
    assert only(platform.cases()).variables == {"stock": 9}
    platform.publish("order", "2")
    (started,) = evaluate(admin, {"stock": 8})
    assert (started.process_id, started.element_id, started.version) == ("ship", "start", 1)
    assert platform.case(started.id).view.business_key == "2"


def test_a_message_for_two_start_events_starts_one_instance(platform: Platform) -> None:
    """The start event that is complete first uses it up: a process gets each message once."""
    starts = "".join(
        f'<bpmn:startEvent id="{element_id}" parallelMultiple="true"><bpmn:outgoing>{element_id}-flow</bpmn:outgoing>'
        f'{one}{two}</bpmn:startEvent><bpmn:userTask id="after-{element_id}" />'
        f'<bpmn:sequenceFlow id="{element_id}-flow" sourceRef="{element_id}" targetRef="after-{element_id}" />'
        for element_id, one, two in (("a", ORDER, PAYMENT), ("b", ORDER.replace("d-", "e-"), OPENING))
    )
    deploy(platform, diagram("ship", starts, roots=ROOTS))
    platform.publish("order", "1")
    assert [each.element_id for each in remembered(platform)] == ["a", "b"]
    platform.runtime.messages.broadcast(SYSTEM, "opening", {})
    assert active(only(platform.cases())) == {"after-b"}
    platform.publish("payment", "1")
    assert len(platform.cases()) == 1


def test_the_evidence_names_everything_that_started_the_instance(platform: Platform, admin: Actor) -> None:
    """With what each brought along; the audit log has each occurrence."""
    deploy(platform, together(ORDER, PAYMENT))
    platform.publish("order", "1")
    platform.publish("payment", "1")
    pack = platform.runtime.evidence.pack(admin, only(platform.cases()).view.id)
    assert "message order and message payment" in str(pack)
    actions = [each.action for each in platform.runtime.audit.list(admin).items]
    assert actions.count("start.remembered") == 2


def test_two_last_occurrences_at_once_start_one_instance(platform: Platform) -> None:
    """The second waits until the first is remembered, and finds the set complete."""
    deploy(platform, together(ORDER, PAYMENT))
    core, order, payment = platform.runtime.core, unsent(platform, "order", "1"), unsent(platform, "payment", "1")
    overlap(core.store, lambda: correlate(core, order), lambda: correlate(core, payment))
    assert len(platform.cases()) == 1
    assert remembered(platform) == []


@pytest.mark.parametrize("is_first", [True, False])
def test_a_signal_and_a_message_at_once_start_one_instance(platform: Platform, *, is_first: bool) -> None:
    """Whichever is first."""
    deploy(platform, together(ORDER, OPENING))
    core, order, opening = platform.runtime.core, unsent(platform, "order", "1"), thrown(platform, "before")
    both = (lambda: correlate(core, order)), (lambda: carry_out(core, opening))
    overlap(core.store, *(both if is_first else reversed(both)))
    assert len(platform.cases()) == 1
    assert remembered(platform) == []


def test_a_condition_and_a_message_at_once_start_one_instance(platform: Platform, admin: Actor) -> None:
    """Whoever evaluates waits for the message that is being correlated."""
    deploy(platform, together(ORDER, BIG))
    store, evaluate = platform.runtime.core.store, platform.runtime.conditions.evaluate
    order = unsent(platform, "order", "1")
    _, started = overlap(store, lambda: correlate(platform.runtime.core, order), lambda: evaluate(admin, {"stock": 6}))
    assert [each.id for each in started] == [only(platform.cases()).view.id]


# what is remembered


def test_what_is_remembered_goes_over_to_the_new_version(platform: Platform) -> None:
    """It belongs to the process and its start event, as messages do in Camunda 8."""
    deploy(platform, together(ORDER, PAYMENT))
    platform.publish("order", "1")
    deploy(platform, together(ORDER, PAYMENT, name="Decide now"))
    platform.publish("payment", "1")
    assert only(platform.cases()).view.version == 2


def test_a_version_that_needs_less_starts_what_is_complete_then(platform: Platform) -> None:
    """And forgets what it does not need; the audit log says so."""
    deploy(platform, together(ORDER, PAYMENT, OPENING))
    platform.publish("order", "1")
    platform.runtime.messages.broadcast(SYSTEM, "opening", {})
    deploy(platform, together(ORDER, OPENING))
    assert only(platform.cases()).view.version == 2
    platform.publish("order", "2")
    deploy(platform, together(PAYMENT, OPENING))
    assert remembered(platform) == []
    assert len(platform.cases()) == 1


def test_a_start_event_that_is_gone_leaves_nothing_behind(platform: Platform, admin: Actor) -> None:
    """It is named by its id."""
    deploy(platform, together(ORDER, PAYMENT))
    platform.publish("order", "1")
    deploy(platform, together(ORDER, PAYMENT, element_id="other"))
    assert remembered(platform) == []
    (record,) = platform.runtime.audit.list(admin, action="start.forgotten").items
    assert record.detail["reason"] == "the newest version does not need it"


def test_what_waits_too_long_is_forgotten_by_the_clock(platform: Platform, admin: Actor) -> None:
    """Longer than a message's time to live, which is about who has not received it; this one has been received."""
    deploy(platform, together(ORDER, PAYMENT))
    platform.runtime.messages.publish(admin, "order", "1", {}, time_to_live_seconds=0)
    platform.advance(days=29)
    assert names(platform) == [("message", "order", "1")]
    platform.advance(days=2)
    assert remembered(platform) == []
    platform.publish("payment", "1")
    assert platform.cases() == ()
    assert [each.action for each in platform.runtime.audit.list(admin, action="start.forgotten").items] == [
        "start.forgotten"
    ]


def test_an_operator_lists_and_forgets(platform: Platform, admin: Actor) -> None:
    """With a reason, once, and with the right to."""
    deploy(platform, together(ORDER, PAYMENT))
    platform.publish("order", "1", {"item": "bed"})
    platform.publish("order", "2")
    occurrences = platform.runtime.start_occurrences
    first = occurrences.list(admin, "ship", limit=1)
    assert [each.correlation_key for each in first.items] == ["2"]
    (one,) = occurrences.list(admin, "ship", after=first.next).items
    assert (one.correlation_key, one.variables) == ("1", {"item": "bed"})
    with pytest.raises(Forbidden):
        occurrences.forget(platform.actor("anna"), one.id)
    occurrences.forget(admin, one.id, "a test order")
    with pytest.raises(NotFound):
        occurrences.forget(admin, one.id)
    assert names(platform) == [("message", "order", "2")]
    assert occurrences.list(admin, "other").items == ()


def test_a_switch_holds_the_start_and_not_the_remembering(platform: Platform, admin: Actor) -> None:
    """When it is cleared, what is complete starts."""
    deploy(platform, together(ORDER, PAYMENT, OPENING))
    switch = platform.runtime.switches.set(admin, SwitchScope.PROCESS, "ship", "an audit")
    platform.publish("order", "1")
    platform.publish("payment", "1")
    assert names(platform) == [("message", "order", "1"), ("message", "payment", "1")]
    platform.runtime.messages.broadcast(SYSTEM, "opening", {})
    assert platform.cases() == ()
    platform.runtime.switches.clear(admin, switch)
    assert only(platform.cases()).view.business_key == "1"


# gateways that need all of their events


def test_the_events_of_a_parallel_gateway_share_one_instance(platform: Platform) -> None:
    """The first starts it and the others go to it, by the correlation key."""
    deploy(platform, gateway(order=ORDER, payment=PAYMENT))
    for name, key in (("order", "1"), ("payment", "2"), ("payment", "1")):
        platform.publish(name, key)
    first, second = platform.cases()
    assert (first.view.business_key, active(first)) == ("1", {"after-order", "after-payment"})
    assert (second.view.business_key, active(second)) == ("2", {"after-payment", "order"})


def test_a_signal_for_a_waiting_instance_starts_no_other(platform: Platform) -> None:
    """It starts one if nobody waits for it."""
    deploy(platform, gateway(order=ORDER, opening=OPENING))
    platform.publish("order", "1")
    platform.runtime.messages.broadcast(SYSTEM, "opening", {})
    assert active(only(platform.cases())) == {"after-order", "after-opening"}
    platform.runtime.messages.broadcast(SYSTEM, "opening", {})
    assert [active(case) for case in platform.cases()][1:] == [{"after-opening", "order"}]


def test_two_messages_of_a_gateway_at_once_share_one_instance(platform: Platform) -> None:
    """The second waits for the first, and finds who waits for it."""
    deploy(platform, gateway(order=ORDER, payment=PAYMENT))
    order, payment = unsent(platform, "order", "1"), unsent(platform, "payment", "1")
    core = platform.runtime.core
    overlap(core.store, lambda: correlate(core, order), lambda: correlate(core, payment))
    assert active(only(platform.cases())) == {"after-order", "after-payment"}


def test_a_signal_whose_start_was_overtaken_goes_to_the_instance(platform: Platform) -> None:
    """It was thrown before the message came, and carried out after."""
    deploy(platform, gateway(order=ORDER, opening=OPENING))
    thrown(platform, "after", "opening", {"open": True})
    platform.publish("order", "1")
    platform.advance(seconds=10)
    case = only(platform.cases())
    assert (active(case), case.variables) == ({"after-order", "after-opening"}, {"open": True})


def test_messages_of_a_gateway_that_a_switch_has_held_share_one_instance(platform: Platform, admin: Actor) -> None:
    """As if they had come after it was cleared."""
    deploy(platform, gateway(order=ORDER, payment=PAYMENT))
    switch = platform.runtime.switches.set(admin, SwitchScope.PROCESS, "ship", "an audit")
    platform.publish("order", "1")
    platform.publish("payment", "1")
    assert platform.cases() == ()
    platform.runtime.switches.clear(admin, switch)
    platform.advance(seconds=10)
    assert active(only(platform.cases())) == {"after-order", "after-payment"}


def unsent(platform: Platform, name: str, key: str) -> str:
    """A message that is stored and not correlated yet. Returns its id."""
    core, row_id = platform.runtime.core, f"{name}-{key}"
    now = core.clock.now()
    with core.store.write() as session:
        session.add(
            MessageRow(
                id=row_id,
                name=name,
                correlation_key=key,
                variables={},
                published_at=now,
                published_by="test",
                expires_at=now,
                correlated=False,
            )
        )
    return row_id


def thrown(
    platform: Platform, others: str, element_id: str = "start", variables: Mapping[str, object] | None = None
) -> str:
    """A signal that was thrown when nobody waited, and has not been carried out yet. Returns the follow-up's id."""
    core, model_id = platform.runtime.core, platform.runtime.deployments.models()[0].id
    payload = {"name": "opening", "variables": variables or {}, "trace": None, "element": element_id}
    payload |= {"process": "ship", "model": model_id, "others": others}
    with core.store.write() as session:
        session.add(FollowUpRow(id="f", kind="start by signal", created_at=core.clock.now(), payload=payload))
    return "f"
