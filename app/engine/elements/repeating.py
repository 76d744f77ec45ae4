"""What standard loops and multi-instance activities share: a body around the instances of the activity itself."""

from dataclasses import replace
from typing import TYPE_CHECKING

from SpiffWorkflow import TaskState

from app.bpmn import model
from app.engine.elements.activity import ActivitySpec
from app.engine.token import Phase, Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


POSITION = "position"  # in `internal_data` of an instance; the variable `loopCounter` is for the diagram


class RepeatingSpec(ActivitySpec):
    """The body has the flows and boundary events, its instances the mappings, listeners and the work."""

    def __init__(
        self, process: "ProcessSpec", node: model.Activity, builder: "Builder", instance: ActivitySpec
    ) -> None:
        before_all = tuple(
            replace(listener, event_type="start")
            for listener in node.execution_listeners
            if listener.event_type == "beforeAll"
        )
        outside = replace(node, inputs=(), outputs=(), data_inputs=(), data_outputs=(), execution_listeners=before_all)
        super().__init__(process, outside, builder)
        self.instance = instance
        instance.scope = self
        instance.is_instance = True

    def start_instance(self, body: Token, variables: dict[str, object], position: int) -> Token:
        """One more instance, with its own scope. For its output it remembers its place, counted from zero."""
        token = body.workflow.add(self.instance, body)
        if self.shown_as:
            token.internal_data[POSITION] = position
        token.assign(variables)
        self.instance._update(token)
        return token

    def child_left(self, container: Token, child: Token) -> None:
        """An instance is done, or was cancelled alone: the body decides what comes next."""
        ended = "terminated" if child.has_state(TaskState.CANCELLED) else "completed"
        container.internal_data[ended] = count(container, ended) + 1
        container.workflow.resume(container, Phase.EXECUTING)

    def child_cancelled(self, container: Token) -> None:
        container.workflow.resume(container, Phase.EXECUTING)


def count(token: Token, name: str) -> int:
    """A number that the token remembers; zero at first."""
    return int(str(token.internal_data.get(name, 0)))
