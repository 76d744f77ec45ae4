"""Flow nodes: one small function a kind, chosen by the element's name.

Everything returned is a value; the flows of a node come from its scope, which is read first.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.bpmn import model
from app.bpmn.extensions import Expression
from app.bpmn.reading.context import Fields, Reading, local, place
from app.bpmn.reading.events import read_definitions
from app.bpmn.reading.loops import read_loop
from app.bpmn.source import SourceElement


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a scope knows about its nodes before they are built. Keys are node ids."""

    incoming: dict[str, tuple[model.SequenceFlow, ...]]
    outgoing: dict[str, tuple[model.SequenceFlow, ...]]
    lanes: dict[str, tuple[str, ...]]
    compensation_handlers: dict[str, str]  # boundary event id to activity id


def read_node(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    """The flow node that `element` (of a kind in `READERS`) is. Subprocesses come from `scopes`, not from here."""
    return READERS[element.kind](reading, element, wiring)


def node_fields(reading: Reading, element: SourceElement, wiring: Wiring) -> Fields:
    """What every flow node has."""
    reading.dialect.refuse(element)
    documentation = element.first("documentation")
    return {
        **place(element),
        "incoming": wiring.incoming.get(element.id, ()),
        "outgoing": wiring.outgoing.get(element.id, ()),
        "lane_ids": wiring.lanes.get(element.id, ()),
        "inputs": reading.dialect.inputs(element),
        "outputs": reading.dialect.outputs(element),
        "headers": reading.dialect.headers(element),
        "properties": reading.dialect.properties(element),
        "execution_listeners": reading.dialect.execution_listeners(element),
        "documentation": documentation.text if documentation is not None else "",
        "template": reading.dialect.template(element),
    }


def activity_fields(reading: Reading, element: SourceElement, wiring: Wiring) -> Fields:
    """What every activity has."""
    return node_fields(reading, element, wiring) | {
        "loop": read_loop(reading, element),
        "is_for_compensation": element.flag("isForCompensation", default=False),
        "start_quantity": reading.integer(element, "startQuantity", 1),
        "completion_quantity": reading.integer(element, "completionQuantity", 1),
        "job_priority": reading.dialect.job_priority(element),
        "data_inputs": tuple(_data_association(reading, found) for found in element.all("dataInputAssociation")),
        "data_outputs": tuple(_data_association(reading, found) for found in element.all("dataOutputAssociation")),
    }


def _data_association(reading: Reading, element: SourceElement) -> model.DataAssociation:
    target = element.first("targetRef")
    assignments = []
    for assignment in element.all("assignment"):
        source, destination = assignment.first("from"), assignment.first("to")
        if source is not None and destination is not None:
            pair = (
                reading.dialect.expression(source, source.text),
                reading.dialect.expression(destination, destination.text),
            )
            assignments.append(pair)
    return model.DataAssociation(
        source_ids=tuple(local(source.text) for source in element.all("sourceRef")),
        target_id=local(target.text) if target is not None else None,
        transformation=reading.dialect.condition(element.first("transformation")),
        assignments=tuple(assignments),
    )


def _job_fields(reading: Reading, element: SourceElement, wiring: Wiring) -> Fields:
    operation = element.get("operationRef")
    return activity_fields(reading, element, wiring) | {
        "task_definition": reading.dialect.task_definition(element),
        "linked_resources": reading.dialect.linked_resources(element),
        "operation_id": local(operation) or None,
    }


def _task(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.Task(**activity_fields(reading, element, wiring))


def _manual_task(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.ManualTask(**activity_fields(reading, element, wiring))


def _user_task(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.UserTask(
        **activity_fields(reading, element, wiring),
        assignment=reading.dialect.assignment(element),
        schedule=reading.dialect.schedule(element),
        priority=reading.dialect.priority(element),
        form=reading.dialect.form(element),
        listeners=reading.dialect.task_listeners(element),
        is_native=reading.dialect.is_native_user_task(element),
    )


def _service_task(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.ServiceTask(**_job_fields(reading, element, wiring))


def _send_task(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.SendTask(
        **_job_fields(reading, element, wiring),
        message=reading.messages.get(local(element.get("messageRef"))),
        publish=reading.dialect.publish(element),
    )


def _receive_task(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.ReceiveTask(
        **activity_fields(reading, element, wiring),
        message=reading.messages.get(local(element.get("messageRef"))),
        is_instantiating=element.flag("instantiate", default=False),
        operation_id=local(element.get("operationRef")) or None,
    )


def _script_task(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.ScriptTask(**_job_fields(reading, element, wiring), script=reading.dialect.script(element))


def _business_rule_task(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.BusinessRuleTask(
        **_job_fields(reading, element, wiring), called_decision=reading.dialect.called_decision(element)
    )


def _call_activity(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.CallActivity(
        **activity_fields(reading, element, wiring), called=reading.dialect.called_element(element)
    )


def _gateway_fields(reading: Reading, element: SourceElement, wiring: Wiring) -> Fields:
    text = element.get("gatewayDirection")
    known = text in set(model.GatewayDirection)
    direction = model.GatewayDirection(text) if known else model.GatewayDirection.UNSPECIFIED
    return node_fields(reading, element, wiring) | {"direction": direction}


def _exclusive_gateway(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.ExclusiveGateway(**_gateway_fields(reading, element, wiring))


def _inclusive_gateway(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.InclusiveGateway(**_gateway_fields(reading, element, wiring))


def _parallel_gateway(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.ParallelGateway(**_gateway_fields(reading, element, wiring))


def _complex_gateway(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    condition: Expression | None = reading.dialect.condition(element.first("activationCondition"))
    return model.ComplexGateway(**_gateway_fields(reading, element, wiring), activation_condition=condition)


def _event_based_gateway(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.EventBasedGateway(
        **_gateway_fields(reading, element, wiring),
        is_instantiating=element.flag("instantiate", default=False),
        is_parallel=element.get("eventGatewayType") == "Parallel",
    )


def _event_fields(reading: Reading, element: SourceElement, wiring: Wiring) -> Fields:
    return node_fields(reading, element, wiring) | {"definitions": read_definitions(reading, element)}


def _catch_fields(reading: Reading, element: SourceElement, wiring: Wiring) -> Fields:
    return _event_fields(reading, element, wiring) | {
        "is_parallel_multiple": element.flag("parallelMultiple", default=False)
    }


def _start_event(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.StartEvent(
        **_catch_fields(reading, element, wiring),
        is_interrupting=element.flag("isInterrupting", default=True),
        form=reading.dialect.form(element),
        initiator=reading.dialect.initiator(element),
    )


def _intermediate_catch_event(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.IntermediateCatchEvent(**_catch_fields(reading, element, wiring))


def _boundary_event(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.BoundaryEvent(
        **_catch_fields(reading, element, wiring),
        attached_to_id=local(element.get("attachedToRef")),
        is_interrupting=element.flag("cancelActivity", default=True),
        compensation_handler_id=wiring.compensation_handlers.get(element.id),
    )


def _intermediate_throw_event(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.IntermediateThrowEvent(**_event_fields(reading, element, wiring))


def _end_event(reading: Reading, element: SourceElement, wiring: Wiring) -> model.FlowNode:
    return model.EndEvent(**_event_fields(reading, element, wiring))


READERS: dict[str, Callable[[Reading, SourceElement, Wiring], model.FlowNode]] = {
    "task": _task,
    "manualTask": _manual_task,
    "userTask": _user_task,
    "serviceTask": _service_task,
    "sendTask": _send_task,
    "receiveTask": _receive_task,
    "scriptTask": _script_task,
    "businessRuleTask": _business_rule_task,
    "callActivity": _call_activity,
    "exclusiveGateway": _exclusive_gateway,
    "inclusiveGateway": _inclusive_gateway,
    "parallelGateway": _parallel_gateway,
    "complexGateway": _complex_gateway,
    "eventBasedGateway": _event_based_gateway,
    "startEvent": _start_event,
    "intermediateCatchEvent": _intermediate_catch_event,
    "boundaryEvent": _boundary_event,
    "intermediateThrowEvent": _intermediate_throw_event,
    "endEvent": _end_event,
}
