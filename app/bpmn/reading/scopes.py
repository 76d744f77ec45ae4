"""Processes and subprocesses: the graph of nodes and flows of one scope, then the scopes inside it.

Flows are read first, so that nodes can hold them. Nothing follows the flow, so a long chain costs no stack;
the recursion over subprocesses is bounded by the depth of the XML (`xml.parse`).
"""

from app.bpmn import model
from app.bpmn.reading.context import Reading, local, place
from app.bpmn.reading.nodes import READERS, Wiring, activity_fields, read_node
from app.bpmn.source import SourceElement

SUBPROCESSES = ("subProcess", "transaction", "adHocSubProcess")


def read_process(reading: Reading, element: SourceElement) -> model.Process:
    """One ``bpmn:process``."""
    reading.dialect.refuse(element)
    documentation = element.first("documentation")
    lanes = read_lanes(element)
    return model.Process(
        **place(element),
        scope=read_scope(reading, element, _paths(lanes)),
        is_executable=element.flag("isExecutable", default=False),
        is_closed=element.flag("isClosed", default=False),
        version_tag=reading.dialect.version_tag(element),
        properties=reading.dialect.properties(element),
        lanes=lanes,
        execution_listeners=reading.dialect.execution_listeners(element),
        job_priority=reading.dialect.job_priority(element),
        candidate_starters=reading.dialect.candidate_starters(element),
        documentation=documentation.text if documentation is not None else "",
    )


def read_scope(reading: Reading, element: SourceElement, lanes: dict[str, tuple[str, ...]]) -> model.Scope:
    """What `element`, a process or subprocess, contains. `lanes` maps node ids to the lanes around them."""
    flows = _read_flows(reading, element)
    associations = tuple(
        model.Association(
            **place(found),
            source_id=local(found.get("sourceRef")),
            target_id=local(found.get("targetRef")),
            direction=found.get("associationDirection") or "None",
        )
        for found in element.all("association")
    )
    wiring = _wire(reading, element, flows, lanes)
    nodes: list[model.FlowNode] = []
    for child in element.children:
        if child.kind in READERS:
            nodes.append(read_node(reading, child, wiring))
        elif child.kind in SUBPROCESSES:
            nodes.append(_read_subprocess(reading, child, wiring))
    return model.Scope(
        nodes=tuple(nodes),
        flows=flows,
        associations=associations,
        data_objects=tuple(
            model.DataObject(
                **place(found),
                is_collection=found.flag("isCollection", default=False),
                item_id=local(found.get("itemSubjectRef")) or None,
            )
            for found in element.all("dataObject")
        ),
        data_object_references=_read_references(element, "dataObjectReference", "dataObjectRef"),
        data_store_references=_read_references(element, "dataStoreReference", "dataStoreRef"),
    )


def _read_flows(reading: Reading, element: SourceElement) -> tuple[model.SequenceFlow, ...]:
    """The flows between the nodes of this scope in document order, wherever they are written."""
    written = [flow for flow in element.all("sequenceFlow") if flow.index not in reading.moved]
    flows = sorted([*written, *reading.displaced.get(element.index, ())], key=lambda flow: flow.index)
    defaults = {(child.id, local(child.get("default"))) for child in element.children if child.get("default")}
    return tuple(
        model.SequenceFlow(
            **place(found),
            source_id=local(found.get("sourceRef")),
            target_id=local(found.get("targetRef")),
            condition=reading.dialect.condition(found.first("conditionExpression")),
            is_default=(local(found.get("sourceRef")), found.id) in defaults,
        )
        for found in flows
    )


def _read_references(element: SourceElement, kind: str, attribute: str) -> tuple[model.DataReference, ...]:
    references = []
    for found in element.all(kind):
        state = found.first("dataState")
        references.append(
            model.DataReference(
                **place(found),
                target_id=local(found.get(attribute)) or None,
                state=state.name if state is not None else "",
            )
        )
    return tuple(references)


def _wire(
    reading: Reading,
    element: SourceElement,
    flows: tuple[model.SequenceFlow, ...],
    lanes: dict[str, tuple[str, ...]],
) -> Wiring:
    incoming: dict[str, list[model.SequenceFlow]] = {}
    outgoing: dict[str, list[model.SequenceFlow]] = {}
    for flow in flows:
        outgoing.setdefault(flow.source_id, []).append(flow)
        incoming.setdefault(flow.target_id, []).append(flow)
    handlers = {child.id for child in element.children if child.flag("isForCompensation", default=False)}
    compensation = {
        event.id: handler
        for event in element.all("boundaryEvent")
        for handler in reversed(reading.associated.get(event.id, ()))  # the first in the document wins
        if handler in handlers
    }
    return Wiring(
        incoming={node_id: tuple(found) for node_id, found in incoming.items()},
        outgoing={node_id: tuple(found) for node_id, found in outgoing.items()},
        lanes=lanes,
        compensation_handlers=compensation,
    )


def _read_subprocess(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    fields = activity_fields(reading, element, wiring)
    fields["scope"] = read_scope(reading, element, wiring.lanes | _paths(read_lanes(element)))
    fields["is_event"] = element.flag("triggeredByEvent", default=False)
    if element.kind == "transaction":
        return model.Transaction(**fields, method=element.get("method"))
    if element.kind == "subProcess":
        return model.SubProcess(**fields)
    ad_hoc = reading.dialect.ad_hoc(element)
    return model.AdHocSubProcess(
        **fields,
        is_sequential=element.get("ordering") == "Sequential",
        completion_condition=reading.dialect.condition(element.first("completionCondition")),
        cancel_remaining_instances=element.flag("cancelRemainingInstances", default=True),
        active_elements=ad_hoc.active_elements,
        output_collection=ad_hoc.output_collection,
        output_element=ad_hoc.output_element,
        task_definition=reading.dialect.task_definition(element),
    )


def read_lanes(element: SourceElement) -> tuple[model.Lane, ...]:
    """The lanes of a process, nested ones inside their lane."""
    return tuple(lane for lane_set in element.all("laneSet") for lane in _lanes_of(lane_set))


def _lanes_of(lane_set: SourceElement) -> tuple[model.Lane, ...]:
    return tuple(
        model.Lane(
            **place(lane),
            node_ids=tuple(local(found.text) for found in lane.all("flowNodeRef")),
            lanes=tuple(inner for child in lane.all("childLaneSet") for inner in _lanes_of(child)),
        )
        for lane in lane_set.all("lane")
    )


def _paths(lanes: tuple[model.Lane, ...], above: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Node id to the ids of its lanes, outermost first."""
    found: dict[str, tuple[str, ...]] = {}
    for lane in lanes:
        path = (*above, lane.id)
        found.update(dict.fromkeys(lane.node_ids, path))
        found.update(_paths(lane.lanes, path))
    return found
