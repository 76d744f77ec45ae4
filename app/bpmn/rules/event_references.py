"""BPMN 2.0.2, 10.5.5: conditional and signal events of an executable process say their condition and signal."""

from collections.abc import Iterator

from app.bpmn.event_definitions import ConditionalEventDefinition, SignalEventDefinition
from app.bpmn.model import Event
from app.bpmn.rules.subject import Finding, Subject


def event_references(subject: Subject) -> Iterator[Finding]:
    for process in subject.definitions.processes:
        for event in process.walk():
            if not process.is_executable or not isinstance(event, Event):
                continue
            source = subject.document.by_id(event.id)
            for definition in event.definitions:
                if isinstance(definition, ConditionalEventDefinition) and definition.condition is None:
                    yield Finding(
                        source,
                        "Expected a condition on the conditional event, but found none.",
                        "Write the condition in FEEL, with a leading =.",
                        "EXT123",
                    )
                if isinstance(definition, SignalEventDefinition) and definition.signal is None:
                    yield Finding(
                        source,
                        "Expected a signal on the signal event, but found none.",
                        "Choose the signal.",
                        "EXT131",
                    )
