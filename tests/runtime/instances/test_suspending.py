"""Switches on instances, processes, elements and job types hold jobs, timers and messages, and lose none."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.runtime import SYSTEM, Actor
from app.runtime.views import JobState, SwitchScope
from app.store.tables import FollowUpRow
from app.testing import Platform
from tests.runtime.diagrams import (
    END,
    START,
    call,
    diagram,
    message_catch,
    service_task,
    start_by,
    timer_catch,
    user_task,
)
from tests.runtime.ledger import Ledger

PAID, PAID_MESSAGE = message_catch("paid")
ORDERED = '<bpmn:message id="message-ordered" name="ordered" />'


def deploy(platform: Platform, *diagrams: bytes) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {f"bpmn/{n}.bpmn": each for n, each in enumerate(diagrams)})


def suspend(platform: Platform, admin: Actor, scope: SwitchScope, key: str) -> None:
    platform.runtime.switches.set(admin, scope, key, "an audit is under way")


def resume(platform: Platform, admin: Actor, scope: SwitchScope, key: str) -> None:
    platform.runtime.switches.lift(admin, scope, key)
    platform.run()


@pytest.mark.parametrize("scope", [SwitchScope.INSTANCE, SwitchScope.PROCESS, SwitchScope.ELEMENT, SwitchScope.ACTION])
def test_a_job_waits_and_then_goes_on(platform: Platform, admin: Actor, ledger: Ledger, scope: SwitchScope) -> None:
    """Of the instance, the process, the element or the job type; it is done once."""
    deploy(platform, diagram("pay", START, service_task("ledger.book"), END))
    case = platform.start("pay", {"amount": Decimal(7)})
    key = {"instance": case, "process": "pay", "element": "pay/act", "action": "ledger.book"}[scope]
    suspend(platform, admin, scope, key)
    platform.advance(hours=1)
    (job,) = platform.case(case).jobs
    assert (job.state, job.held_by, ledger.attempts) == (JobState.HELD, "switch", 0)
    resume(platform, admin, scope, key)
    assert (platform.case(case).view.status.value, ledger.attempts) == ("completed", 1)


@pytest.mark.parametrize("scope", [SwitchScope.INSTANCE, SwitchScope.PROCESS, SwitchScope.ELEMENT])
def test_a_timer_waits_and_then_fires_once(platform: Platform, admin: Actor, scope: SwitchScope) -> None:
    """It became due meanwhile; others fire in time."""
    wait = diagram("wait", START, timer_catch("PT1H"), user_task(), END)
    other = diagram("other", START, timer_catch("PT1H"), END)
    deploy(platform, wait, other)
    case, free = platform.start("wait"), platform.start("other")
    key = {"instance": case, "process": "wait", "element": "wait/pause"}[scope]
    suspend(platform, admin, scope, key)
    platform.advance(hours=2)
    assert platform.case(case).active == {"pause": 1}
    assert platform.case(free).view.status == "completed"
    resume(platform, admin, scope, key)
    assert platform.case(case).active == {"decide": 1}


@pytest.mark.parametrize("scope", [SwitchScope.INSTANCE, SwitchScope.PROCESS, SwitchScope.ELEMENT])
def test_a_message_waits_longer_than_it_lives(platform: Platform, admin: Actor, scope: SwitchScope) -> None:
    """It had reached the instance: its time to live ends nothing, and it is delivered once."""
    deploy(platform, diagram("order", START, PAID, user_task(), END, roots=PAID_MESSAGE))
    case = platform.start("order", {"order_id": "A-1"})
    key = {"instance": case, "process": "order", "element": "order/wait"}[scope]
    suspend(platform, admin, scope, key)
    platform.runtime.messages.publish(admin, "paid", "A-1", {"by": "card"}, time_to_live_seconds=60)
    platform.advance(hours=1)
    assert platform.case(case).active == {"wait": 1}
    resume(platform, admin, scope, key)
    platform.run()
    assert platform.case(case).active == {"decide": 1}
    assert platform.case(case).variables["by"] == "card"
    with platform.runtime.core.store.read() as session:
        assert session.scalar(select(func.count()).select_from(FollowUpRow)) == 0


def test_a_held_message_goes_to_another_subscription_if_its_own_is_gone(platform: Platform, admin: Actor) -> None:
    """Nobody has had it, so whoever of the process waits for it next gets it."""
    deploy(platform, diagram("order", START, PAID, user_task(), END, roots=PAID_MESSAGE))
    case = platform.start("order", {"order_id": "A-1"})
    suspend(platform, admin, SwitchScope.INSTANCE, case)
    platform.publish("paid", "A-1")
    platform.runtime.instances.cancel(admin, case)
    other = platform.start("order", {"order_id": "A-1"})
    resume(platform, admin, SwitchScope.INSTANCE, case)
    assert platform.case(other).active == {"decide": 1}


def test_a_signal_waits_for_whom_it_had_reached(platform: Platform, admin: Actor) -> None:
    """It is thrown once, and everybody who waited then has it in the end."""
    catch = (
        '<bpmn:intermediateCatchEvent id="alarm">{flows}<bpmn:signalEventDefinition id="alarm-definition" '
        'signalRef="signal-alarm" /></bpmn:intermediateCatchEvent>'
    )
    signal = '<bpmn:signal id="signal-alarm" name="alarm" />'
    deploy(platform, diagram("order", START, catch, user_task(), END, roots=signal))
    held, free = platform.start("order"), platform.start("order")
    suspend(platform, admin, SwitchScope.INSTANCE, held)
    platform.runtime.messages.broadcast(admin, "alarm", {})
    platform.advance(hours=1)
    assert (platform.case(held).active, platform.case(free).active) == ({"alarm": 1}, {"decide": 1})
    resume(platform, admin, SwitchScope.INSTANCE, held)
    assert platform.case(held).active == {"decide": 1}


def test_a_process_is_started_by_a_message_after_it_is_resumed(platform: Platform, admin: Actor) -> None:
    """Once per message, with what the message brought."""
    start = start_by("message", "message-ordered")
    deploy(platform, diagram("order", start, user_task(), END, roots=ORDERED))
    suspend(platform, admin, SwitchScope.PROCESS, "order")
    platform.publish("ordered", "A-1", {"amount": Decimal(3)})
    platform.advance(hours=3)
    assert platform.cases() == ()
    resume(platform, admin, SwitchScope.PROCESS, "order")
    (case,) = platform.cases()
    assert (case.variables, case.view.business_key) == ({"amount": Decimal(3)}, "A-1")


def test_a_process_is_started_by_its_timer_after_it_is_resumed(platform: Platform, admin: Actor) -> None:
    """A cycle that was due several times meanwhile does not come in a burst before it is resumed."""
    deploy(platform, diagram("nightly", start_by("timer", "R1/PT1H"), user_task(), END))
    suspend(platform, admin, SwitchScope.PROCESS, "nightly")
    platform.advance(hours=2)
    assert platform.cases() == ()
    resume(platform, admin, SwitchScope.PROCESS, "nightly")
    assert len(platform.cases()) == 1


def test_an_instance_is_suspended_with_what_it_called(platform: Platform, admin: Actor, ledger: Ledger) -> None:
    """A switch on the root holds the whole tree."""
    inner = diagram("inner", START, service_task("ledger.book"), END)
    deploy(platform, diagram("outer", START, call("inner"), END), inner)
    case = platform.start("outer", {"amount": Decimal(7)})
    suspend(platform, admin, SwitchScope.INSTANCE, case)
    platform.run()
    assert ledger.attempts == 0
    resume(platform, admin, SwitchScope.INSTANCE, case)
    assert platform.case(case).view.status == "completed"


def test_two_switches_hold_until_both_are_cleared(platform: Platform, admin: Actor) -> None:
    """What one releases, the other holds again."""
    deploy(platform, diagram("order", START, PAID, user_task(), END, roots=PAID_MESSAGE))
    case = platform.start("order", {"order_id": "A-1"})
    suspend(platform, admin, SwitchScope.INSTANCE, case)
    suspend(platform, admin, SwitchScope.PROCESS, "order")
    platform.publish("paid", "A-1")
    platform.advance(minutes=1)
    resume(platform, admin, SwitchScope.INSTANCE, case)
    platform.advance(minutes=1)
    assert platform.case(case).active == {"wait": 1}
    resume(platform, admin, SwitchScope.PROCESS, "order")
    assert platform.case(case).active == {"decide": 1}


def test_who_may_suspend_and_what(platform: Platform, admin: Actor) -> None:
    """The right is switches.use; an element is named with its process; a switch is set once and lifted once."""
    switches = platform.runtime.switches
    deploy(platform, diagram("order", START, END))
    with pytest.raises(Forbidden):
        switches.set(platform.actor("anna"), SwitchScope.PROCESS, "order", "why not")
    with pytest.raises(Invalid):
        switches.set(admin, SwitchScope.ELEMENT, "wait", "no process is named")
    switches.set(admin, SwitchScope.SYSTEM, "shop", "once")
    with pytest.raises(Conflict):
        switches.set(admin, SwitchScope.SYSTEM, "shop", "twice")
    switches.lift(admin, SwitchScope.SYSTEM, "shop")
    with pytest.raises(NotFound):
        switches.lift(admin, SwitchScope.SYSTEM, "shop")
