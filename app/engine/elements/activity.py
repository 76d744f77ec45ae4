"""What all activities share: boundary events, token quantities, compensation (BPMN 2.0.2, 13.3.2)."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine import data_associations
from app.engine.element import Flow
from app.engine.elements.catching_event import open_waits
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.elements.joining import collect, consume, wait_for_more
from app.engine.event_definitions.compensation import REOPENED, keep_record, records_of, undo_next
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.catching_event import CatchingEventSpec
    from app.engine.elements.process import ProcessSpec
    from app.engine.workflow import ProcessWorkflow


class ActivitySpec(FlowNodeSpec):
    def __init__(
        self, process: "ProcessSpec", node: model.Activity, builder: "Builder", *, name: str | None = None
    ) -> None:
        super().__init__(process, node, builder, name=name)
        self.compensation_handler: FlowNodeSpec | None = None  # linked by the compiler, as are the boundary events
        self.start_quantity = node.start_quantity
        self.completion_quantity = node.completion_quantity
        self.data_inputs = data_associations.read(builder, node, node.data_inputs)
        self.data_outputs = data_associations.read(builder, node, node.data_outputs)
        if node.start_quantity < 1 or node.completion_quantity < 1:
            builder.refuse(
                node,
                "token-quantity",
                "Expected a start and a completion quantity of one or more, "
                f"but found {node.start_quantity} and {node.completion_quantity}.",
                "Correct the quantity.",
            )

    def activate(self, token: Token) -> None:
        super().activate(token)
        if self.data_inputs and REOPENED not in token.internal_data:
            token.assign(data_associations.gathered(token, self.data_inputs))

    def map_outputs(self, token: Token) -> None:
        super().map_outputs(token)
        if self.data_outputs and REOPENED not in token.internal_data:
            token.container.propagate(data_associations.gathered(token, self.data_outputs))

    def open(self, token: Token) -> None:
        if (self.boundaries or self.event_starts) and "undoes" not in token.internal_data:
            open_waits(token, (*self.boundaries, *self.event_starts))

    def receive(self, container: Token, flow_id: str | None = None) -> Token:
        if self.start_quantity == 1 or flow_id is None:
            return super().receive(container, flow_id)
        return collect(self, container, flow_id)

    def _update_hook(self, my_task: Token) -> bool:
        if my_task.arrivals:
            arrived = [flow_id for flow_id, count in my_task.arrivals.items() for _ in range(count)]
            if len(arrived) < self.start_quantity:
                return wait_for_more(my_task)
            consume(my_task, arrived[: self.start_quantity])
        return super()._update_hook(my_task)

    def take(self, workflow: "ProcessWorkflow", flow: Flow, container: Token) -> None:
        for _ in range(self.completion_quantity):
            super().take(workflow, flow, container)

    def choose(self, token: Token) -> tuple[Flow, ...]:
        return () if "undoes" in token.internal_data else super().choose(token)

    def conclude(self, token: Token) -> None:
        handler = self.compensation_handler
        keep_record(token, handler.name if handler else None, is_needed=bool(handler or self.compensation_start))

    @property
    def compensation_start(self) -> "CatchingEventSpec | None":
        """The start event of the event subprocess that undoes this subprocess, if it has one."""
        return next((start for start in self.event_starts if start.catches_compensation), None)

    def undo_contents(self, token: Token) -> bool:
        """The element instance was opened again to undo what had been done in it."""
        if self.compensation_start is not None:
            if "undoing" not in token.internal_data:
                token.internal_data["undoing"] = True
                self.compensation_start.trigger(token, {})
            return not token.tokens
        if "queue" not in token.internal_data:
            token.internal_data["queue"] = records_of(token, take=True)
        return undo_next(token, token)
