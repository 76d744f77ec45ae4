"""BPMN 2.0.2, 9.3.1: a participant takes part at least zero times, and at most not less often than at least."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity


def participant_multiplicity(subject: Subject) -> Iterator[Finding]:
    for multiplicity in subject.document.of_kind("participantMultiplicity"):
        participant = subject.document.parent(multiplicity)
        minimum, maximum = _number(multiplicity, "minimum", 0), _number(multiplicity, "maximum", 1)
        if minimum < 0:
            yield Finding(
                participant,
                f"Expected a minimum of zero or more, but found {minimum}.",
                "Correct participantMultiplicity.",
                "EXT029",
                Severity.WARNING,
            )
        if maximum < max(minimum, 1):
            yield Finding(
                participant,
                f"Expected a maximum of at least {max(minimum, 1)}, but found {maximum}.",
                "Correct participantMultiplicity.",
                "EXT030",
                Severity.WARNING,
            )


def _number(element: SourceElement, attribute: str, default: int) -> int:
    try:
        return int(element.get(attribute, str(default)))
    except ValueError:
        return default
