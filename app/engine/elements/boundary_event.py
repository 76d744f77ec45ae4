"""Boundary events: attached to an activity, interrupting it or not (BPMN 2.0.2, 10.5.4)."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine.elements import parallel_multiple
from app.engine.elements.catching_event import CatchingEventSpec
from app.engine.token import Token
from app.engine.waits import Wait, WaitKind

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class BoundaryEventSpec(CatchingEventSpec):
    element_type = "boundaryEvent"

    def __init__(self, process: "ProcessSpec", node: model.BoundaryEvent, builder: "Builder") -> None:
        super().__init__(process, node, builder)
        self.is_interrupting = node.is_interrupting
        self.definitions = node.definitions
        self.attached_to_id = node.attached_to_id
        self.compensation_handler_id = node.compensation_handler_id

    def accept(self, token: Token, wait: Wait, variables: dict[str, object]) -> None:
        if self._ends_the_activity():
            if wait.kind is WaitKind.TIMER:
                token.workflow.close_wait(token, wait, fired=True)
        elif wait.kind is WaitKind.TIMER:
            token.workflow.reschedule(token, wait)
        self.trigger(token, variables)

    def trigger(self, owner: Token, result: dict[str, object]) -> None:
        container = owner.container
        if self._ends_the_activity():
            owner.cancel()
            container.workflow.when_gone(container, [owner] if owner.is_live else [], self, result)
        else:
            self.start(container, result)

    def go_on(self, container: Token, result: dict[str, object]) -> None:
        self.start(container, result)

    def thrown_implicitly(self, body: Token, position: int) -> None:
        """A multi-instance activity throws what the definition at this position catches. The activity goes on."""
        if not self.is_parallel_multiple:
            self.start(body.container, {})
            return
        brought = parallel_multiple.note(self, body, self.part(position), {})
        if brought is not None:
            parallel_multiple.begin_anew(self, body, goes_on=True)
            self.start(body.container, brought)

    def start(self, container: Token, result: dict[str, object]) -> None:
        """A token leaves by this event, whatever becomes of the activity."""
        token = container.workflow.add(self, container)
        token.result = result
        self._update(token)

    def _ends_the_activity(self) -> bool:
        return self.is_interrupting or bool(self.error_catches) or self.catches_cancel
