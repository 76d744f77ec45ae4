"""What happened to a process instance, in the order in which it happened. Past tense; plain records.

`element_instance_id` is one visit of a token to an element; `scope_id` is the element instance (or the instance itself)
whose variables are meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class InstanceStarted:
    process_id: str
    variables: Variables


@dataclass(frozen=True, slots=True)
class InstanceCompleted:
    variables: Variables  # the instance's own scope at its end


@dataclass(frozen=True, slots=True)
class InstanceFailed:
    """Ended by an error end event that nothing caught."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class InstanceCancelled:
    reason: str


@dataclass(frozen=True, slots=True)
class ElementActivated:
    element_instance_id: str
    element_id: str
    element_type: str  # the BPMN name: "serviceTask", "exclusiveGateway", "boundaryEvent" …
    element_name: str | None
    scope_id: str


@dataclass(frozen=True, slots=True)
class ElementCompleted:
    element_instance_id: str
    element_id: str


@dataclass(frozen=True, slots=True)
class ElementCancelled:
    element_instance_id: str
    element_id: str


@dataclass(frozen=True, slots=True)
class FlowTaken:
    flow_id: str


@dataclass(frozen=True, slots=True)
class VariablesSet:
    scope_id: str
    variables: Variables
    previous: Variables  # old values of those that existed


class JobKind(StrEnum):
    TASK = "task"
    EXECUTION_LISTENER = "execution listener"
    TASK_LISTENER = "task listener"
    AD_HOC_SUB_PROCESS = "ad-hoc subprocess"


@dataclass(frozen=True, slots=True)
class JobRequested:
    job_id: str
    element_instance_id: str
    element_id: str
    type: str
    retries: int
    headers: Mapping[str, str]
    variables: Variables  # what the job may see: the task's local scope if it has input mappings, else all visible ones
    kind: JobKind = JobKind.TASK
    priority: int = 0


@dataclass(frozen=True, slots=True)
class JobCancelled:
    job_id: str


@dataclass(frozen=True, slots=True)
class UserTaskCreated:
    user_task_id: str
    element_instance_id: str
    element_id: str
    name: str
    assignee: str | None
    candidate_users: tuple[str, ...]
    candidate_groups: tuple[str, ...]
    due_date: datetime | None
    follow_up_date: datetime | None
    priority: int
    form_id: str | None
    variables: Variables


@dataclass(frozen=True, slots=True)
class UserTaskHeldUp:
    """Listeners are called before the task is assigned, updated, completed or canceled; until then it is at no rest."""

    user_task_id: str
    transition: str


@dataclass(frozen=True, slots=True)
class UserTaskChanged:
    """The task is at rest again, with these changes (JSON, by the names of `UpdateUserTask.changes`)."""

    user_task_id: str
    changes: Variables


@dataclass(frozen=True, slots=True)
class UserTaskDenied:
    """A listener has denied the transition: the task is at rest again, as it was before."""

    user_task_id: str
    transition: str
    reason: str


@dataclass(frozen=True, slots=True)
class UserTaskCompleted:
    user_task_id: str


@dataclass(frozen=True, slots=True)
class UserTaskCancelled:
    user_task_id: str


@dataclass(frozen=True, slots=True)
class TimerScheduled:
    timer_id: str
    element_instance_id: str
    element_id: str
    due: datetime


@dataclass(frozen=True, slots=True)
class TimerCancelled:
    timer_id: str


class SubscriptionKind(StrEnum):
    MESSAGE = "message"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True)
class SubscriptionOpened:
    subscription_id: str
    element_instance_id: str
    element_id: str
    kind: SubscriptionKind
    name: str
    correlation_key: str | None  # None for signals


@dataclass(frozen=True, slots=True)
class SubscriptionClosed:
    subscription_id: str


@dataclass(frozen=True, slots=True)
class MessagePublished:
    name: str
    correlation_key: str
    message_id: str | None
    time_to_live_seconds: int
    variables: Variables


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """For the other instances and for start events: this instance has received it already."""

    name: str
    variables: Variables


@dataclass(frozen=True, slots=True)
class ErrorThrown:
    element_id: str
    code: str
    message: str
    caught_by: str | None


@dataclass(frozen=True, slots=True)
class EscalationThrown:
    """Not caught in an instance that was called: its caller is sent `EscalateCalledInstance`."""

    element_id: str
    code: str
    caught_by: str | None
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionEvaluated:
    element_instance_id: str
    element_id: str
    decision_id: str
    evaluation: Mapping[str, object]  # JSON, as `app.dmn` writes it: value, decisions with matched rules, reasons


@dataclass(frozen=True, slots=True)
class CalledInstanceRequested:
    element_instance_id: str
    element_id: str
    process_id: str
    binding: str  # latest, deployment or versionTag
    version_tag: str | None
    variables: Variables
    business_id: str | None = None  # None: the caller's


@dataclass(frozen=True, slots=True)
class CalledInstanceCancelled:
    element_instance_id: str


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    incident_id: str
    element_instance_id: str
    element_id: str
    kind: str  # job, expression, decision, message, error …
    message: str
    job_id: str | None = None


@dataclass(frozen=True, slots=True)
class IncidentResolved:
    incident_id: str


Event = (
    InstanceStarted
    | InstanceCompleted
    | InstanceFailed
    | InstanceCancelled
    | ElementActivated
    | ElementCompleted
    | ElementCancelled
    | FlowTaken
    | VariablesSet
    | JobRequested
    | JobCancelled
    | UserTaskCreated
    | UserTaskHeldUp
    | UserTaskChanged
    | UserTaskDenied
    | UserTaskCompleted
    | UserTaskCancelled
    | TimerScheduled
    | TimerCancelled
    | SubscriptionOpened
    | SubscriptionClosed
    | MessagePublished
    | SignalThrown
    | ErrorThrown
    | EscalationThrown
    | DecisionEvaluated
    | CalledInstanceRequested
    | CalledInstanceCancelled
    | IncidentRaised
    | IncidentResolved
)
