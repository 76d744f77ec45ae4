"""What is due in instances: the timers that tokens wait for."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from app.engine import commands
from app.runtime.clock import CLOCK, Batch, DueThings, Place, ids_of, setbacks
from app.runtime.instances import advancing, suspending
from app.runtime.transaction import Core
from app.runtime.views import DueKind, InstanceStatus
from app.store.tables import InstanceRow, TimerRow


def _due_timers(core: Core, limit: int) -> Sequence[str]:
    query = select(TimerRow.id).join(InstanceRow, InstanceRow.id == TimerRow.instance_id)
    query = query.where(TimerRow.due <= core.clock.now(), ~suspending.holds_instance(TimerRow.element_id))
    query = query.where(~setbacks.holds(core, DueKind.TIMER, TimerRow.id))
    return ids_of(core, query.order_by(TimerRow.due).limit(limit))


def _fire(core: Core, timer_id: str) -> bool:
    with core.transaction(CLOCK) as transaction:
        session = transaction.session
        located = session.scalar(select(TimerRow.instance_id).where(TimerRow.id == timer_id))
        if located is None:
            return False
        row = advancing.lock(transaction, located)
        wait = session.execute(select(TimerRow.due, TimerRow.element_id).where(TimerRow.id == timer_id)).first()
        if wait is None or wait.due > transaction.now or suspending.why_held(session, row, wait.element_id):
            return False
        session.execute(delete(TimerRow).where(TimerRow.id == timer_id))
        if row.status is not InstanceStatus.RUNNING:
            return False
        advancing.Advance(core, transaction).send(row.id, commands.FireTimer(timer_id))
        return True


def _fire_together(core: Core, timer_ids: Sequence[str]) -> Batch:
    """Timers of instances that nobody else holds, one of each, in one transaction.

    Trees are locked in the order of their ids, and none is waited for: what another clock holds, it does. Timers of
    called instances are left to be fired alone, a second one of an instance to the next tick: the first may end it.
    """
    with core.transaction(CLOCK) as transaction:
        session = transaction.session
        due = select(TimerRow.id, TimerRow.instance_id, InstanceRow.root_id)
        due = due.join(InstanceRow, InstanceRow.id == TimerRow.instance_id)
        due = due.where(TimerRow.id.in_(timer_ids), TimerRow.due <= transaction.now)
        found = session.execute(due).all()
        called = [each.id for each in found if each.instance_id != each.root_id]
        ours = advancing.lock_roots(transaction, [each.root_id for each in found if each.instance_id == each.root_id])
        again = due.where(TimerRow.instance_id.in_(ours), InstanceRow.status == InstanceStatus.RUNNING)
        again = again.where(~suspending.holds_instance(TimerRow.element_id)).order_by(TimerRow.due.desc())
        firing = {each.instance_id: each.id for each in session.execute(again)}
        session.execute(delete(TimerRow).where(TimerRow.id.in_(list(firing.values()))))
        advance = advancing.Advance(core, transaction)
        for instance_id, timer_id in firing.items():
            advance.send(instance_id, commands.FireTimer(timer_id))
    return Batch(len(firing), called)


def _place(core: Core, timer_id: str) -> Place | None:
    with core.store.read() as session:
        timer = session.get(TimerRow, timer_id)
        return None if timer is None else Place(timer.instance_id, timer.element_id)


DUE = (DueThings("timers", DueKind.TIMER, _due_timers, _fire, _place, _fire_together),)
