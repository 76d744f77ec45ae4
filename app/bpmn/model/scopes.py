"""Processes and subprocesses: graphs of nodes and flows, one in another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.bpmn.extensions import UNASSIGNED, Assignment, ExecutionListener, Expression, TaskDefinition
from app.bpmn.model.activities import Activity
from app.bpmn.model.element import NO_TEXTS, Element, FlowNode, SequenceFlow


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
