"""Send tasks: publish a message, by themselves or by a job."""

from typing import TYPE_CHECKING

from app.bpmn import model
from app.engine.elements.job_task import JobTaskSpec
from app.engine.event_definitions.message import MessageThrow
from app.engine.event_definitions.reading import message_throw
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.builder import Builder


class SendTaskSpec(JobTaskSpec):
    element_type = "sendTask"
    message: MessageThrow | None = None

    def read_work(self, node: model.JobTask, builder: "Builder") -> None:
        if isinstance(node, model.SendTask):
            self.message = message_throw(builder, node, node)

    def perform(self, token: Token) -> bool:
        return self.message is None or self.message.throw(token)
