"""The elements of a diagram as a table: what stands beside the picture for those who cannot see it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.bpmn.model import (
    AdHocSubProcess,
    BoundaryEvent,
    BusinessRuleTask,
    CallActivity,
    ComplexGateway,
    Definitions,
    EndEvent,
    Event,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    InclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    Lane,
    ManualTask,
    ParallelGateway,
    Process,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    StartEvent,
    SubProcess,
    Task,
    Transaction,
    UserTask,
)

# the class, BPMN's name of the element, and how people call it
_WORDS: dict[type[FlowNode], tuple[str, str]] = {
    Task: ("task", "task"),
    UserTask: ("userTask", "user task"),
    ManualTask: ("manualTask", "manual task"),
    ServiceTask: ("serviceTask", "service task"),
    SendTask: ("sendTask", "send task"),
    ReceiveTask: ("receiveTask", "receive task"),
    ScriptTask: ("scriptTask", "script task"),
    BusinessRuleTask: ("businessRuleTask", "business rule task"),
    CallActivity: ("callActivity", "call activity"),
    SubProcess: ("subProcess", "subprocess"),
    Transaction: ("transaction", "transaction"),
    AdHocSubProcess: ("adHocSubProcess", "ad-hoc subprocess"),
    ExclusiveGateway: ("exclusiveGateway", "exclusive gateway"),
    InclusiveGateway: ("inclusiveGateway", "inclusive gateway"),
    ParallelGateway: ("parallelGateway", "parallel gateway"),
    ComplexGateway: ("complexGateway", "complex gateway"),
    EventBasedGateway: ("eventBasedGateway", "event-based gateway"),
    StartEvent: ("startEvent", "start event"),
    IntermediateCatchEvent: ("intermediateCatchEvent", "intermediate catch event"),
    IntermediateThrowEvent: ("intermediateThrowEvent", "intermediate throw event"),
    BoundaryEvent: ("boundaryEvent", "boundary event"),
    EndEvent: ("endEvent", "end event"),
}


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One flow node. `kind` is BPMN's name ("userTask"), `label` is for people ("timer boundary event").

    `name` falls back to nothing, never to the id; `parent_id` is the process or subprocess around it; `depth` counts
    subprocesses from 0; `leads_to` are the ids of the next nodes, `attached_to_id` is set for boundary events.
    """

    id: str
    name: str
    kind: str
    label: str
    process_id: str
    parent_id: str
    depth: int
    lanes: tuple[str, ...]
    leads_to: tuple[str, ...]
    attached_to_id: str | None = None


def element_table(definitions: Definitions) -> tuple[ElementRow, ...]:
    """Every flow node of the file, process by process, outer before inner, in document order."""
    return tuple(row for process in definitions.processes for row in _rows(process))


def label(node: FlowNode) -> str:
    """What people call this kind of element, such as "timer boundary event" or "event subprocess"."""
    word = _WORDS[type(node)][1]
    if isinstance(node, SubProcess) and node.is_event:
        return "event subprocess"
    if not isinstance(node, Event) or not node.definitions:
        return word
    if len(node.definitions) > 1:
        return f"multiple {word}"
    kind = type(node.definitions[0]).__name__.removesuffix("EventDefinition").lower()
    return f"{'compensation' if kind == 'compensate' else kind} {word}"


def _rows(process: Process) -> Iterator[ElementRow]:
    lanes = {lane.id: lane.name or lane.id for lane in _lanes(process)}
    waiting: list[tuple[FlowNode, str, int]] = [(node, process.id, 0) for node in reversed(process.nodes)]
    while waiting:
        node, parent_id, depth = waiting.pop()
        yield ElementRow(
            id=node.id,
            name=node.name,
            kind=_WORDS[type(node)][0],
            label=label(node),
            process_id=process.id,
            parent_id=parent_id,
            depth=depth,
            lanes=tuple(lanes[lane_id] for lane_id in node.lane_ids if lane_id in lanes),
            leads_to=tuple(flow.target_id for flow in node.outgoing),
            attached_to_id=node.attached_to_id if isinstance(node, BoundaryEvent) else None,
        )
        if isinstance(node, SubProcess):
            waiting.extend((inner, node.id, depth + 1) for inner in reversed(node.scope.nodes))


def _lanes(process: Process) -> Iterator[Lane]:
    waiting = list(process.lanes)
    while waiting:
        lane = waiting.pop()
        yield lane
        waiting.extend(lane.lanes)
