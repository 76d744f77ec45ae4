"""Messages: subscriptions with a correlation key, and publishing, directly or by a job.

Plain BPMN says nothing of correlation: there the key is empty on both sides and the name alone decides. Where a message
has started the process and others have to follow, they share its key (BPMN 2.0.2, 10.6.6).
"""

from dataclasses import dataclass
from typing import ClassVar

from app.engine import events, formulas
from app.engine.formulas import Formula
from app.engine.job_spec import JobSpec
from app.engine.jobs import request_job
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.timers import Duration
from app.engine.token import Token
from app.engine.waits import Wait, WaitKind

NO_KEY = ""
CORRELATION_KEY = "correlation_key"  # in `internal_data`: the key of the message that started the process


@dataclass(frozen=True, slots=True)
class MessageCatch:
    waits_for: ClassVar[WaitKind] = WaitKind.MESSAGE
    name: Formula
    key: Formula | None

    def wait(self, token: Token, element_id: str, index: int) -> Wait:
        name = formulas.text(token, self.name, "message name", IncidentKind.MESSAGE)
        shared = str(token.internal_data.get(CORRELATION_KEY, NO_KEY))
        key = formulas.text(token, self.key, "correlation key", IncidentKind.MESSAGE) if self.key else shared
        return Wait(token.workflow.new_id(), WaitKind.MESSAGE, element_id, index, name, key)


@dataclass(frozen=True, slots=True)
class MessageThrow:
    """The message carries the variables of the event's input mappings."""

    name: Formula
    key: Formula | None = None
    message_id: Formula | None = None
    time_to_live: Formula | None = None

    def throw(self, token: Token) -> bool:
        name = formulas.text(token, self.name, "message name", IncidentKind.MESSAGE)
        key = formulas.text(token, self.key, "correlation key", IncidentKind.MESSAGE) if self.key else NO_KEY
        message_id = formulas.optional_text(token, self.message_id, "message id")
        seconds = self._time_to_live_seconds(token)
        refuse_endless_chain(token, f'message "{name}"', IncidentKind.MESSAGE)
        token.workflow.emit(events.MessagePublished(name, key, message_id, seconds, dict(token.variables or {})))
        return True

    def _time_to_live_seconds(self, token: Token) -> int:
        text = formulas.optional_text(token, self.time_to_live, "time to live")
        if text is None:
            return 0
        now = token.workflow.moment.now
        try:
            return int((Duration.parse(text).added_to(now) - now).total_seconds())
        except ValueError as error:
            raise Obstacle(IncidentKind.MESSAGE, f'{error} It is the time to live "{self.time_to_live}".') from None


def refuse_endless_chain(token: Token, what: str, kind: IncidentKind) -> None:
    """Stop at the throw event where instances have told each other so much that it may go on for ever."""
    if not token.workflow.moment.may_send:
        raise Obstacle(
            kind,
            f"Expected the {what} to have a cause outside, but it ends a long chain of messages and signals between "
            "instances, without a job, a timer or a person among them. Break the loop, or retry to let it go on.",
        )


@dataclass(frozen=True, slots=True)
class JobThrow:
    """A task handler publishes the message."""

    job: JobSpec

    def throw(self, token: Token) -> bool:
        request_job(token, self.job)
        return False
