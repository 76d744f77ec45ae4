"""What every stage of reading shares: the tree, the dialect, what was already read, and where problems go."""

from dataclasses import dataclass, field
from typing import Any

from app.bpmn.dialects.base import DialectReader
from app.bpmn.event_definitions import Error, Escalation, EventDefinition, Message, Signal
from app.bpmn.problems import Problems
from app.bpmn.source import Document, SourceElement

Fields = dict[str, Any]  # constructor arguments of a frozen dataclass, checked by the class itself


@dataclass(slots=True)
class Reading:
    """One file being read. The maps are filled by `roots` before any process is read; keys are element ids."""

    document: Document
    dialect: DialectReader
    problems: Problems
    messages: dict[str, Message] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    errors: dict[str, Error] = field(default_factory=dict)
    escalations: dict[str, Escalation] = field(default_factory=dict)
    event_definitions: dict[str, EventDefinition] = field(default_factory=dict)
    link_targets: dict[str, SourceElement] = field(default_factory=dict)  # id of a link that throws to its partner
    displaced: dict[int, list[SourceElement]] = field(default_factory=dict)  # scope to flows of it written elsewhere
    moved: set[int] = field(default_factory=set)  # the places of these flows
    associated: dict[str, list[str]] = field(default_factory=dict)  # id to the ids that associations connect with it

    def integer(self, element: SourceElement, attribute: str, default: int) -> int:
        """An integer attribute; what is not a number is a problem and counts as the default."""
        text = element.get(attribute).strip()
        if not text:
            return default
        try:
            return int(text)
        except ValueError:
            self.problems.add(
                element,
                "not-a-number",
                f"Expected a whole number in {attribute}, but found {text!r}.",
                f"Write a number into {attribute}.",
            )
            return default


def place(element: SourceElement) -> Fields:
    """The fields of every `model.Element`."""
    return {"id": element.id, "name": element.name, "line": element.line, "index": element.index}


def local(reference: str) -> str:
    """The id in a QName reference: a prefix is dropped."""
    return reference.strip().rpartition(":")[2]
