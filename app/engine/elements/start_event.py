"""Start events of processes and embedded subprocesses: the token appears here (BPMN 2.0.2, 10.5.2)."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine.elements.catching_event import CatchingEventSpec
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class StartEventSpec(CatchingEventSpec):
    """What a process's start event waits for opens no wait here: the deployment keeps its triggers."""

    element_type = "startEvent"

    def __init__(self, process: "ProcessSpec", node: model.StartEvent, builder: "Builder") -> None:
        super().__init__(process, node, builder)
        if self.is_parallel_multiple:
            builder.refuse(
                node,
                "parallel-multiple-start",
                "Expected a start event of which one trigger is enough, but found one that needs all of them.",
                "Start by one of the triggers and wait for the others behind it.",
            )

    def start_with(self, container: Token, result: dict[str, object]) -> None:
        """The instance starts because this event has happened, bringing these variables."""
        token = container.workflow.add(self, container)
        token.result = result
        self._update(token)
