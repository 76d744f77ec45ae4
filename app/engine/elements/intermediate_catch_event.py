"""Intermediate catch events: the token waits here (BPMN 2.0.2, 10.5.4). A link target only passes the token on."""

from app.engine.elements.catching_event import CatchingEventSpec, open_waits
from app.engine.token import Phase, Token
from app.engine.waits import Wait, WaitKind


class IntermediateCatchEventSpec(CatchingEventSpec):
    element_type = "intermediateCatchEvent"

    def listens(self, token: Token) -> bool:
        return bool(self.catches) and "came" not in token.internal_data

    def execute(self, token: Token) -> bool:
        if not self.listens(token):
            return True
        open_waits(token, (self,))
        return False

    def accept(self, token: Token, wait: Wait, variables: dict[str, object]) -> None:
        """A cycle sends a token on each time it comes due and ends with the last one."""
        workflow = token.workflow
        if wait.kind is WaitKind.TIMER and workflow.reschedule(token, wait):
            for flow in self.flows:
                self.take(workflow, flow, token.container)
            return
        self.trigger(token, variables)

    def trigger(self, owner: Token, result: dict[str, object]) -> None:
        owner.workflow.close_waits(owner)
        owner.result = result
        owner.workflow.resume(owner, Phase.COMPLETING)

    def start_with(self, container: Token, result: dict[str, object]) -> None:
        """A token that arrives because the event has happened (after an event-based gateway, or starting a process)."""
        token = container.workflow.add(self, container)
        token.internal_data["came"] = True
        token.result = result
        self._update(token)
