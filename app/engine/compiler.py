"""From a diagram to task specs: every node of every scope becomes one of ours, in one flat SpiffWorkflow process spec.

The stages: instantiate the specs scope by scope, then link flows, boundary events, event subprocesses, links and
compensation handlers. Nothing recurses along the flows. Why not SpiffWorkflow's parser: docs/adr/0002.
"""

from collections.abc import Iterator
from dataclasses import replace

from app.bpmn import event_definitions as definitions
from app.bpmn import model
from app.engine.builder import Builder
from app.engine.element import Flow
from app.engine.elements.activity import ActivitySpec
from app.engine.elements.ad_hoc_sub_process import AdHocSubProcessSpec, InnerInstanceSpec
from app.engine.elements.boundary_event import BoundaryEventSpec
from app.engine.elements.business_rule_task import BusinessRuleTaskSpec
from app.engine.elements.call_activity import CallActivitySpec
from app.engine.elements.complex_gateway import ComplexGatewaySpec
from app.engine.elements.end_event import EndEventSpec
from app.engine.elements.event_based_gateway import EventBasedGatewaySpec
from app.engine.elements.event_sub_process import EventStartSpec, EventSubProcessSpec
from app.engine.elements.exclusive_gateway import ExclusiveGatewaySpec
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.elements.inclusive_gateway import InclusiveGatewaySpec
from app.engine.elements.intermediate_catch_event import IntermediateCatchEventSpec
from app.engine.elements.intermediate_throw_event import IntermediateThrowEventSpec
from app.engine.elements.job_task import ServiceTaskSpec
from app.engine.elements.multi_instance import MultiInstanceSpec
from app.engine.elements.parallel_gateway import ParallelGatewaySpec
from app.engine.elements.process import ProcessSpec
from app.engine.elements.receive_task import ReceiveTaskSpec
from app.engine.elements.repeating import RepeatingSpec
from app.engine.elements.scope import ScopeContents, natural_starts
from app.engine.elements.script_task import ScriptTaskSpec
from app.engine.elements.send_task import SendTaskSpec
from app.engine.elements.standard_loop import StandardLoopSpec
from app.engine.elements.start_event import StartEventSpec
from app.engine.elements.sub_process import SubProcessSpec
from app.engine.elements.task import ManualTaskSpec, TaskSpec
from app.engine.elements.transaction import TransactionSpec
from app.engine.elements.user_task import UserTaskSpec
from app.engine.reachability import links

EVENTS_AND_GATEWAYS: dict[type[model.FlowNode], type[FlowNodeSpec]] = {
    model.StartEvent: StartEventSpec,
    model.IntermediateCatchEvent: IntermediateCatchEventSpec,
    model.BoundaryEvent: BoundaryEventSpec,
    model.IntermediateThrowEvent: IntermediateThrowEventSpec,
    model.EndEvent: EndEventSpec,
    model.ExclusiveGateway: ExclusiveGatewaySpec,
    model.InclusiveGateway: InclusiveGatewaySpec,
    model.ParallelGateway: ParallelGatewaySpec,
    model.ComplexGateway: ComplexGatewaySpec,
    model.EventBasedGateway: EventBasedGatewaySpec,
}
ACTIVITIES: dict[type[model.FlowNode], type[ActivitySpec]] = {
    model.Task: TaskSpec,
    model.ManualTask: ManualTaskSpec,
    model.ServiceTask: ServiceTaskSpec,
    model.SendTask: SendTaskSpec,
    model.BusinessRuleTask: BusinessRuleTaskSpec,
    model.ScriptTask: ScriptTaskSpec,
    model.ReceiveTask: ReceiveTaskSpec,
    model.UserTask: UserTaskSpec,
    model.CallActivity: CallActivitySpec,
    model.SubProcess: SubProcessSpec,
    model.Transaction: TransactionSpec,
    model.AdHocSubProcess: AdHocSubProcessSpec,
}


def build(builder: Builder) -> ProcessSpec:
    """The process spec; what cannot be executed is in `builder.problems`."""
    process = builder.process
    spec = ProcessSpec(process, builder)
    scopes: list[tuple[model.Scope, ScopeContents, bool]] = [(process.scope, spec.start, False)]
    for scope, contents, is_event in scopes:
        builder.enter(scope)
        for node in scope.nodes:
            if node.id in spec.task_specs:
                builder.refuse(
                    node, "duplicate-id", f'Expected ids to be unique, but found "{node.id}" again.', "Rename it."
                )
                continue
            made = contents.nodes[node.id] = instantiate(spec, node, builder, is_event=is_event)
            made.scope = scope_around(made, contents)
        scopes.extend(inner_scopes(scope, contents))
    for scope, contents, _ in scopes:
        link(scope, contents, builder)
    return spec


def inner_scopes(scope: model.Scope, contents: ScopeContents) -> Iterator[tuple[model.Scope, ScopeContents, bool]]:
    for node in scope.nodes:
        if isinstance(node, model.SubProcess) and node.id in contents.nodes:
            spec = contents.nodes[node.id]
            activity = spec.instance if isinstance(spec, RepeatingSpec) else spec
            inner = activity.inner if isinstance(activity, AdHocSubProcessSpec) else activity
            if isinstance(inner, ScopeContents):
                yield node.scope, inner, node.is_event


def scope_around(spec: FlowNodeSpec, contents: ScopeContents) -> FlowNodeSpec | None:
    """What contains the element's tokens. Event subprocesses of an ad-hoc subprocess are in no inner instance."""
    if isinstance(contents, InnerInstanceSpec) and isinstance(spec, EventSubProcessSpec):
        return contents.scope
    return contents if isinstance(contents, FlowNodeSpec) else None


def instantiate(spec: ProcessSpec, node: model.FlowNode, builder: Builder, *, is_event: bool) -> FlowNodeSpec:
    """The task spec of one node. `is_event`: it is in an event subprocess."""
    kind = type(node)
    if isinstance(node, model.StartEvent) and is_event:
        return EventStartSpec(spec, node, builder)
    if isinstance(node, model.SubProcess) and node.is_event:
        return EventSubProcessSpec(spec, replace(node, loop=None), builder)
    if not isinstance(node, model.Activity):
        return EVENTS_AND_GATEWAYS[kind](spec, node, builder)
    if node.loop is None:
        return ACTIVITIES[kind](spec, node, builder)
    for_each = tuple(listener for listener in node.execution_listeners if listener.event_type != "beforeAll")
    inside = replace(node, start_quantity=1, completion_quantity=1, execution_listeners=for_each)
    instance = ACTIVITIES[kind](spec, inside, builder, name=f"{node.id}#instance")
    if isinstance(node.loop, model.StandardLoop):
        return StandardLoopSpec(spec, node, builder, instance, node.loop)
    return MultiInstanceSpec(spec, node, builder, instance, node.loop)


def link(scope: model.Scope, contents: ScopeContents, builder: Builder) -> None:
    """Connect the specs of one scope with one another."""
    nodes = contents.nodes
    if not isinstance(contents, EventSubProcessSpec):
        contents.starts = tuple(nodes[node.id] for node in natural_starts(scope) if node.id in nodes)
    targets = {
        name: nodes[node.id]
        for node in scope.nodes
        if isinstance(node, model.CatchEvent) and node.id in nodes
        for name in links(node)
    }
    for node in scope.nodes:
        if node.id not in nodes:
            continue
        spec = nodes[node.id]
        spec.flows = tuple(
            Flow(
                flow.id,
                nodes[flow.target_id],
                builder.optional(flow, flow.condition, "condition"),
                flow.is_default,
            )
            for flow in node.outgoing
            if flow.target_id in nodes
        )
        if isinstance(node, model.IntermediateThrowEvent):
            spec.flows += tuple(Flow("", targets[name]) for name in links(node) if name in targets)
        judge_place(node, contents, targets, builder)
        for flow in spec.flows:
            spec.connect(flow.target)
        link_boundary(node, spec, nodes)
        if isinstance(node, model.EventBasedGateway) and node.is_instantiating and node.is_parallel:
            events = [flow.target for flow in spec.flows]
            for event in events:
                event.companions = tuple(other for other in events if other is not event)
        if isinstance(node, model.SubProcess) and node.is_event:
            link_event_sub_process(spec, contents)


def judge_place(
    node: model.FlowNode, contents: ScopeContents, targets: dict[str, FlowNodeSpec], builder: Builder
) -> None:
    """Refuse what has no meaning where it stands."""
    kinds = {type(definition) for definition in node.definitions} if isinstance(node, model.Event) else set()
    is_cancel_end = isinstance(node, model.EndEvent) and definitions.CancelEventDefinition in kinds
    if is_cancel_end and not isinstance(contents, TransactionSpec):
        builder.refuse(
            node,
            "cancel-place",
            "Expected a cancel end event to be in a transaction, but it is not.",
            "Use an error or terminate end event, or make the subprocess a transaction.",
        )
    missing = [name for name in links(node) if name not in targets] if isinstance(node, model.Event) else []
    for name in missing:
        message = f'Expected a link target "{name}" in the same scope, but found none.'
        builder.refuse(node, "link-target", message, "Draw the catching link event, or correct the name.")
    is_compensation = isinstance(node, model.BoundaryEvent) and definitions.CompensateEventDefinition in kinds
    if is_compensation and handler_id(node) not in contents.nodes:
        builder.refuse(
            node,
            "compensation-handler",
            "Expected an association from the compensation event to its handler, but found none.",
            "Connect it with an activity that is marked for compensation.",
        )


def handler_id(node: model.FlowNode) -> str | None:
    return node.compensation_handler_id if isinstance(node, model.BoundaryEvent) else None


def link_boundary(node: model.FlowNode, spec: FlowNodeSpec, nodes: dict[str, FlowNodeSpec]) -> None:
    """Attach a boundary event to its activity, or tell the activity how to undo it."""
    if not isinstance(node, model.BoundaryEvent) or not isinstance(spec, BoundaryEventSpec):
        return
    activity = nodes.get(node.attached_to_id)
    if isinstance(activity, ActivitySpec):
        activity.boundaries += (spec,)
        if spec.catches_compensation and node.compensation_handler_id in nodes:
            activity.compensation_handler = nodes[node.compensation_handler_id]


def link_event_sub_process(spec: FlowNodeSpec, contents: ScopeContents) -> None:
    """Tell the scope around which event starts the subprocess. Its contents are linked with their own scope."""
    around = scope_around(spec, contents)
    if not isinstance(spec, EventSubProcessSpec) or around is None:
        return
    for start in spec.nodes.values():
        if isinstance(start, EventStartSpec):
            start.sub_process = spec
            spec.starts = (start,)
            around.event_starts += (start,)
