"""Complex gateways: an activation condition over what has arrived, then a reset (BPMN 2.0.2, 13.4.5).

Once activated, the gateway absorbs what else was under way to it, until nothing can arrive any more. On reset a flow is
taken only if it has a condition that holds, because an unconditional flow has had its token.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine import formulas
from app.engine.element import Flow
from app.engine.elements.inclusive_gateway import SynchronisingSpec
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class ComplexGatewaySpec(SynchronisingSpec):
    element_type = "complexGateway"

    def __init__(self, process: "ProcessSpec", node: model.ComplexGateway, builder: "Builder") -> None:
        super().__init__(process, node, builder)
        self.activation = builder.optional(node, node.activation_condition, "activation condition")
        if len(node.incoming) > 1 and self.activation is None:
            builder.refuse(
                node,
                "activation-condition",
                "Expected a converging complex gateway to have an activation condition, but found none.",
                "Add an activation condition such as =activationCount >= 2.",
            )

    def _update_hook(self, my_task: Token) -> bool:
        workflow, data = my_task.workflow, my_task.internal_data
        if not my_task.arrivals:
            return True
        if "activated" not in data:
            if not self._is_activated(my_task):
                return self.wait_until_settled(my_task)
            data["activated"] = dict(my_task.arrivals)
            starter = workflow.add(self, my_task.container)
            self._update(starter)  # leaves by the flows; this token stays for the reset
            return self.wait_until_settled(my_task)
        if not workflow.is_settled or self.is_expecting(my_task):
            return self.wait_until_settled(my_task)
        workflow.synchronising.pop(my_task.id, None)
        workflow.joins.pop((my_task.container.id, self.name), None)
        my_task.arrivals = {}
        data["reset"] = True
        return True

    def choose(self, token: Token) -> tuple[Flow, ...]:
        extra = {"waitingForStart": "reset" not in token.internal_data}
        taken = tuple(
            flow
            for flow in self.flows
            if (
                extra["waitingForStart"] if flow.condition is None else formulas.condition(token, flow.condition, extra)
            )
            and not flow.is_default
        )
        if taken or not self.flows or not extra["waitingForStart"]:
            return taken
        return self.default_flow()

    def _is_activated(self, token: Token) -> bool:
        if self.activation is None:
            return True
        variables: dict[str, object] = {
            "activationCount": Decimal(sum(token.arrivals.values())),
            "waitingForStart": True,
        }
        variables.update((flow_id, flow_id in token.arrivals) for flow_id in self.incoming)
        return formulas.evaluate(token, self.activation, variables) is True
