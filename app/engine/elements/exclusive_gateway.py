"""Exclusive gateways: each token leaves by the first flow, in document order, whose condition holds (13.4.2)."""

from app.engine import formulas
from app.engine.element import Flow
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.token import Token


class ExclusiveGatewaySpec(FlowNodeSpec):
    element_type = "exclusiveGateway"

    def choose(self, token: Token) -> tuple[Flow, ...]:
        for flow in self.flows:
            if not flow.is_default and (flow.condition is None or formulas.condition(token, flow.condition)):
                return (flow,)
        return self.default_flow() if self.flows else ()
