"""Event definitions, inside events and at the root: BPMN 2.0.2, section 10.5.5."""

from app.bpmn.event_definitions import (
    CancelEventDefinition,
    CompensateEventDefinition,
    ConditionalEventDefinition,
    ErrorEventDefinition,
    EscalationEventDefinition,
    EventDefinition,
    LinkEventDefinition,
    MessageEventDefinition,
    SignalEventDefinition,
    TerminateEventDefinition,
    TimerEventDefinition,
    TimerKind,
)
from app.bpmn.reading.context import Reading, local
from app.bpmn.source import SourceElement

DEFINITION_KINDS = (
    "messageEventDefinition",
    "timerEventDefinition",
    "signalEventDefinition",
    "errorEventDefinition",
    "escalationEventDefinition",
    "conditionalEventDefinition",
    "linkEventDefinition",
    "compensateEventDefinition",
    "cancelEventDefinition",
    "terminateEventDefinition",
)


def read_definitions(reading: Reading, event: SourceElement) -> tuple[EventDefinition, ...]:
    """All definitions of an event in document order, its own and those it refers to by ``eventDefinitionRef``."""
    found: list[EventDefinition] = []
    for child in event.children:
        if child.kind in DEFINITION_KINDS:
            found.append(read_definition(reading, child, event))
        elif child.kind == "eventDefinitionRef" and local(child.text) in reading.event_definitions:
            found.append(reading.event_definitions[local(child.text)])
    return tuple(found)


# one case for each definition of BPMN: long, not complex
def read_definition(  # noqa: C901, PLR0911
    reading: Reading, element: SourceElement, event: SourceElement | None
) -> EventDefinition:
    """The definition that `element` is; `event` is the event around it (Camunda 8 puts how to publish there)."""
    key, line = element.id, element.line
    dialect = reading.dialect
    match element.kind:
        case "messageEventDefinition":
            return _message(reading, element, event)
        case "timerEventDefinition":
            return _timer(reading, element)
        case "signalEventDefinition":
            signal = reading.signals.get(local(element.get("signalRef")))
            return SignalEventDefinition(id=key, line=line, signal=signal)
        case "errorEventDefinition":
            error = reading.errors.get(local(element.get("errorRef")))
            code, message = dialect.catch_variables(element)
            return ErrorEventDefinition(id=key, line=line, error=error, code_variable=code, message_variable=message)
        case "escalationEventDefinition":
            escalation = reading.escalations.get(local(element.get("escalationRef")))
            code, _ = dialect.catch_variables(element)
            return EscalationEventDefinition(id=key, line=line, escalation=escalation, code_variable=code)
        case "conditionalEventDefinition":
            condition = dialect.condition(element.first("condition"))
            changes = dialect.conditional_filter(element)
            return ConditionalEventDefinition(id=key, line=line, condition=condition, filter=changes)
        case "linkEventDefinition":
            target = reading.link_targets.get(element.id, element)
            return LinkEventDefinition(id=key, line=line, name=target.name or target.id)
        case "compensateEventDefinition":
            return CompensateEventDefinition(
                id=key,
                line=line,
                activity_id=local(element.get("activityRef")) or None,
                wait_for_completion=element.flag("waitForCompletion", default=True),
            )
        case "cancelEventDefinition":
            return CancelEventDefinition(id=key, line=line)
        case "terminateEventDefinition":
            return TerminateEventDefinition(id=key, line=line)
    raise AssertionError(element.kind)  # only called for DEFINITION_KINDS


def _message(reading: Reading, element: SourceElement, event: SourceElement | None) -> EventDefinition:
    operation = element.first("operationRef")
    carriers = [carrier for carrier in (event, element) if carrier is not None]
    publish = next(filter(None, (reading.dialect.publish(carrier) for carrier in carriers)), None)
    job = next(filter(None, (reading.dialect.task_definition(carrier) for carrier in carriers)), None)
    return MessageEventDefinition(
        id=element.id,
        line=element.line,
        message=reading.messages.get(local(element.get("messageRef"))),
        operation_id=local(operation.text) if operation is not None else None,
        publish=publish,
        task_definition=job,
    )


def _timer(reading: Reading, element: SourceElement) -> EventDefinition:
    kinds = {"timeDate": TimerKind.DATE, "timeDuration": TimerKind.DURATION, "timeCycle": TimerKind.CYCLE}
    time = element.first(*kinds)
    return TimerEventDefinition(
        id=element.id,
        line=element.line,
        kind=kinds[time.kind] if time is not None else None,
        expression=reading.dialect.formal(time),
    )
