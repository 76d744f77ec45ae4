"""From the event definitions of a diagram to what they catch and throw."""

from typing import TYPE_CHECKING

from app.bpmn import event_definitions as definitions
from app.bpmn import model
from app.bpmn.extensions import Expression, TaskDefinition
from app.engine.event_definitions.codes import ErrorCatch, EscalationCatch
from app.engine.event_definitions.compensation import CancelThrow, CompensationThrow
from app.engine.event_definitions.conditional import ConditionCatch
from app.engine.event_definitions.definition import Catch, Throw
from app.engine.event_definitions.error import ErrorThrow
from app.engine.event_definitions.escalation import EscalationThrow
from app.engine.event_definitions.message import JobThrow, MessageCatch, MessageThrow
from app.engine.event_definitions.signal import SignalCatch, SignalThrow
from app.engine.event_definitions.terminate import TerminateThrow
from app.engine.event_definitions.timer import TimerCatch, read_schedule

if TYPE_CHECKING:
    from app.engine.builder import Builder


def read_catch(  # noqa: PLR0911 - one case for each kind
    builder: "Builder", node: model.FlowNode, definition: definitions.EventDefinition
) -> Catch | ErrorCatch | EscalationCatch | None:
    """What a catching event waits for; None for links, compensation and cancellation, which are found when thrown."""
    match definition:
        case definitions.MessageEventDefinition(message=message):
            return message_catch(builder, node, message)
        case definitions.SignalEventDefinition(signal=definitions.Signal(name=name)):
            return SignalCatch(builder.formula(node, name, "signal name"))
        case definitions.TimerEventDefinition(kind=definitions.TimerKind() as kind, expression=Expression() as text):
            return timer_catch(builder, node, kind, text)
        case definitions.ConditionalEventDefinition(condition=Expression() as condition, filter=filtered):
            formula = builder.formula(node, condition, "condition")
            names, happenings = frozenset(filtered.variable_names), frozenset(filtered.variable_events)
            return ConditionCatch(formula, names, happenings)
        case definitions.ErrorEventDefinition(error=error):
            code = builder.static_text(node, error.code, "error code") if error else None
            return ErrorCatch(code, definition.code_variable, definition.message_variable)
        case definitions.EscalationEventDefinition(escalation=escalation):
            code = builder.static_text(node, escalation.code, "escalation code") if escalation else None
            return EscalationCatch(code, definition.code_variable)
        case (
            definitions.LinkEventDefinition()
            | definitions.CompensateEventDefinition()
            | definitions.CancelEventDefinition()
        ):
            return None
        case _:
            refuse_incomplete(builder, node, definition)
            return None


def read_throw(  # noqa: PLR0911 - one case for each kind
    builder: "Builder", node: model.FlowNode, definition: definitions.EventDefinition
) -> Throw | None:
    """What a throwing event does; None for a link, which is a connection and no deed."""
    match definition:
        case definitions.MessageEventDefinition(task_definition=None):
            return message_throw(builder, node, definition)
        case definitions.MessageEventDefinition(task_definition=TaskDefinition() as task_definition):
            return JobThrow(builder.job(node, task_definition, node.headers))
        case definitions.SignalEventDefinition(signal=definitions.Signal(name=name)):
            return SignalThrow(builder.formula(node, name, "signal name"))
        case definitions.ErrorEventDefinition(error=definitions.Error(code=Expression() as code)):
            return ErrorThrow(builder.formula(node, code, "error code"))
        case definitions.EscalationEventDefinition(escalation=definitions.Escalation(code=Expression() as code)):
            return EscalationThrow(builder.formula(node, code, "escalation code"))
        case definitions.CompensateEventDefinition(activity_id=activity_id, wait_for_completion=waits):
            return CompensationThrow(activity_id, waits)
        case definitions.CancelEventDefinition():
            return CancelThrow()
        case definitions.TerminateEventDefinition():
            return TerminateThrow()
        case definitions.LinkEventDefinition():
            return None
        case _:
            refuse_incomplete(builder, node, definition)
            return None


def message_catch(builder: "Builder", node: model.FlowNode, message: definitions.Message | None) -> MessageCatch | None:
    if message is None:
        refuse_missing_message(builder, node)
        return None
    return MessageCatch(
        builder.formula(node, message.name, "message name"),
        builder.optional(node, message.correlation_key, "correlation key"),
    )


def message_throw(
    builder: "Builder", node: model.FlowNode, definition: "definitions.MessageEventDefinition | model.SendTask"
) -> MessageThrow | None:
    """Without its own correlation key the message's subscription key is evaluated on this side."""
    message, publish = definition.message, definition.publish
    if message is None:
        refuse_missing_message(builder, node)
        return None
    key = publish.correlation_key if publish and publish.correlation_key else message.correlation_key
    return MessageThrow(
        builder.formula(node, message.name, "message name"),
        builder.optional(node, key, "correlation key"),
        builder.optional(node, publish.message_id if publish else None, "message id"),
        builder.optional(node, publish.time_to_live if publish else None, "time to live"),
    )


def timer_catch(builder: "Builder", node: model.FlowNode, kind: definitions.TimerKind, text: Expression) -> TimerCatch:
    """A literal is read at deployment already, so that a wrong one is found there."""
    formula = builder.formula(node, text, f"timer's {kind}")
    if formula.expression is None:
        try:
            read_schedule(kind, formula.text, builder.any_moment)
        except ValueError as error:
            builder.refuse(node, "timer", str(error), "Correct the text of the timer.")
    return TimerCatch(kind, formula)


def refuse_missing_message(builder: "Builder", node: model.FlowNode) -> None:
    builder.refuse(
        node, "message", "Expected a reference to a message, but found none.", "Choose the message that is meant."
    )


def refuse_incomplete(builder: "Builder", node: model.FlowNode, definition: definitions.EventDefinition) -> None:
    kind = type(definition).__name__.removesuffix("EventDefinition").lower()
    builder.refuse(
        node,
        "event-definition",
        f"Expected the {kind} event to say what it means, but its definition is incomplete or not possible here.",
        f"Complete the {kind} event definition.",
        definition.line,
    )
