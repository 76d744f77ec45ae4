"""BPMN 2.0.2, 10.5.5: a message event of an executable process says which message, and by which operation.

Camunda's dialects replace both: a subscription or a job says how the message travels.
"""

from collections.abc import Iterator

from app.bpmn.event_definitions import MessageEventDefinition
from app.bpmn.model import Dialect, Event
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def message_events(subject: Subject) -> Iterator[Finding]:
    is_plain = subject.definitions.dialect is Dialect.PLAIN
    for process in subject.definitions.processes:
        for event in process.walk():
            if not process.is_executable or not isinstance(event, Event):
                continue
            for definition in event.definitions:
                if not isinstance(definition, MessageEventDefinition):
                    continue
                source = subject.document.by_id(event.id)
                if definition.message is None and definition.task_definition is None:
                    yield Finding(
                        source,
                        "Expected a message on the message event, but found none.",
                        "Choose the message.",
                        "EXT127",
                    )
                if is_plain and definition.message is not None and not definition.operation_id:
                    yield Finding(
                        source,
                        "Expected an operation on the message event, but found none.",
                        "Name an operation, or add a zeebe:subscription to the message.",
                        "EXT128",
                        Severity.WARNING,
                    )
