"""Ad-hoc subprocesses: activities without a prescribed order (BPMN 2.0.2, 13.3.4; Camunda 8's active elements).

All activities that nothing leads to are started, or those that an expression names; at once, or one after the other.
The completion condition is looked at whenever an activity inside completes.
"""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine import formulas
from app.engine.elements.scope import is_free
from app.engine.elements.sub_process import SubProcessSpec
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.token import Phase, Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class AdHocSubProcessSpec(SubProcessSpec):
    element_type = "adHocSubProcess"

    def __init__(
        self, process: "ProcessSpec", node: model.AdHocSubProcess, builder: "Builder", *, name: str | None = None
    ) -> None:
        super().__init__(process, node, builder, name=name)
        self.is_sequential = node.is_sequential
        self.completion_condition = builder.optional(node, node.completion_condition, "completion condition")
        self.cancels_remaining = node.cancel_remaining_instances
        self.active_elements = builder.optional(node, node.active_elements, "active elements")
        self.output_collection = node.output_collection
        self.output_element = builder.optional(node, node.output_element, "output element")
        self.free_ids = tuple(inner.id for inner in node.scope.nodes if not inner.incoming and is_free(inner))
        if node.task_definition is not None:
            builder.refuse(
                node,
                "ad-hoc-job",
                "Expected the ad-hoc subprocess to name its active elements, but found a job type.",
                "Remove the job type and give an expression for the active elements.",
            )

    def execute(self, token: Token) -> bool:
        data = token.internal_data
        if "reopened" in data:
            return self.undo_contents(token)
        if token.variables is None:
            token.variables = {self.output_collection: []} if self.output_collection else {}
        if "waiting" not in data:
            data["waiting"] = list(self._active(token))
        elif self._is_complete(token):
            data["waiting"] = []
            if self.cancels_remaining:
                token.workflow.cancel_inside(token)
        return self._start_more(token)

    def child_left(self, container: Token, child: Token) -> None:
        outputs = (container.variables or {}).get(self.output_collection or "")
        if self.output_element is not None and self.output_collection and isinstance(outputs, list):
            output = formulas.json_value(child, self.output_element)
            container.variables = {**(container.variables or {}), self.output_collection: [*outputs, output]}
        container.workflow.resume(container, Phase.EXECUTING)

    def conclude(self, token: Token) -> None:
        if self.output_collection and token.variables:
            token.container.propagate({self.output_collection: token.variables[self.output_collection]})
        super().conclude(token)

    def _start_more(self, token: Token) -> bool:
        """Start what waits: everything, or when sequential only if nothing runs. True: all is done."""
        waiting = token.internal_data["waiting"]
        if isinstance(waiting, list):
            while waiting and not (self.is_sequential and token.tokens):
                self.nodes[str(waiting.pop(0))].receive(token)
        return not token.tokens

    def _active(self, token: Token) -> tuple[str, ...]:
        """The ids of the elements to start. Raises Obstacle."""
        if self.active_elements is None:
            return self.free_ids
        value, reasons = token.workflow.script_engine.evaluate_with_reasons(token, self.active_elements)
        if not isinstance(value, list) or not all(isinstance(item, str) and item in self.nodes for item in value):
            expected = f"a list of element ids of {', '.join(self.free_ids)}"
            message = formulas.misfit(expected, self.active_elements, value, reasons)
            raise Obstacle(IncidentKind.EXPRESSION, message)
        return tuple(value)

    def _is_complete(self, token: Token) -> bool:
        return self.completion_condition is not None and formulas.condition(token, self.completion_condition)
