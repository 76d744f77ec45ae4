"""Multi-instance activities, sequential and parallel, over a collection or a number (BPMN 2.0.2, 13.3.7; Camunda 8).

The body remembers how many instances there are, were started and are completed. Outputs are collected in the body's own
scope and leave it as one variable at the end.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

from app import feel
from app.bpmn import event_definitions as definitions
from app.bpmn import model
from app.engine import formulas
from app.engine.elements.activity import ActivitySpec
from app.engine.elements.repeating import RepeatingSpec, count
from app.engine.jobs import whole_number
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class MultiInstanceSpec(RepeatingSpec):
    element_type = "multiInstanceBody"

    def __init__(
        self,
        process: "ProcessSpec",
        node: model.Activity,
        builder: "Builder",
        instance: ActivitySpec,
        loop: model.MultiInstance,
    ) -> None:
        super().__init__(process, node, builder, instance)
        self.is_sequential = loop.is_sequential
        self.cardinality = builder.optional(node, loop.cardinality, "number of instances")
        self.collection = builder.optional(node, loop.input_collection, "input collection")
        self.input_element = loop.input_element
        self.output_collection = loop.output_collection
        self.output_element = builder.optional(node, loop.output_element, "output element")
        self.completion_condition = builder.optional(node, loop.completion_condition, "completion condition")
        self.behavior = loop.behavior
        self.none_event, self.one_event = loop.none_event, loop.one_event
        self.complex_behaviors = tuple(
            (builder.formula(node, behavior.condition, "condition of the complex behavior"), behavior.event)
            for behavior in loop.complex_behaviors
        )
        if loop.cardinality is None and loop.input_collection is None:
            builder.refuse(
                node,
                "multi-instance",
                "Expected an input collection or a number of instances, but found neither.",
                "Add an input collection.",
            )

    def execute(self, token: Token) -> bool:
        data = token.internal_data
        if "reopened" in data:
            return self.undo_contents(token)
        if "total" not in data:
            data["total"] = self._begin(token)
        total, started, completed = count(token, "total"), count(token, "started"), count(token, "completed")
        if "over" in data or (completed and self._is_complete(token, total)):
            data["over"] = True
            token.workflow.cancel_inside(token)
            return not token._children
        if completed == total:
            return True
        items = self._items(token)
        last = min(started + 1, total) if self.is_sequential else total
        if self.is_sequential and token.tokens:
            return False
        for position in range(started, last):
            data["started"] = position + 1
            self.start_instance(token, self._locals(items, position))
        return False

    def conclude(self, token: Token) -> None:
        if self.output_collection and token.variables and self.output_collection in token.variables:
            token.container.propagate({self.output_collection: token.variables[self.output_collection]})
        super().conclude(token)

    def child_left(self, container: Token, child: Token) -> None:
        self._collect(container, child)
        super().child_left(container, child)
        self._throw_implicitly(container)

    def _begin(self, token: Token) -> int:
        """How many instances there will be. Raises Obstacle."""
        if self.collection is not None:
            total = len(self._items(token) or ())
        else:
            assert self.cardinality is not None  # noqa: S101 - refused at deployment
            total = whole_number(token, self.cardinality, "number of instances")
        if self.output_collection:
            token.variables = {**(token.variables or {}), self.output_collection: [None] * total}
        return total

    def _items(self, token: Token) -> list[object] | None:
        """The input collection; evaluated once while the instance stays in memory. Raises Obstacle."""
        if self.collection is None:
            return None
        if not isinstance(token.cache, list):
            value, reasons = formulas.with_reasons(token, self.collection)
            if not isinstance(value, list):
                message = formulas.misfit("a list as input collection", self.collection, value, reasons)
                raise Obstacle(IncidentKind.MULTI_INSTANCE, message)
            token.cache = [feel.to_json(item) for item in value]
        return token.cache

    def _locals(self, items: list[object] | None, position: int) -> dict[str, object]:
        """The variables of one instance. A variable that is its output is its own, so that instances do not mix."""
        variables: dict[str, object] = {"loopCounter": Decimal(position + 1)}
        if self.output_element is not None and len(self.output_element.names) == 1:
            variables.update(dict.fromkeys(self.output_element.names))
        if self.input_element and items is not None:
            variables[self.input_element] = items[position] if position < len(items) else None
        return variables

    def _collect(self, body: Token, instance: Token) -> None:
        """Note the instance's output at its place, in a new list: events may hold the old one."""
        outputs = (body.variables or {}).get(self.output_collection or "")
        if self.output_element is not None and self.output_collection and isinstance(outputs, list):
            position = int(str((instance.variables or {}).get("loopCounter", 1))) - 1
            outputs = [*outputs]
            outputs[position] = formulas.json_value(instance, self.output_element)
            body.variables = {**(body.variables or {}), self.output_collection: outputs}

    def _is_complete(self, token: Token, total: int) -> bool:
        """The completion condition, or the first complex behaviour whose condition holds. Raises Obstacle."""
        if token.internal_data.pop("cut short", False):
            return True
        if self.completion_condition is None:
            return False
        return formulas.condition(token, self.completion_condition, self._attributes(token, total))

    def _attributes(self, token: Token, total: int) -> dict[str, object]:
        completed, started = count(token, "completed"), count(token, "started")
        return {
            "numberOfInstances": Decimal(total),
            "numberOfActiveInstances": Decimal(started - completed),
            "numberOfCompletedInstances": Decimal(completed),
            "numberOfTerminatedInstances": Decimal(0),
            "loopCounter": Decimal(completed),
        }

    def _throw_implicitly(self, body: Token) -> None:
        """What a completed instance throws to the activity's own boundary (`behavior`, table 10.30).

        The activity goes on: an implicit event is its product and does not interrupt it. Only a complex behaviour whose
        condition holds cancels the remaining instances.
        """
        if self.behavior is model.MultiInstanceBehavior.COMPLEX:
            for condition, event in self.complex_behaviors:
                if formulas.evaluate(body, condition, self._attributes(body, count(body, "total"))) is True:
                    body.internal_data["cut short"] = True
                    self._throw_to_boundary(body, event)
        elif self.behavior is model.MultiInstanceBehavior.NONE:
            self._throw_to_boundary(body, self.none_event)
        elif self.behavior is model.MultiInstanceBehavior.ONE and count(body, "completed") == 1:
            self._throw_to_boundary(body, self.one_event)

    def _throw_to_boundary(self, body: Token, definition: definitions.EventDefinition | None) -> None:
        for event in self.boundaries:
            for position, caught in enumerate(event.definitions):
                if is_same(definition, caught):
                    event.thrown_implicitly(body, position)
                    break


def is_same(thrown: definitions.EventDefinition | None, caught: definitions.EventDefinition) -> bool:
    """Whether a boundary event's definition catches what is thrown: the same signal, message, error or escalation."""
    match thrown, caught:
        case definitions.SignalEventDefinition(signal=one), definitions.SignalEventDefinition(signal=other):
            return one == other
        case definitions.MessageEventDefinition(message=one), definitions.MessageEventDefinition(message=other):
            return one == other
        case definitions.EscalationEventDefinition(escalation=one), definitions.EscalationEventDefinition(
            escalation=other
        ):
            return other is None or one == other
        case definitions.ErrorEventDefinition(error=one), definitions.ErrorEventDefinition(error=other):
            return other is None or one == other
    return False
