"""Start events of processes and embedded subprocesses: the token appears here (BPMN 2.0.2, 10.5.2)."""

from app.engine.elements.catching_event import CatchingEventSpec
from app.engine.token import Token


class StartEventSpec(CatchingEventSpec):
    """What a process's start event waits for opens no wait here: the deployment keeps its triggers.

    Where it needs several, whoever keeps them starts the instance when all have occurred (`app.engine.starting`).
    """

    element_type = "startEvent"

    def start_with(self, container: Token, result: dict[str, object]) -> None:
        """The instance starts because this event has happened, bringing these variables."""
        token = container.workflow.add(self, container)
        token.result = result
        self._update(token)
