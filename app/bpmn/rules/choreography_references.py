"""BPMN 2.0.2, 9.2: a collaboration may show choreographies; a choreography or a global conversation does not."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def choreography_references(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.of_kind("choreography", "globalChoreographyTask", "globalConversation"):
        if element.first("choreographyRef") is not None:
            yield Finding(
                element,
                f"Expected no choreographyRef on a {element.kind}, but found one.",
                "Remove it, or show the choreography in a collaboration.",
                "EXT027",
                Severity.WARNING,
            )
