"""Event subprocesses: started by an event while their scope runs, interrupting it or not (BPMN 2.0.2, 13.5.4)."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine.elements.catching_event import CatchingEventSpec
from app.engine.elements.scope import begins
from app.engine.elements.sub_process import SubProcessSpec
from app.engine.event_definitions.compensation import REOPENED
from app.engine.jobs import cancel_job
from app.engine.token import Token
from app.engine.waits import Wait, WaitKind

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class EventSubProcessSpec(SubProcessSpec):
    element_type = "eventSubProcess"
    is_event_sub_process = True

    def execute(self, token: Token) -> bool:
        if REOPENED in token.internal_data:
            return self.undo_contents(token)
        if token.variables is None:
            token.variables = {}
        if begins(token):
            (start,) = self.starts
            first = token.workflow.add(start, token)
            first.result, token.result = token.result, None
            start._update(first)
        return not token._children


class EventStartSpec(CatchingEventSpec):
    """The start event of an event subprocess. The scope around the subprocess waits for it."""

    element_type = "startEvent"

    def __init__(self, process: "ProcessSpec", node: model.StartEvent, builder: "Builder") -> None:
        super().__init__(process, node, builder)
        interrupts = (node.is_interrupting and not self.catches_compensation) or bool(self.error_catches)
        self.is_interrupting = interrupts  # compensation finds nothing left to interrupt
        self.sub_process: EventSubProcessSpec | None = None  # linked by the compiler

    def accept(self, token: Token, wait: Wait, variables: dict[str, object]) -> None:
        if wait.kind is WaitKind.TIMER:
            if self.is_interrupting:
                token.workflow.close_wait(token, wait, fired=True)
            else:
                token.workflow.reschedule(token, wait)
        self.trigger(token, variables)

    def trigger(self, owner: Token, result: dict[str, object]) -> None:
        workflow = owner.workflow
        staying: list[Token] = []
        if self.is_interrupting:
            owner.internal_data["interrupted"] = True
            cancel_job(owner)  # an ad-hoc subprocess asks one what is to be done next: nothing
            staying = workflow.cancel_inside(owner)
            for wait in list(owner.waits.values()):
                if isinstance(workflow.spec.task_specs[wait.element_id], EventStartSpec):
                    workflow.close_wait(owner, wait)
        workflow.when_gone(owner, staying, self, result)

    def go_on(self, container: Token, result: dict[str, object]) -> None:
        if self.sub_process is not None:
            token = container.workflow.add(self.sub_process, container)
            token.result = result
            self.sub_process._update(token)
