"""What an event waits for or throws: BPMN 2.0.2, section 10.5.5.

References are resolved: a definition holds the message, signal, error or escalation itself, never its id.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.bpmn.extensions import EVERY_CHANGE, ConditionalFilter, Expression, PublishMessage, TaskDefinition


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    name: Expression  # a literal, or FEEL (allowed for start events without variables, and for catch events)
    correlation_key: Expression | None = None
    item_id: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    id: str
    name: Expression
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Error:
    id: str
    name: str
    code: Expression | None  # None: catches every error; an end event must have one
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    id: str
    name: str
    code: Expression | None  # None: catches every escalation
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDefinition:
    """The root of the family. `id` may be empty: BPMN does not require it here."""

    id: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEventDefinition(EventDefinition):
    message: Message | None = None
    operation_id: str | None = None
    publish: PublishMessage | None = None  # throwing: publish directly
    task_definition: TaskDefinition | None = None  # throwing: a job publishes


class TimerKind(StrEnum):
    DATE = "date"
    DURATION = "duration"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerEventDefinition(EventDefinition):
    """`kind` is None when the diagram says nothing; the checks refuse that."""

    kind: TimerKind | None = None
    expression: Expression | None = None  # a literal ISO 8601 (or cron, for cycles) text, or FEEL


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalEventDefinition(EventDefinition):
    signal: Signal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorEventDefinition(EventDefinition):
    error: Error | None = None  # None: a catch event takes every error
    code_variable: str | None = None  # Camunda 7: variables that receive what was caught
    message_variable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationEventDefinition(EventDefinition):
    escalation: Escalation | None = None  # None: a catch event takes every escalation
    code_variable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalEventDefinition(EventDefinition):
    condition: Expression | None = None
    filter: ConditionalFilter = EVERY_CHANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEventDefinition(EventDefinition):
    """Links pair by `name` within one scope. Where the diagram pairs them by reference, both have the target's name."""

    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompensateEventDefinition(EventDefinition):
    activity_id: str | None = None  # None: everything compensable in the scope
    wait_for_completion: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelEventDefinition(EventDefinition):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminateEventDefinition(EventDefinition):
    pass
