"""What is due in instances: the timers that tokens wait for."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from app.engine import commands
from app.runtime.clock import CLOCK, DueThings, Place, ids_of, setbacks
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


def _place(core: Core, timer_id: str) -> Place | None:
    with core.store.read() as session:
        timer = session.get(TimerRow, timer_id)
        return None if timer is None else Place(timer.instance_id, timer.element_id)


DUE = (DueThings("timers", DueKind.TIMER, _due_timers, _fire, _place),)
