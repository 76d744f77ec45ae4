"""Parallel gateways: one token of every incoming flow together, one on every outgoing flow (BPMN 2.0.2, 13.4.1)."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine.element import Flow
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.elements.joining import collect, consume, wait_for_more
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class ParallelGatewaySpec(FlowNodeSpec):
    """Excess tokens stay at the gateway for the next time. Conditions on outgoing flows have no meaning here."""

    element_type = "parallelGateway"

    def __init__(self, process: "ProcessSpec", node: model.ParallelGateway, builder: "Builder") -> None:
        super().__init__(process, node, builder)
        self.incoming = tuple(flow.id for flow in node.incoming)

    def receive(self, container: Token, flow_id: str | None = None) -> Token:
        if flow_id is None or len(self.incoming) < 2:
            return super().receive(container, flow_id)
        return collect(self, container, flow_id)

    def _update_hook(self, my_task: Token) -> bool:
        if my_task.arrivals:
            if any(flow_id not in my_task.arrivals for flow_id in self.incoming):
                return wait_for_more(my_task)
            consume(my_task, self.incoming)
        return True

    def choose(self, token: Token) -> tuple[Flow, ...]:  # noqa: ARG002
        return self.flows
