"""Event-based gateways: the first event that happens decides where the token goes (BPMN 2.0.2, 13.4.4)."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine import events
from app.engine.element import Flow
from app.engine.elements.catching_event import open_waits
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.token import Phase, Token
from app.engine.waits import Wait, WaitKind

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class EventBasedGatewaySpec(FlowNodeSpec):
    """Waits on behalf of the catch events and receive tasks behind it.

    No token ever comes to one that starts the process (10.6.6): the first event does, and where all are needed
    (`eventGatewayType="Parallel"`) the instance waits for the others from then on, each with a token of its own.
    """

    element_type = "eventBasedGateway"

    def __init__(self, process: "ProcessSpec", node: model.EventBasedGateway, builder: "Builder") -> None:
        super().__init__(process, node, builder)
        if node.is_parallel and not node.is_instantiating:
            builder.refuse(
                node,
                "parallel-event-gateway",
                "Expected a gateway that needs all of its events to start the process, but it does not.",
                "Set instantiate, or let one event be enough.",
            )
        behind = {flow.target_id for flow in node.outgoing}
        for task in builder.scope.nodes:
            if task.id in behind and isinstance(task, model.ReceiveTask) and task.loop is not None:
                builder.refuse(
                    task,
                    "repeated-choice",
                    f"Expected a receive task behind {node.id} to wait for one message, but found one that repeats.",
                    "Receive the message that decides by an event, and repeat a receive task behind it.",
                )

    def listens(self, token: Token) -> bool:  # noqa: ARG002
        return True

    def handler_of(self, wait: Wait) -> FlowNodeSpec:  # noqa: ARG002
        return self

    def execute(self, token: Token) -> bool:
        if "chosen" not in token.internal_data:
            open_waits(token, [flow.target for flow in self.flows])
            return False
        return True

    def happened(self, token: Token, wait: Wait, variables: dict[str, object]) -> None:
        if wait.kind is WaitKind.TIMER:
            token.workflow.close_wait(token, wait, fired=True)
        token.workflow.close_waits(token)
        token.internal_data["chosen"] = wait.element_id
        token.internal_data["brought"] = variables
        token.workflow.resume(token, Phase.COMPLETING)

    def choose(self, token: Token) -> tuple[Flow, ...]:
        return tuple(flow for flow in self.flows if flow.target.name == token.internal_data["chosen"])[:1]

    def _on_complete_hook(self, my_task: Token) -> None:
        workflow, container = my_task.workflow, my_task.container
        workflow.emit(events.ElementCompleted(my_task.id, self.bpmn_id))
        brought = my_task.internal_data["brought"]
        for flow in self.choose(my_task):
            workflow.emit(events.FlowTaken(flow.id))
            flow.target.start_with(container, dict(brought) if isinstance(brought, dict) else {})
