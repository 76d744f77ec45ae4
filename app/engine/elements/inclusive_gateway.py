"""Inclusive gateways: every flow whose condition holds; joining waits for what can still arrive (13.4.3)."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.elements.joining import collect, consume, wait_for_more
from app.engine.reachability import upstream
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class SynchronisingSpec(FlowNodeSpec):
    """A gateway that waits for tokens which can still reach it."""

    def __init__(self, process: "ProcessSpec", node: model.Gateway, builder: "Builder") -> None:
        super().__init__(process, node, builder)
        self.incoming = tuple(flow.id for flow in node.incoming)
        self.upstream = upstream(builder.scope, node)

    def receive(self, container: Token, flow_id: str | None = None) -> Token:
        if flow_id is None or len(self.incoming) < 2:
            return super().receive(container, flow_id)
        return collect(self, container, flow_id)

    def wait_until_settled(self, token: Token) -> bool:
        """Look again when everything else waits. Always False."""
        token.workflow.synchronising[token.id] = None
        return wait_for_more(token)

    def is_expecting(self, token: Token) -> bool:
        """Whether a token elsewhere in the scope can reach an empty incoming flow, and no filled one.

        Both without passing this gateway.
        """
        filled = [self.upstream[flow_id] for flow_id in token.arrivals]
        empty = [self.upstream[flow_id] for flow_id in self.incoming if flow_id not in token.arrivals]
        if not empty:
            return False
        for other in token.container.tokens:
            element_id = other.task_spec.bpmn_id
            can_fill = other is not token and not other.is_cancelling and any(element_id in nodes for nodes in empty)
            if can_fill and not any(element_id in nodes for nodes in filled):
                return True
        return False


class InclusiveGatewaySpec(SynchronisingSpec):
    element_type = "inclusiveGateway"

    def _update_hook(self, my_task: Token) -> bool:
        """Decided when everything else waits, because until then what is ready may still come."""
        if not my_task.arrivals:
            return True
        if len(my_task.arrivals) < len(self.incoming) and (
            not my_task.workflow.is_settled or self.is_expecting(my_task)
        ):
            return self.wait_until_settled(my_task)
        my_task.workflow.synchronising.pop(my_task.id, None)
        consume(my_task, tuple(my_task.arrivals))
        return True
