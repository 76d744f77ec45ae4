"""What can be asked of a process instance. Imperative; the answers are in `app.engine.events`.

Every value is JSON as FEEL sees it: null, boolean, `Decimal`, string, list, dict.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class StartInstance:
    """Create the first token. `element_id` names the start event, or any other node of the process to start from there.

    None means the none start event. `correlation_key` is that of the message that starts the instance.
    """

    variables: Variables = field(default_factory=dict)
    element_id: str | None = None
    correlation_key: str | None = None


@dataclass(frozen=True, slots=True)
class TaskListenerResult:
    """What a task listener answers: it may deny the transition, or correct what the user task says about itself.

    The names in `corrections` are those of `UpdateUserTask.changes`.
    """

    told: ClassVar[str] = "task listener's result"
    denied: bool = False
    reason: str = ""
    corrections: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Activation:
    """An element of an ad-hoc subprocess that shall begin, with variables of its own scope."""

    element_id: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AdHocSubProcessResult:
    """What the job of an ad-hoc subprocess answers: what begins next, or that the subprocess is complete."""

    told: ClassVar[str] = "ad-hoc subprocess's result"
    activate: tuple[Activation, ...] = ()
    is_fulfilled: bool = False
    cancels_remaining: bool = False


JobResult = TaskListenerResult | AdHocSubProcessResult


@dataclass(frozen=True, slots=True)
class CompleteJob:
    """A `result` that does not fit the job is an incident, and the job stays."""

    job_id: str
    variables: Variables = field(default_factory=dict)
    result: JobResult | None = None


@dataclass(frozen=True, slots=True)
class ThrowError:
    """A job ended with a BPMN error; an incident is raised if no event catches it."""

    job_id: str
    code: str
    message: str = ""
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThrowEscalation:
    """A job threw a BPMN escalation. The job goes on unless an interrupting event caught it."""

    job_id: str
    code: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RaiseIncident:
    """A job's retries are exhausted, or its policy refused it: an operator is needed."""

    job_id: str
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class ResolveIncident:
    """Try again whatever the incident stopped. A job incident requests the same job again (same job id)."""

    incident_id: str


@dataclass(frozen=True, slots=True)
class CompleteUserTask:
    user_task_id: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AssignUserTask:
    """Give the user task to somebody, or with None to nobody. `action` tells its listeners in one word what was done.

    Only a task with listeners needs to ask: whose it is is otherwise no concern of the process.
    """

    user_task_id: str
    assignee: str | None
    action: str = "assign"


@dataclass(frozen=True, slots=True)
class UpdateUserTask:
    """Change what the user task says about itself.

    `changes`: assignee, candidate_users, candidate_groups, due_date, follow_up_date, priority.
    """

    user_task_id: str
    changes: Variables
    action: str = "update"


@dataclass(frozen=True, slots=True)
class FireTimer:
    timer_id: str


@dataclass(frozen=True, slots=True)
class DeliverMessage:
    subscription_id: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliverSignal:
    """Reaches every open signal subscription of this name in the instance."""

    name: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompleteCalledInstance:
    element_instance_id: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FailCalledInstance:
    """The called instance ended by an error that nothing in it caught."""

    element_instance_id: str
    code: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class RefuseCall:
    """No instance was called: an incident of the call activity, which nothing catches. Resolving it calls again."""

    element_instance_id: str
    message: str


@dataclass(frozen=True, slots=True)
class EscalateCalledInstance:
    """The called instance threw an escalation that nothing in it caught (EscalationThrown, `caught_by` None)."""

    element_instance_id: str
    code: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetVariables:
    """`scope_id` None means the instance's own scope."""

    variables: Variables
    scope_id: str | None = None


@dataclass(frozen=True, slots=True)
class ActivateElement:
    """Put a token at an element, whatever leads there. `scope_id` names the element instance of its scope, if several.

    Scopes around the element that are not alive are opened without their own starts. With `CancelElement` after it this
    moves a token.
    """

    element_id: str
    variables: Variables = field(default_factory=dict)
    scope_id: str | None = None


@dataclass(frozen=True, slots=True)
class CancelElement:
    """Cancel one element instance with everything in it. A scope that is empty then completes."""

    element_instance_id: str


@dataclass(frozen=True, slots=True)
class CancelInstance:
    reason: str = ""


Command = (
    StartInstance
    | CompleteJob
    | ThrowError
    | ThrowEscalation
    | RaiseIncident
    | ResolveIncident
    | CompleteUserTask
    | AssignUserTask
    | UpdateUserTask
    | FireTimer
    | DeliverMessage
    | DeliverSignal
    | CompleteCalledInstance
    | FailCalledInstance
    | RefuseCall
    | EscalateCalledInstance
    | SetVariables
    | ActivateElement
    | CancelElement
    | CancelInstance
)
