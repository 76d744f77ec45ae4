"""Tasks, call activities and how they repeat: BPMN 2.0.2, section 10.3. Subprocesses are in `scopes`."""

from dataclasses import dataclass
from enum import StrEnum

from app.bpmn.event_definitions import EventDefinition, Message
from app.bpmn.extensions import (
    UNASSIGNED,
    UNSCHEDULED,
    Assignment,
    CalledDecision,
    CalledElement,
    Expression,
    Form,
    LinkedResource,
    PublishMessage,
    Schedule,
    Script,
    TaskDefinition,
    TaskListener,
)
from app.bpmn.model.element import FlowNode


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """`test_before` makes it a while loop; without a condition it ends at `maximum` only."""

    condition: Expression | None = None
    test_before: bool = False
    maximum: int | None = None


class MultiInstanceBehavior(StrEnum):
    """When completed instances throw an event to the activity's boundary."""

    NONE = "None"
    ONE = "One"
    ALL = "All"
    COMPLEX = "Complex"


@dataclass(frozen=True, slots=True)
class ComplexBehavior:
    condition: Expression
    event: EventDefinition | None = None


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """`cardinality` or `input_collection` says how often. `behavior` ALL throws nothing (the default)."""

    is_sequential: bool = False
    cardinality: Expression | None = None
    completion_condition: Expression | None = None
    input_collection: Expression | None = None
    input_element: str | None = None
    output_collection: str | None = None
    output_element: Expression | None = None
    behavior: MultiInstanceBehavior = MultiInstanceBehavior.ALL
    none_event: EventDefinition | None = None
    one_event: EventDefinition | None = None
    complex_behaviors: tuple[ComplexBehavior, ...] = ()


@dataclass(frozen=True, slots=True)
class DataAssociation:
    """BPMN's own data association between data objects and the inputs or outputs of an activity."""

    source_ids: tuple[str, ...]
    target_id: str | None
    transformation: Expression | None = None
    assignments: tuple[tuple[Expression, Expression], ...] = ()  # (from, to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(FlowNode):
    loop: StandardLoop | MultiInstance | None = None
    is_for_compensation: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    job_priority: Expression | None = None
    data_inputs: tuple[DataAssociation, ...] = ()
    data_outputs: tuple[DataAssociation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Activity):
    """A task without a type: passes the token on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualTask(Task):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task):
    """A task that may be a job for a task handler (`task_definition` is not None)."""

    task_definition: TaskDefinition | None = None
    linked_resources: tuple[LinkedResource, ...] = ()
    operation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTask(JobTask):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SendTask(JobTask):
    message: Message | None = None
    publish: PublishMessage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessRuleTask(JobTask):
    called_decision: CalledDecision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptTask(JobTask):
    script: Script | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveTask(Task):
    message: Message | None = None
    is_instantiating: bool = False
    operation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTask(Task):
    """Work for a person. `is_native` is False for Camunda 8's older job-worker user task; we treat both alike."""

    assignment: Assignment = UNASSIGNED
    schedule: Schedule = UNSCHEDULED
    priority: Expression | None = None
    form: Form | None = None
    listeners: tuple[TaskListener, ...] = ()
    is_native: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallActivity(Activity):
    called: CalledElement | None = None
