"""Receive tasks: wait for a message (BPMN 2.0.2, 13.3.3)."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine.element import Element
from app.engine.elements.activity import ActivitySpec
from app.engine.elements.catching_event import open_waits
from app.engine.event_definitions.reading import message_catch
from app.engine.token import Phase, Token
from app.engine.waits import Wait

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class ReceiveTaskSpec(ActivitySpec):
    element_type = "receiveTask"
    waits_for_events = True

    def __init__(
        self, process: "ProcessSpec", node: model.ReceiveTask, builder: "Builder", *, name: str | None = None
    ) -> None:
        super().__init__(process, node, builder, name=name)
        self.message = message_catch(builder, node, node.message)

    def listens(self, token: Token) -> bool:
        return "came" not in token.internal_data and not token.arrivals

    def execute(self, token: Token) -> bool:
        if self.message is None or "came" in token.internal_data:
            return True
        open_waits(token, (self,))
        return False

    def waits(self, token: Token) -> list[Wait]:
        return [self.message.wait(token, self.bpmn_id, 0)] if self.message else []

    def handler_of(self, wait: Wait) -> Element:
        """Its own message, which bears the element's id although an instance of a repeated task waits for it."""
        return self if wait.element_id == self.bpmn_id else super().handler_of(wait)

    def happened(self, token: Token, wait: Wait, variables: dict[str, object]) -> None:
        token.workflow.close_wait(token, wait)
        token.result = variables
        token.workflow.resume(token, Phase.COMPLETING)

    def start_with(self, container: Token, result: dict[str, object]) -> None:
        """The message has come already: it starts the process, or chose this task after an event-based gateway."""
        token = container.workflow.add(self, container)
        token.internal_data["came"] = True
        token.result = result
        self._update(token)
