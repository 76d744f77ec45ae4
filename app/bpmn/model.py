"""A diagram after reading: BPMN 2.0.2's executable notation as frozen values, the same for every dialect.

Words are the specification's. References to messages, signals, errors and escalations are resolved to objects; nodes
hold their flows as objects; flows and boundary events name nodes by id, so nothing is cyclic. `line` counts from 1,
`index` is the place in document order. Behaviour belongs to `app.engine`, rules to `app.bpmn.rules`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from app.bpmn.event_definitions import Error, Escalation, EventDefinition, Message, Signal
from app.bpmn.extensions import (
    UNASSIGNED,
    UNSCHEDULED,
    Assignment,
    CalledDecision,
    CalledElement,
    ExecutionListener,
    Expression,
    Form,
    LinkedResource,
    PublishMessage,
    Schedule,
    Script,
    TaskDefinition,
    TaskListener,
    VariableMapping,
)
from app.bpmn.source import Document
from app.errors import Diagnostic

NO_TEXTS: Mapping[str, str] = MappingProxyType({})


class Dialect(StrEnum):
    PLAIN = "plain"
    ZEEBE = "zeebe"
    CAMUNDA = "camunda"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Anything that a diagnostic can point to."""

    id: str
    name: str = ""
    line: int | None = None
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceFlow(Element):
    source_id: str
    target_id: str
    condition: Expression | None = None
    is_default: bool = False


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
class FlowNode(Element):
    incoming: tuple[SequenceFlow, ...] = ()  # in document order of the flows
    outgoing: tuple[SequenceFlow, ...] = ()
    lane_ids: tuple[str, ...] = ()  # outermost first
    inputs: tuple[VariableMapping, ...] = ()
    outputs: tuple[VariableMapping, ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: NO_TEXTS)
    properties: Mapping[str, str] = field(default_factory=lambda: NO_TEXTS)
    execution_listeners: tuple[ExecutionListener, ...] = ()
    documentation: str = ""
    template: str | None = None  # zeebe:modelerTemplate

    @property
    def default_flow(self) -> SequenceFlow | None:
        return next((flow for flow in self.outgoing if flow.is_default), None)


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


class GatewayDirection(StrEnum):
    UNSPECIFIED = "Unspecified"
    CONVERGING = "Converging"
    DIVERGING = "Diverging"
    MIXED = "Mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway(FlowNode):
    direction: GatewayDirection = GatewayDirection.UNSPECIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusiveGateway(Gateway):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusiveGateway(Gateway):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelGateway(Gateway):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexGateway(Gateway):
    """The activation condition sees ``activationCount`` and one boolean per incoming flow."""

    activation_condition: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBasedGateway(Gateway):
    """`is_parallel`: all events must happen (only together with `is_instantiating`)."""

    is_instantiating: bool = False
    is_parallel: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(FlowNode):
    """No definition: a none event; several: a multiple event (any of them, or all if `is_parallel_multiple`)."""

    definitions: tuple[EventDefinition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchEvent(Event):
    is_parallel_multiple: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StartEvent(CatchEvent):
    is_interrupting: bool = True  # matters in an event subprocess only
    form: Form | None = None
    initiator: str | None = None  # Camunda 7: variable that receives who started the instance


@dataclass(frozen=True, slots=True, kw_only=True)
class IntermediateCatchEvent(CatchEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryEvent(CatchEvent):
    attached_to_id: str
    is_interrupting: bool = True  # cancelActivity
    compensation_handler_id: str | None = None  # the activity that an association names, for a compensation event


@dataclass(frozen=True, slots=True, kw_only=True)
class IntermediateThrowEvent(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEvent(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DataObject(Element):
    is_collection: bool = False
    item_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataReference(Element):
    """A data object reference or data store reference; `target_id` names the object or store."""

    target_id: str | None = None
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStore(Element):
    capacity: int | None = None
    is_unlimited: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Association(Element):
    source_id: str
    target_id: str
    direction: str = "None"  # "None", "One", "Both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane(Element):
    node_ids: tuple[str, ...] = ()
    lanes: tuple["Lane", ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a process and a subprocess have in common: a graph of nodes and flows, in document order."""

    nodes: tuple[FlowNode, ...] = ()
    flows: tuple[SequenceFlow, ...] = ()
    associations: tuple[Association, ...] = ()
    data_objects: tuple[DataObject, ...] = ()
    data_object_references: tuple[DataReference, ...] = ()
    data_store_references: tuple[DataReference, ...] = ()

    def node(self, node_id: str) -> FlowNode:
        """The node of this id in this scope (not deeper). Raises KeyError."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def walk(self) -> Iterator[FlowNode]:
        """Every node of this scope and of the subprocesses in it, outer before inner, in document order."""
        waiting = list(reversed(self.nodes))
        while waiting:
            node = waiting.pop()
            yield node
            if isinstance(node, SubProcess):
                waiting.extend(reversed(node.scope.nodes))


@dataclass(frozen=True, slots=True, kw_only=True)
class SubProcess(Activity):
    """An embedded subprocess; with `is_event` an event subprocess, started by its only start event."""

    scope: Scope = Scope()
    is_event: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction(SubProcess):
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHocSubProcess(SubProcess):
    """Without `active_elements` all elements without incoming flows start; with a job type a job decides."""

    is_sequential: bool = False
    completion_condition: Expression | None = None
    cancel_remaining_instances: bool = True
    active_elements: Expression | None = None
    output_collection: str | None = None
    output_element: Expression | None = None
    task_definition: TaskDefinition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Process(Element):
    scope: Scope = Scope()
    is_executable: bool = False
    is_closed: bool = False
    version_tag: str | None = None
    properties: Mapping[str, str] = field(default_factory=lambda: NO_TEXTS)
    lanes: tuple[Lane, ...] = ()
    execution_listeners: tuple[ExecutionListener, ...] = ()
    job_priority: Expression | None = None
    candidate_starters: Assignment = UNASSIGNED  # Camunda 7: who may start it
    documentation: str = ""

    @property
    def nodes(self) -> tuple[FlowNode, ...]:
        return self.scope.nodes

    @property
    def flows(self) -> tuple[SequenceFlow, ...]:
        return self.scope.flows

    def walk(self) -> Iterator[FlowNode]:
        """Every node at every depth, in document order."""
        return self.scope.walk()


class GlobalTaskKind(StrEnum):
    TASK = "globalTask"
    USER = "globalUserTask"
    MANUAL = "globalManualTask"
    SCRIPT = "globalScriptTask"
    BUSINESS_RULE = "globalBusinessRuleTask"


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalTask(Element):
    """A task that call activities reuse. `task` is the same work as a node (kind TASK: a plain `Task`)."""

    kind: GlobalTaskKind
    task: Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant(Element):
    process_id: str | None = None  # None: a black box


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFlow(Element):
    source_id: str
    target_id: str
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collaboration(Element):
    participants: tuple[Participant, ...] = ()
    message_flows: tuple[MessageFlow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """One file. `problems` is what reading already found; `app.bpmn.check` reports it with everything else."""

    file: str
    document: Document  # the elements as written, for rules about notation that does not run
    id: str = ""
    name: str = ""
    target_namespace: str = ""
    dialect: Dialect = Dialect.PLAIN
    platform_version: str | None = None
    processes: tuple[Process, ...] = ()
    global_tasks: tuple[GlobalTask, ...] = ()
    collaborations: tuple[Collaboration, ...] = ()
    messages: tuple[Message, ...] = ()
    signals: tuple[Signal, ...] = ()
    errors: tuple[Error, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    data_stores: tuple[DataStore, ...] = ()
    event_definitions: tuple[EventDefinition, ...] = ()  # at the root, for eventDefinitionRef
    problems: tuple[Diagnostic, ...] = ()

    def process(self, process_id: str) -> Process:
        """The process of this id. Raises KeyError."""
        for process in self.processes:
            if process.id == process_id:
                return process
        raise KeyError(process_id)
