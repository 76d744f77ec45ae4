"""What is due of starts: start events by timer, and occurrences that nothing completed in time."""

from collections.abc import Sequence

from sqlalchemy import select

from app.engine import Schedule
from app.runtime.clock import CLOCK, DueThings, Sweep, ids_of, setbacks
from app.runtime.instances import advancing, suspending
from app.runtime.starts import combined, keyed, start_events
from app.runtime.transaction import Core
from app.runtime.views import DueKind
from app.store.tables import StartTriggerRow


def _due_starts(core: Core, limit: int) -> Sequence[str]:
    held = suspending.holds_start(StartTriggerRow.process_id, StartTriggerRow.element_id)
    query = select(StartTriggerRow.id).where(StartTriggerRow.due <= core.clock.now(), ~held)
    query = query.where(~setbacks.holds(core, DueKind.START, StartTriggerRow.id))
    return ids_of(core, query.limit(limit))


def _start(core: Core, trigger_id: str) -> bool:
    with core.transaction(CLOCK) as transaction:
        session = transaction.session
        query = select(StartTriggerRow).where(StartTriggerRow.id == trigger_id).with_for_update()
        trigger = session.scalars(query).first()
        if trigger is None or trigger.due is None or trigger.due > transaction.now:
            return False
        if suspending.why_start_is_held(session, trigger.process_id, trigger.element_id):
            return False
        state = trigger.schedule
        schedule = Schedule.from_state(state if isinstance(state, list) else [])
        following = schedule.next(transaction.now)
        trigger.schedule = following.to_state() if following else None
        trigger.due = following.due if following else None
        advance = advancing.Advance(core, transaction)
        start_events.start_by_timer(core, advance, transaction, trigger, schedule.due)
        return True


def _forget_expired(core: Core, limit: int) -> int:
    with core.transaction(CLOCK) as transaction:
        return combined.forget_expired(transaction, limit)


def _start_waiting(core: Core, row_id: str) -> bool:
    with core.transaction(CLOCK) as transaction:
        return start_events.start_waiting(advancing.Advance(core, transaction), transaction, row_id)


def _forget_waiting(core: Core, limit: int) -> int:
    with core.transaction(CLOCK) as transaction:
        return keyed.forget_expired(transaction, limit)


DUE = (
    DueThings("starts", DueKind.START, _due_starts, _start),
    Sweep("forgotten occurrences", _forget_expired, is_work=False),
    DueThings("starts by waiting messages", DueKind.KEYED_START, keyed.due, _start_waiting),
    Sweep("forgotten waiting messages", _forget_waiting, is_work=False),
)
