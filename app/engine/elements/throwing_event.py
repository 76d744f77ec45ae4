"""What throwing events share: their throws, one after the other in document order (BPMN 2.0.2, 10.5.4)."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.event_definitions.compensation import give_back
from app.engine.event_definitions.definition import Throw
from app.engine.event_definitions.message import JobThrow
from app.engine.event_definitions.reading import read_throw
from app.engine.job_spec import JobSpec
from app.engine.token import Phase, Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec


class ThrowingEventSpec(FlowNodeSpec):
    def __init__(
        self, process: "ProcessSpec", node: "model.IntermediateThrowEvent | model.EndEvent", builder: "Builder"
    ) -> None:
        super().__init__(process, node, builder)
        read = [read_throw(builder, node, definition) for definition in node.definitions]
        self.throws: tuple[Throw, ...] = tuple(throw for throw in read if throw is not None)

    def execute(self, token: Token) -> bool:
        """`internal_data["throw"]` counts the throws that are done, for those that wait and for retries."""
        data = token.internal_data
        for position in range(self._position(token), len(self.throws)):
            data["throw"] = position
            if not self.throws[position].throw(token):
                return False
            if not token.is_live:
                return False
        data.pop("throw", None)
        return True

    def let_go(self, token: Token) -> None:
        give_back(token)

    def throw_completed(self, token: Token) -> None:
        """What the present throw waited for is done: go on with the next."""
        token.internal_data["throw"] = self._position(token) + 1
        token.workflow.resume(token, Phase.EXECUTING)

    def go_on(self, container: Token, result: dict[str, object]) -> None:
        driver = container.workflow.tasks.get(str(result["driver"]))
        if driver is not None:
            container.workflow.resume(driver, Phase.EXECUTING)

    def current_job(self, token: Token) -> JobSpec:
        if token.phase is Phase.EXECUTING:
            throw = self.throws[self._position(token)]
            assert isinstance(throw, JobThrow)  # noqa: S101 - only such a throw asks for a job
            return throw.job
        return super().current_job(token)

    def job_completed(self, token: Token, variables: dict[str, object]) -> None:
        if token.phase is Phase.EXECUTING:
            token.result = {**(token.result or {}), **variables}
            self.throw_completed(token)
        else:
            super().job_completed(token, variables)

    def _position(self, token: Token) -> int:
        return int(str(token.internal_data.get("throw", 0)))
