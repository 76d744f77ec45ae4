"""Multi-instance activities, sequential and parallel, over a collection or a number (BPMN 2.0.2, 13.3.7; Camunda 8).

The body remembers how many instances there are, were started and are completed, the items of those that are still to be
started, and the outputs. The input collection is read once. Variables of the body and its instances show all this to
expressions; what is written to them changes nothing of it.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from SpiffWorkflow import TaskState

from app import feel
from app.bpmn import event_definitions as definitions
from app.bpmn import model
from app.engine import formulas
from app.engine.elements.activity import ActivitySpec
from app.engine.elements.repeating import POSITION, RepeatingSpec, count
from app.engine.event_definitions.compensation import REOPENED
from app.engine.jobs import whole_number
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec

ITEMS = "items"  # in `internal_data` of the body
MAXIMUM = 100_000  # instances: as many steps as a command may take


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
        self.shown_as = loop.output_collection or None
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
        if REOPENED in data:
            return self.undo_contents(token)
        if "total" not in data:
            self._begin(token)
        total, started, completed = count(token, "total"), count(token, "started"), count(token, "completed")
        if "over" in data or (completed and self._is_complete(token, total)):
            data["over"] = True
            token.workflow.cancel_inside(token)
            return not token._children
        if completed + count(token, "terminated") == total:
            return True
        if self.is_sequential and token._children:
            return False
        items = self._items_left(token, started)
        for position in range(started, min(started + 1, total) if self.is_sequential else total):
            data["started"] = position + 1
            self.start_instance(token, self._locals(items, position), position)
        if not items:
            data.pop(ITEMS, None)
        return False

    def conclude(self, token: Token) -> None:
        if self.shown_as and token.outputs is not None and REOPENED not in token.internal_data:
            token.container.propagate({self.shown_as: token.outputs})
        super().conclude(token)

    def child_left(self, container: Token, child: Token) -> None:
        is_completed = not child.has_state(TaskState.CANCELLED)
        if is_completed:
            self._collect(container, child)
        super().child_left(container, child)
        if is_completed:
            self._throw_implicitly(container)

    def _begin(self, token: Token) -> None:
        """Find out how many instances there will be, and of what. Raises Obstacle."""
        items: list[object] = []
        if self.collection is not None:
            items = self._items(token)
            total = len(items)
        else:
            assert self.cardinality is not None  # noqa: S101 - refused at deployment
            total = whole_number(token, self.cardinality, "number of instances")
        if total > MAXIMUM:
            message = (
                f"Expected at most {MAXIMUM:,} instances, but found {total:,}. Work through the items in portions."
            )
            raise Obstacle(IncidentKind.MULTI_INSTANCE, message)
        if self.shown_as:
            token.keep_outputs([None] * total)
        if items:
            token.internal_data[ITEMS] = items[::-1]
        token.internal_data["total"] = total

    def _items(self, token: Token) -> list[object]:
        """The input collection. Raises Obstacle."""
        assert self.collection is not None  # noqa: S101 - asked by those who know
        value, reasons = formulas.with_reasons(token, self.collection)
        if not isinstance(value, list):
            message = formulas.misfit("a list as input collection", self.collection, value, reasons)
            raise Obstacle(IncidentKind.MULTI_INSTANCE, message)
        return [feel.to_json(item) for item in value]

    def _items_left(self, token: Token, started: int) -> list[object]:
        """The items of the instances that are still to be started, the last first; they are taken from its end."""
        data = token.internal_data
        if ITEMS not in data and self.collection is not None:  # the first release read the collection again and again
            data[ITEMS] = self._items(token)[started:][::-1]
        return cast("list[object]", data.get(ITEMS, []))

    def _locals(self, items: list[object], position: int) -> dict[str, object]:
        """The variables of one instance. A variable that is its output is its own, so that instances do not mix."""
        variables: dict[str, object] = {"loopCounter": Decimal(position + 1)}
        if self.output_element is not None and len(self.output_element.names) == 1:
            variables.update(dict.fromkeys(self.output_element.names))
        item = items.pop() if items else None
        if self.input_element and self.collection is not None:
            variables[self.input_element] = item
        return variables

    def _collect(self, body: Token, instance: Token) -> None:
        """Note the instance's output at its place."""
        outputs, position = body.outputs, instance.internal_data.get(POSITION)
        if self.output_element is not None and outputs is not None and isinstance(position, int | Decimal):
            outputs[int(position)] = formulas.json_value(instance, self.output_element)
            body.keep_outputs(outputs)

    def _is_complete(self, token: Token, total: int) -> bool:
        """The completion condition, or the first complex behaviour whose condition holds. Raises Obstacle."""
        if token.internal_data.pop("cut short", False):
            return True
        if self.completion_condition is None:
            return False
        return formulas.condition(token, self.completion_condition, self._attributes(token, total))

    def _attributes(self, token: Token, total: int) -> dict[str, object]:
        completed, started, terminated = (count(token, name) for name in ("completed", "started", "terminated"))
        return {
            "numberOfInstances": Decimal(total),
            "numberOfActiveInstances": Decimal(started - completed - terminated),
            "numberOfCompletedInstances": Decimal(completed),
            "numberOfTerminatedInstances": Decimal(terminated),
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
