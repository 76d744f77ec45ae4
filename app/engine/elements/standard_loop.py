"""Standard loops: one instance after the other, while the condition holds (BPMN 2.0.2, 13.3.6)."""

from decimal import Decimal
from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine import formulas
from app.engine.elements.activity import ActivitySpec
from app.engine.elements.repeating import RepeatingSpec, count
from app.engine.event_definitions.compensation import REOPENED
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class StandardLoopSpec(RepeatingSpec):
    element_type = "standardLoopBody"

    def __init__(
        self,
        process: "ProcessSpec",
        node: model.Activity,
        builder: "Builder",
        instance: ActivitySpec,
        loop: model.StandardLoop,
    ) -> None:
        super().__init__(process, node, builder, instance)
        self.condition = builder.optional(node, loop.condition, "loop condition")
        self.tests_before = loop.test_before
        self.maximum = loop.maximum
        if loop.maximum is not None and loop.maximum < 0:
            builder.refuse(
                node,
                "loop-maximum",
                f"Expected a loop maximum of zero or more, but found {loop.maximum}.",
                "Correct the maximum, or remove it.",
            )
        if loop.maximum is None and loop.condition is None:
            builder.refuse(
                node, "endless-loop", "Expected a loop condition or a loop maximum, but found neither.", "Add one."
            )

    def execute(self, token: Token) -> bool:
        if REOPENED in token.internal_data:
            return self.undo_contents(token)
        if token.tokens:
            return False
        completed = count(token, "completed") + count(token, "terminated")
        if self.maximum is not None and completed >= self.maximum:
            return True
        tested = self.condition if completed or self.tests_before else None
        if tested is not None and not formulas.condition(token, tested, {"loopCounter": Decimal(completed)}):
            return True
        self.start_instance(token, {"loopCounter": Decimal(completed + 1)}, completed)
        return False
