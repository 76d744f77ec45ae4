"""Two events of one place that would catch the same thing: only one of them ever could (BPMN 2.0.2, 10.5.6).

Errors and escalations go to one catch. Camunda 8 says the same of the messages and signals that start something.
"""

from collections.abc import Iterator, Sequence

from app.bpmn.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
    SignalEventDefinition,
)
from app.bpmn.graph import scopes_of
from app.bpmn.model import BoundaryEvent, CatchEvent, Dialect, Scope, StartEvent, SubProcess
from app.bpmn.rules.subject import Finding, Subject


def ambiguous_catches(subject: Subject) -> Iterator[Finding]:
    names_count = subject.definitions.dialect is Dialect.ZEEBE
    for process in subject.running:
        for _, scope in scopes_of(process):
            for events in _places(scope):
                first: dict[tuple[str, str], str] = {}
                for event in events:
                    for caught in _caught(event, names_count=names_count):
                        earlier = first.setdefault(caught, event.id)
                        if earlier != event.id:
                            yield Finding(
                                subject.document.by_id(event.id),
                                f"Expected one event for {' '.join(caught)}, but {earlier} catches it too.",
                                "Remove one of the two, or let them catch different things.",
                                "BPMN 2.0.2, 10.5.6",
                            )


def _places(scope: Scope) -> Iterator[Sequence[CatchEvent]]:
    """The events that compete: on one activity, those that start the scope, those of its event subprocesses."""
    boundaries: dict[str, list[CatchEvent]] = {}
    for node in scope.nodes:
        if isinstance(node, BoundaryEvent):
            boundaries.setdefault(node.attached_to_id, []).append(node)
    yield from boundaries.values()
    yield [node for node in scope.nodes if isinstance(node, StartEvent)]
    inside = [node.scope.nodes for node in scope.nodes if isinstance(node, SubProcess) and node.is_event]
    yield [start for nodes in inside for start in nodes if isinstance(start, StartEvent)]


def _caught(event: CatchEvent, *, names_count: bool) -> Iterator[tuple[str, str]]:
    """What the event catches, as words."""
    if event.is_parallel_multiple:
        return
    for definition in event.definitions:
        match definition:
            case ErrorEventDefinition(error=error):
                yield "error", error.code.text if error and error.code else "of every code"
            case EscalationEventDefinition(escalation=escalation):
                yield "escalation", escalation.code.text if escalation and escalation.code else "of every code"
            case MessageEventDefinition(message=message) if message and names_count:
                yield "message", message.name.text
            case SignalEventDefinition(signal=signal) if signal and names_count:
                yield "signal", signal.name.text
