"""What the engine says happened, as rows: history, jobs, tasks, timers, subscriptions, evaluations, incidents."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select, update

from app.engine import events
from app.runtime.instances import origins, standstill, task_rows
from app.runtime.models import Asked, put_evaluation
from app.runtime.transaction import Core, Transaction, outgoing
from app.store.states import ApprovalState, IncidentState, JobState, TaskState
from app.store.tables import (
    ApprovalRow,
    HistoryRow,
    IncidentRow,
    InstanceRow,
    JobRow,
    KeyedStartRow,
    SubscriptionRow,
    TaskRow,
    TimerRow,
)


class EventWriter:
    """Writes the events of one instance within one transaction; rows of the same kind become one statement."""

    def __init__(self, core: Core, transaction: Transaction, row: InstanceRow) -> None:
        self._core = core
        self._transaction = transaction
        self._batch = transaction.batch
        self._row = row
        self._flows = dict.fromkeys(row.flows if isinstance(row.flows, list) else [])
        self._visits: dict[str, int] = {}  # element instance → position in the history, of those met here
        self._new_rows: dict[str, dict[str, object]] = {}  # timers and subscriptions opened here
        self._asked: list[Asked] = []
        self._gone: set[str] = set()  # jobs and earlier timers and subscriptions that are over
        self._is_over = False
        self._incident_was_resolved = False  # only then may a job be requested that there is already

    def write(self, happened: Iterable[events.Event], asked: Iterable[Asked]) -> None:
        self._asked = list(asked)
        for event in happened:
            writer = WRITERS.get(type(event))
            if writer is not None:
                writer(self, event)

    def finish(self) -> None:
        """Write what is complete at the end only: the waits that were opened and are still open, the flows taken."""
        self._row.flows = list(self._flows)
        for row in self._new_rows.values():
            self._batch.put(TimerRow if "due" in row else SubscriptionRow, **row)
        if self._row.incident_count > 0 and self._is_over:
            standstill.end_all(self._transaction, self._row)
        elif self._row.incident_count > 0 and self._gone:
            standstill.end_of(self._transaction, self._row, self._gone)

    def history(self, kind: str, **values: object) -> int:
        """Add a line to the timeline. Returns its position."""
        self._row.history_count += 1
        detail = values.pop("detail", {})
        self._batch.put(
            HistoryRow,
            instance_id=self._row.id,
            position=self._row.history_count,
            at=self._transaction.now,
            kind=kind,
            detail=detail,
            **values,
        )
        return self._row.history_count

    # elements

    def _activated(self, event: events.ElementActivated) -> None:
        self._visits[event.element_instance_id] = self.history(
            "element",
            key=event.element_instance_id,
            element_id=event.element_id,
            element_name=event.element_name,
            element_type=event.element_type,
        )

    def _completed(self, event: events.ElementCompleted) -> None:
        self._end(event.element_instance_id, "completed")

    def _cancelled(self, event: events.ElementCancelled) -> None:
        self._end(event.element_instance_id, "cancelled")

    def _end(self, element_instance_id: str, outcome: str) -> None:
        position, now = self._visits.get(element_instance_id), self._transaction.now
        if position is None:  # it was met in an earlier transaction
            visit = {"instance_id": self._row.id, "key": element_instance_id}
            self._batch.change_where(HistoryRow, visit, outcome=outcome, ended_at=now)
        else:
            self._batch.change(HistoryRow, (self._row.id, position), outcome=outcome, ended_at=now)

    def _flow_taken(self, event: events.FlowTaken) -> None:
        self._flows[event.flow_id] = None

    def _variables_set(self, event: events.VariablesSet) -> None:
        self.history(
            "variables",
            key=event.scope_id,
            detail={"variables": dict(event.variables), "previous": dict(event.previous)},
        )

    # jobs

    def _job_requested(self, event: events.JobRequested) -> None:
        now = self._transaction.now
        values: dict[str, object] = {
            "state": JobState.AVAILABLE,
            "retries": event.retries,
            "failures": 0,
            "unanswered": 0,
            "priority": event.priority,
            "headers": dict(event.headers),
            "variables": dict(event.variables),
            "due_at": now,
            "announced_at": now,
            "exception_class": None,
            "message": None,
            "held_by": None,
            "worker_id": None,
            "lease_until": None,
            "ended_at": None,
        }
        if self._incident_was_resolved and self._transaction.session.get(JobRow, event.job_id) is not None:
            self._batch.change(JobRow, event.job_id, **values)
        else:
            self._batch.put(
                JobRow,
                id=event.job_id,
                idempotency_key=origins.of_job(self._row, event.element_id, event.type, event.kind.value),
                instance_id=self._row.id,
                root_id=self._row.root_id,
                process_id=self._row.process_id,
                element_instance_id=event.element_instance_id,
                element_id=event.element_id,
                type=event.type,
                kind=event.kind,
                attempt=0,
                trace_id=self._row.trace_id,
                created_at=now,
                **values,
            )
        self._transaction.announce(event.job_id)

    def _job_cancelled(self, event: events.JobCancelled) -> None:
        self._gone.add(event.job_id)
        self._batch.change(JobRow, event.job_id, state=JobState.CANCELLED, ended_at=self._transaction.now)
        session = self._transaction.session
        open_tasks = select(TaskRow.id).where(TaskRow.job_id == event.job_id, TaskRow.state == TaskState.OPEN)
        ids = list(session.scalars(open_tasks))
        if ids:
            task_rows.end(self._transaction, ids, TaskState.CANCELLED)
            waiting = (ApprovalRow.id.in_(ids), ApprovalRow.state == ApprovalState.WAITING)
            session.execute(update(ApprovalRow).where(*waiting).values(state=ApprovalState.CANCELLED))

    # user tasks

    def _user_task_created(self, event: events.UserTaskCreated) -> None:
        task_rows.put_user_task(self._transaction, self._row, event)

    def _user_task_held_up(self, event: events.UserTaskHeldUp) -> None:
        task_rows.hold_up(self._transaction, self._row.id, event.user_task_id, event.transition)

    def _user_task_changed(self, event: events.UserTaskChanged) -> None:
        task_rows.change(self._core, self._transaction, self._row.id, event.user_task_id, event.changes)

    def _user_task_denied(self, event: events.UserTaskDenied) -> None:
        element_id = task_rows.present(self._transaction, event.user_task_id, "element_id")
        detail = {"name": f"{event.transition} denied", "reason": event.reason}
        self.history("task", key=event.user_task_id, element_id=element_id, detail=detail)
        task_rows.deny(self._transaction, self._row.id, event.user_task_id, event.transition, event.reason)

    def _user_task_completed(self, event: events.UserTaskCompleted) -> None:
        task_rows.complete(self._transaction, self._row.id, event.user_task_id)

    def _user_task_cancelled(self, event: events.UserTaskCancelled) -> None:
        task_rows.cancel(self._transaction, event.user_task_id)

    # waiting

    def _timer_scheduled(self, event: events.TimerScheduled) -> None:
        self._new_rows[event.timer_id] = {
            "id": event.timer_id,
            "instance_id": self._row.id,
            "element_instance_id": event.element_instance_id,
            "element_id": event.element_id,
            "due": event.due,
        }

    def _timer_cancelled(self, event: events.TimerCancelled) -> None:
        if self._new_rows.pop(event.timer_id, None) is None:
            self._gone.add(event.timer_id)
            self._batch.remove(TimerRow, event.timer_id)

    def _subscription_opened(self, event: events.SubscriptionOpened) -> None:
        self._new_rows[event.subscription_id] = {
            "id": event.subscription_id,
            "instance_id": self._row.id,
            "process_id": self._row.process_id,
            "element_instance_id": event.element_instance_id,
            "element_id": event.element_id,
            "kind": event.kind,
            "name": event.name,
            "correlation_key": event.correlation_key,
            "opened_at": self._transaction.now,
        }
        if event.kind is events.SubscriptionKind.MESSAGE:
            self._transaction.then(outgoing.DeliverBuffered(event.name, event.correlation_key or ""))

    def _subscription_closed(self, event: events.SubscriptionClosed) -> None:
        if self._new_rows.pop(event.subscription_id, None) is None:
            self._gone.add(event.subscription_id)
            self._batch.remove(SubscriptionRow, event.subscription_id)

    # messages and signals

    def _message_published(self, event: events.MessagePublished) -> None:
        outgoing.put_message(
            self._transaction,
            event.name,
            event.correlation_key,
            event.variables,
            message_id=event.message_id,
            time_to_live_seconds=event.time_to_live_seconds,
            trace_id=self._row.trace_id,
        )
        self.history("message", detail={"name": event.name, "correlation_key": event.correlation_key, "sent": True})

    def _signal_thrown(self, event: events.SignalThrown) -> None:
        self.history("signal", detail={"name": event.name, "sent": True})
        outgoing.put_signal(self._transaction, event.name, event.variables, self._row)

    # what went otherwise

    def _error_thrown(self, event: events.ErrorThrown) -> None:
        detail = {"code": event.code, "message": event.message, "caught_by": event.caught_by}
        self.history("error", element_id=event.element_id, detail=detail)

    def _escalation_thrown(self, event: events.EscalationThrown) -> None:
        self.history(
            "escalation", element_id=event.element_id, detail={"code": event.code, "caught_by": event.caught_by}
        )

    def _decision_evaluated(self, event: events.DecisionEvaluated) -> None:
        asked = next((each for each in self._asked if each.decision_id == event.decision_id), None)
        if asked is not None:
            self._asked.remove(asked)
        put_evaluation(self._core, self._transaction, self._row, event, asked)
        self.history(
            "decision",
            key=event.element_instance_id,
            element_id=event.element_id,
            detail={"decision": event.decision_id, "value": event.evaluation.get("value")},
        )

    def _incident_raised(self, event: events.IncidentRaised) -> None:
        exception_class = None
        if event.job_id is not None:
            exception_class = self._transaction.failures.get(event.job_id)
            self._batch.change(JobRow, event.job_id, state=JobState.FAILED, message=event.message)
        self._batch.put(
            IncidentRow,
            id=event.incident_id,
            instance_id=self._row.id,
            process_id=self._row.process_id,
            element_instance_id=event.element_instance_id,
            element_id=event.element_id,
            kind=event.kind,
            exception_class=exception_class,
            message=event.message,
            state=IncidentState.OPEN,
            job_id=event.job_id,
            raised_at=self._transaction.now,
        )
        self._row.incident_count += 1
        self.history("incident", element_id=event.element_id, detail={"kind": event.kind, "message": event.message})
        self._transaction.record(
            "incident.raised", event.incident_id, stream=self._row.id, kind=event.kind, element=event.element_id
        )

    def _incident_resolved(self, event: events.IncidentResolved) -> None:
        self._incident_was_resolved = True
        self._batch.change(
            IncidentRow,
            event.incident_id,
            state=IncidentState.RESOLVED,
            resolved_at=self._transaction.now,
            resolved_by=self._transaction.actor.name,
        )
        self._row.incident_count = max(0, self._row.incident_count - 1)

    # the instance itself

    def _instance_completed(self, _event: events.InstanceCompleted) -> None:
        self._over("instance.completed")

    def _instance_failed(self, event: events.InstanceFailed) -> None:
        self._over("instance.failed", code=event.code, message=event.message)

    def _instance_cancelled(self, event: events.InstanceCancelled) -> None:
        self._over("instance.cancelled", reason=event.reason)

    def _over(self, action: str, **detail: object) -> None:
        self._is_over = True
        if self._row.parent_id is None and self._row.business_key:  # as of everything that a message with a key starts
            self._batch.remove(KeyedStartRow, self._row.id)
        self.history(action.removeprefix("instance."), detail=detail)
        self._transaction.record(action, self._row.id, stream=self._row.id, **detail)


WRITERS: dict[type, Callable[[EventWriter, Any], None]] = {
    events.ElementActivated: EventWriter._activated,
    events.ElementCompleted: EventWriter._completed,
    events.ElementCancelled: EventWriter._cancelled,
    events.FlowTaken: EventWriter._flow_taken,
    events.VariablesSet: EventWriter._variables_set,
    events.JobRequested: EventWriter._job_requested,
    events.JobCancelled: EventWriter._job_cancelled,
    events.UserTaskCreated: EventWriter._user_task_created,
    events.UserTaskHeldUp: EventWriter._user_task_held_up,
    events.UserTaskChanged: EventWriter._user_task_changed,
    events.UserTaskDenied: EventWriter._user_task_denied,
    events.UserTaskCompleted: EventWriter._user_task_completed,
    events.UserTaskCancelled: EventWriter._user_task_cancelled,
    events.TimerScheduled: EventWriter._timer_scheduled,
    events.TimerCancelled: EventWriter._timer_cancelled,
    events.SubscriptionOpened: EventWriter._subscription_opened,
    events.SubscriptionClosed: EventWriter._subscription_closed,
    events.MessagePublished: EventWriter._message_published,
    events.SignalThrown: EventWriter._signal_thrown,
    events.ErrorThrown: EventWriter._error_thrown,
    events.EscalationThrown: EventWriter._escalation_thrown,
    events.DecisionEvaluated: EventWriter._decision_evaluated,
    events.IncidentRaised: EventWriter._incident_raised,
    events.IncidentResolved: EventWriter._incident_resolved,
    events.InstanceCompleted: EventWriter._instance_completed,
    events.InstanceFailed: EventWriter._instance_failed,
    events.InstanceCancelled: EventWriter._instance_cancelled,
}  # InstanceStarted is recorded where the row is made; what concerns called instances is in `advancing`
