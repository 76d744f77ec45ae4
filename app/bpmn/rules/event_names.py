"""Camunda 8: messages and signals that events use have a name, and a message that is waited for a correlation key."""

from collections.abc import Iterator

from app.bpmn.model import Dialect
from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import ZEEBE

_REFERRING = ("messageEventDefinition", "signalEventDefinition", "receiveTask", "sendTask")


def event_names(subject: Subject) -> Iterator[Finding]:
    if subject.definitions.dialect is not Dialect.ZEEBE:
        return
    used = {
        subject.document.refer(element.get(attribute))
        for element in subject.document.of_kind(*_REFERRING)
        for attribute in ("messageRef", "signalRef")
        if element.get(attribute)
    }
    awaited = frozenset(_awaited_inside(subject))
    for root in subject.document.of_kind("message", "signal"):
        if root not in used:
            continue
        if not root.name.strip():
            message = f"Expected a name on the {root.kind}, but found none."
            yield Finding(root, message, f"Name the {root.kind} as its other side does.")
        extensions = root.first("extensionElements")
        for subscription in extensions.all(f"{{{ZEEBE}}}subscription") if extensions is not None else ():
            if not subscription.get("correlationKey").removeprefix("=").strip() and root.id in awaited:
                yield Finding(
                    root,
                    "Expected a correlation key on the message, but found none.",
                    "Write the expression that finds the instance, such as =orderId.",
                )


def _awaited_inside(subject: Subject) -> Iterator[str]:
    """The ids of messages that somebody waits for inside an instance: not only as the start of one."""
    for element in subject.document.of_kind("messageEventDefinition", "receiveTask"):
        event = element if element.kind == "receiveTask" else subject.document.parent(element)
        scope = subject.scope(element)
        is_start = event is not None and event.kind == "startEvent" and scope is not None and scope.kind == "process"
        catches = event is not None and event.kind not in ("intermediateThrowEvent", "endEvent")
        if catches and not is_start:
            yield element.get("messageRef").rpartition(":")[2]
