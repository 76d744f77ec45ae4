"""What the clock does: timers, fast-track grants, overdue tasks, lost leases, lost announcements, circuits, expiry.

Each due thing is looked for without a lock, and done in a transaction of its own that checks again: any number of
clocks may run.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from app.engine import Schedule, commands
from app.errors import Conflict
from app.runtime import (
    advancing,
    approving,
    circuits,
    escalating,
    following_up,
    setbacks,
    start_events,
    starting_together,
    suspending,
    transitions,
)
from app.runtime.actors import Actor
from app.runtime.beginning import LIMIT
from app.runtime.core import Core
from app.runtime.jobs import Jobs
from app.runtime.views import ApprovalState, CircuitState, DueKind, InstanceStatus, JobState, TaskState, TickCounts
from app.store.states import DeliveryState
from app.store.tables import (
    ApprovalRow,
    CircuitRow,
    DeliveryRow,
    FollowUpRow,
    InstanceRow,
    JobRow,
    MessageReceiptRow,
    MessageRow,
    StartTriggerRow,
    SubscriptionRow,
    TaskRow,
    TimerRow,
)

CLOCK = Actor("clock", "clock", is_system=True)
GRACE = timedelta(seconds=5)  # what a process that stored something is given to carry it out itself

log = structlog.get_logger(__name__)


class Ticking:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._jobs = Jobs(core)
        self._setbacks = setbacks.Setbacks(core)

    def tick(self, limit: int) -> TickCounts:
        """Everything that is due, once. See `Runtime.tick`."""
        return TickCounts(
            timers=self._each(DueKind.TIMER, self._due_timers(limit), self._fire),
            started=self._each(DueKind.START, self._due_starts(limit), self._start),
            granted=self._each(DueKind.GRANT, self._due_grants(limit), self._grant),
            escalated=self._each(DueKind.ESCALATION, self._overdue(limit), self._escalate),
            leases_expired=self._expire_leases(limit),
            circuits_probed=self._each(DueKind.PROBE, self._circuits_to_probe(), self._probe),
            released=self._release_limited(limit),
            messages=self._messages(limit),
            signals=self._each(DueKind.FOLLOW_UP, self._lost_follow_ups(limit), self._follow_up),
            deliveries=self._announce_deliveries(limit),
            announced=self._jobs.announce(limit),
        )

    def _each(self, kind: DueKind, ids: Sequence[str], do: Callable[[str], int]) -> int:
        """Do each; one that fails keeps nobody else from being done, and is tried again after a pause (`setbacks`)."""
        done = 0
        failed_before = self._setbacks.known(kind, ids) if ids else frozenset()
        for each in ids:
            try:
                done += do(each)
            except Conflict as conflict:
                log.info("due thing was overtaken", subject=each, reason=str(conflict))
            except Exception as error:
                log.exception("due thing failed", kind=kind.value, subject=each)
                self._setbacks.count(CLOCK, kind, each, error)
            else:
                if each in failed_before:
                    self._setbacks.forget(CLOCK, kind, each)
        return done

    # timers

    def _due_timers(self, limit: int) -> Sequence[str]:
        query = select(TimerRow.id).join(InstanceRow, InstanceRow.id == TimerRow.instance_id)
        query = query.where(TimerRow.due <= self._core.clock.now(), ~suspending.holds_instance(TimerRow.element_id))
        query = query.where(~setbacks.holds(self._core, DueKind.TIMER, TimerRow.id))
        return self._ids(query.order_by(TimerRow.due).limit(limit))

    def _fire(self, timer_id: str) -> bool:
        with self._core.transaction(CLOCK) as transaction:
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
            advancing.Advance(self._core, transaction).send(row.id, commands.FireTimer(timer_id))
            return True

    def _due_starts(self, limit: int) -> Sequence[str]:
        held = suspending.holds_start(StartTriggerRow.process_id, StartTriggerRow.element_id)
        query = select(StartTriggerRow.id).where(StartTriggerRow.due <= self._core.clock.now(), ~held)
        query = query.where(~setbacks.holds(self._core, DueKind.START, StartTriggerRow.id))
        return self._ids(query.limit(limit))

    def _start(self, trigger_id: str) -> bool:
        with self._core.transaction(CLOCK) as transaction:
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
            advance = advancing.Advance(self._core, transaction)
            start_events.start_by_timer(self._core, advance, transaction, trigger, schedule.due)
            return True

    # governance

    def _due_grants(self, limit: int) -> Sequence[str]:
        now = self._core.clock.now()
        query = select(ApprovalRow.id).where(ApprovalRow.state == ApprovalState.WAITING, ApprovalRow.granted_at <= now)
        query = query.where(~setbacks.holds(self._core, DueKind.GRANT, ApprovalRow.id))
        return self._ids(query.order_by(ApprovalRow.granted_at).limit(limit))

    def _grant(self, approval_id: str) -> bool:
        with self._core.transaction(CLOCK) as transaction:
            session = transaction.session
            row = advancing.lock(transaction, session.get_one(TaskRow, approval_id).instance_id)
            approval = session.get_one(ApprovalRow, approval_id, populate_existing=True)
            task = session.get_one(TaskRow, approval_id, populate_existing=True)
            due = approval.granted_at is not None and approval.granted_at <= transaction.now
            if approval.state is not ApprovalState.WAITING or not due:
                return False
            approving.grant_by_clock(transaction, row, task, approval)
            return True

    def _overdue(self, limit: int) -> Sequence[str]:
        now = self._core.clock.now()
        query = select(TaskRow.id).where(
            TaskRow.state == TaskState.OPEN, TaskRow.escalate_at <= now, TaskRow.held_up.is_(None)
        )
        query = query.where(~setbacks.holds(self._core, DueKind.ESCALATION, TaskRow.id))
        return self._ids(query.order_by(TaskRow.escalate_at).limit(limit))

    def _escalate(self, task_id: str) -> bool:
        with self._core.transaction(CLOCK) as transaction:
            session = transaction.session
            row = advancing.lock(transaction, session.get_one(TaskRow, task_id).instance_id)
            task = session.get_one(TaskRow, task_id, populate_existing=True)
            is_due = task.escalate_at is not None and task.escalate_at <= transaction.now
            if task.state is not TaskState.OPEN or task.held_up is not None or not is_due:
                return False
            changes = escalating.escalate_task(self._core, transaction, row, task)
            transaction.gather()
            transitions.change(self._core, transaction, row, task, changes, action="escalate")
            return True

    # jobs

    def _expire_leases(self, limit: int) -> int:
        with self._core.transaction(CLOCK) as transaction:
            lost = (
                select(JobRow.id)
                .where(JobRow.state == JobState.LEASED, JobRow.lease_until <= transaction.now)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            ids = list(transaction.session.scalars(lost))
            if ids:
                self._make_available(transaction.session, ids, transaction.now)
                for job_id in ids:
                    transaction.announce(job_id)
        return len(ids)

    def _circuits_to_probe(self) -> Sequence[str]:
        query = select(CircuitRow.system).where(
            CircuitRow.state != CircuitState.CLOSED, CircuitRow.probe_at <= self._core.clock.now()
        )
        return self._ids(query.where(~setbacks.holds(self._core, DueKind.PROBE, CircuitRow.system)))

    def _probe(self, system: str) -> bool:
        """Let the oldest job that the circuit holds try; as the first to begin after the cool-down, it is the probe."""
        with self._core.transaction(CLOCK) as transaction:
            return circuits.release(transaction, circuits.held_by(system), limit=1) > 0

    def _release_limited(self, limit: int) -> int:
        with self._core.transaction(CLOCK) as transaction:
            query = select(JobRow.id).where(
                JobRow.state == JobState.HELD, JobRow.held_by == LIMIT, JobRow.due_at <= transaction.now
            )
            ids = list(transaction.session.scalars(query.limit(limit).with_for_update(skip_locked=True)))
            if ids:
                self._make_available(transaction.session, ids, transaction.now)
                for job_id in ids:
                    transaction.announce(job_id)
        return len(ids)

    # messages

    def _messages(self, limit: int) -> int:
        """Correlate what was interrupted, deliver what found no subscription then, forget what has expired."""
        now = self._core.clock.now()
        lost = select(MessageRow.id).where(MessageRow.correlated.is_(False), MessageRow.published_at <= now - GRACE)
        lost = lost.where(~setbacks.holds(self._core, DueKind.MESSAGE, MessageRow.id))
        self._each(DueKind.MESSAGE, self._ids(lost.order_by(MessageRow.id).limit(limit)), self._correlate)
        waiting = (
            select(MessageRow.id)
            .join(
                SubscriptionRow,
                (SubscriptionRow.name == MessageRow.name)
                & (SubscriptionRow.correlation_key == MessageRow.correlation_key),
            )
            .where(MessageRow.correlated, MessageRow.expires_at > now, SubscriptionRow.kind == "message")
            .where(
                ~select(MessageReceiptRow)
                .where(
                    MessageReceiptRow.message_id == MessageRow.id,
                    MessageReceiptRow.process_id == SubscriptionRow.process_id,
                )
                .exists()
            )
            .where(~setbacks.holds(self._core, DueKind.BUFFERED_MESSAGE, MessageRow.id))
            .distinct()
            .limit(limit)
        )
        delivered = self._each(DueKind.BUFFERED_MESSAGE, self._ids(waiting), self._deliver_buffered)
        self._forget_messages(limit)
        return delivered

    def _correlate(self, message_id: str) -> int:
        following_up.correlate(self._core, message_id)
        return 1

    def _deliver_buffered(self, message_id: str) -> int:
        with self._core.store.read() as session:
            message = session.get(MessageRow, message_id)
        return (
            0 if message is None else following_up.deliver_buffered(self._core, message.name, message.correlation_key)
        )

    def _forget_messages(self, limit: int) -> None:
        with self._core.transaction(CLOCK) as transaction:
            session = transaction.session
            expired = select(MessageRow.id).where(MessageRow.correlated, MessageRow.expires_at <= transaction.now)
            ids = list(session.scalars(expired.limit(limit)))
            if ids:
                session.execute(delete(MessageReceiptRow).where(MessageReceiptRow.message_id.in_(ids)))
                session.execute(delete(MessageRow).where(MessageRow.id.in_(ids)))
            starting_together.forget_expired(transaction, limit)

    def _lost_follow_ups(self, limit: int) -> Sequence[str]:
        before = self._core.clock.now() - GRACE
        query = select(FollowUpRow.id).where(
            FollowUpRow.created_at <= before, ~FollowUpRow.kind.startswith(suspending.HELD)
        )
        query = query.where(~setbacks.holds(self._core, DueKind.FOLLOW_UP, FollowUpRow.id))
        return self._ids(query.order_by(FollowUpRow.id).limit(limit))

    def _follow_up(self, follow_up_id: str) -> int:
        return following_up.carry_out(self._core, follow_up_id)

    def _announce_deliveries(self, limit: int) -> int:
        with self._core.transaction(CLOCK) as transaction:
            stale = transaction.now - self._core.settings.announce_again_after
            query = select(DeliveryRow.id).where(
                DeliveryRow.state == DeliveryState.STORED, DeliveryRow.announced_at <= stale
            )
            query = query.where(~setbacks.holds(self._core, DueKind.DELIVERY, DeliveryRow.id))
            ids = list(transaction.session.scalars(query.limit(limit).with_for_update(skip_locked=True)))
            if ids:
                transaction.session.execute(
                    update(DeliveryRow).where(DeliveryRow.id.in_(ids)).values(announced_at=transaction.now)
                )
        for delivery_id in ids:
            self._core.announcer.announce_delivery(delivery_id)
        return len(ids)

    def _make_available(self, session: Session, ids: list[str], now: datetime) -> None:
        session.execute(
            update(JobRow)
            .where(JobRow.id.in_(ids))
            .values(
                state=JobState.AVAILABLE, worker_id=None, lease_until=None, held_by=None, due_at=now, announced_at=now
            )
        )

    def _ids(self, query: Select[str]) -> Sequence[str]:
        with self._core.store.read() as session:
            return session.scalars(query).all()
