"""The process itself: the outermost scope, and SpiffWorkflow's specification of it."""

from typing import TYPE_CHECKING

from SpiffWorkflow import TaskState

from app.bpmn import model
from app.engine.element import Flow, Specification
from app.engine.elements.catching_event import open_waits
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.elements.scope import ScopeContents, begins
from app.engine.event_definitions.message import CORRELATION_KEY
from app.engine.job_spec import JobSpec
from app.engine.token import Token
from app.engine.workflow import Status

if TYPE_CHECKING:
    from app.engine.builder import Builder


class ProcessSpec(Specification):
    """Built by the compiler from a diagram."""

    start: "ProcessElementSpec"

    def __init__(self, process: model.Process, builder: "Builder") -> None:
        super().__init__(name=process.id, description=process.name, filename=builder.definitions.file)
        self.task_specs.clear()  # stock's start, join and end tasks have no part in token flow
        self.start = ProcessElementSpec(self, process, builder)


class ProcessElementSpec(ScopeContents, FlowNodeSpec):
    """The process as the element at the root of every instance: its token is the instance."""

    element_type = "process"
    listener_moments = ("start", "end", "cancel")

    def __init__(self, spec: ProcessSpec, process: model.Process, builder: "Builder") -> None:
        ScopeContents.__init__(self)
        node = model.FlowNode(
            id=process.id,
            name=process.name,
            line=process.line,
            index=process.index,
            execution_listeners=process.execution_listeners,
        )
        FlowNodeSpec.__init__(self, spec, node, builder)
        self.cancel_listeners = builder.execution_listeners(process, process.execution_listeners, "cancel")

    def activate(self, token: Token) -> None:
        """The instance has started already."""

    def open(self, token: Token) -> None:
        open_waits(token, self.event_starts)

    def execute(self, token: Token) -> bool:
        start_id = token.internal_data.pop("start", None)
        if start_id is None:
            self.begin(token)
        elif begins(token) and "interrupted" not in token.internal_data:
            start = self.nodes[str(start_id)]
            start.start_with(token, token.result or {})
            token.result = None
            key = token.internal_data.pop(CORRELATION_KEY, None)
            for companion in start.companions:
                self._wait_for(companion, token, key)
        return not token._children

    def _wait_for(self, companion: FlowNodeSpec, root: Token, key: object) -> None:
        """A token waits for another event that has to happen. It comes after the first, whose outputs its waits see."""
        token = root.workflow.add(companion, root)
        if key is not None:
            token.internal_data[CORRELATION_KEY] = key
        token._set_state(TaskState.READY)

    def choose(self, token: Token) -> tuple[Flow, ...]:  # noqa: ARG002
        return ()

    def farewells(self, token: Token) -> tuple[JobSpec, ...]:
        """The listeners for a cancelled instance: not for one that an uncaught error ends."""
        ending = token.internal_data.get("ending")
        return self.cancel_listeners if isinstance(ending, list) and ending[0] == Status.CANCELLED else ()

    def _on_complete_hook(self, my_task: Token) -> None:
        my_task.workflow.complete_instance()

    def _on_cancel(self, my_task: Token) -> None:
        my_task.workflow.close_waits(my_task)
        my_task.workflow.drop_incidents(my_task)
