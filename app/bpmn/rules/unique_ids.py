"""BPMN 2.0.2, 8.3.1: an id names one element of the file."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement


def unique_ids(subject: Subject) -> Iterator[Finding]:
    first: dict[str, SourceElement] = {}
    for element in subject.document.root.walk():
        if not element.id or element.kind.startswith("{"):
            continue
        earlier = first.setdefault(element.id, element)
        if earlier is not element:
            yield Finding(
                element,
                f"Expected every id once, but found {element.id!r} also at line {earlier.line} ({earlier.kind}).",
                "Give one of the two another id.",
                "EXT002",
            )
