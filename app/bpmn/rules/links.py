"""BPMN 2.0.2, 10.5.5: links pair within one process level: many sources, one target."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement


def links(subject: Subject) -> Iterator[Finding]:
    throws = _links(subject, "intermediateThrowEvent")
    catches = _links(subject, "intermediateCatchEvent")
    for event, link in throws:
        partners = [(other, found) for other, found in catches if _pair(link, found)]
        yield from _judge(subject, event, partners, "target", "EXT125")
    for event, link in catches:
        partners = [(other, found) for other, found in throws if _pair(found, link)]
        yield from _judge(subject, event, partners, "source", "EXT124")
    yield from _consistency(subject, throws + catches)
    for event, link in catches:
        twins = [other for other, found in catches if link.name and found.name == link.name]
        if len([twin for twin in twins if subject.scope(twin) is subject.scope(event)]) > 1:
            yield Finding(
                event,
                f"Expected one target for the link {link.name!r}, but found several.",
                "Give the targets different names.",
                "BPMN 2.0.2, 10.5.5",
            )


def _links(subject: Subject, kind: str) -> list[tuple[SourceElement, SourceElement]]:
    return [
        (event, definition)
        for event in subject.document.of_kind(kind)
        for definition in subject.event_definitions(event)
        if definition.kind == "linkEventDefinition"
    ]


def _pair(throw: SourceElement, catch: SourceElement) -> bool:
    """Links pair by reference where one is given, else by name."""
    target, source = throw.first("target"), catch.first("source")
    if target is not None or source is not None:
        return (target is not None and target.text.rpartition(":")[2] == catch.id) or (
            any(found.text.rpartition(":")[2] == throw.id for found in catch.all("source"))
        )
    return bool(throw.name) and throw.name == catch.name


def _judge(
    subject: Subject,
    event: SourceElement,
    partners: list[tuple[SourceElement, SourceElement]],
    word: str,
    missing: str,
) -> Iterator[Finding]:
    if not partners:
        yield Finding(
            event,
            f"Expected a {word} for the link, but found none.",
            f"Add an intermediate link event as {word}, with the same name.",
            missing,
        )
    elif all(subject.scope(other) is not subject.scope(event) for other, _ in partners):
        yield Finding(
            event,
            f"Expected the {word} of the link at the same level of the process, but found it at another.",
            "Put both link events into the same process or subprocess.",
            "EXT126",
        )


def _consistency(subject: Subject, found: list[tuple[SourceElement, SourceElement]]) -> Iterator[Finding]:
    for event, link in found:
        for word, back in (("target", "source"), ("source", "target")):
            for reference in link.all(word):
                partner = subject.document.refer(reference.text)
                if partner is None or partner.kind != "linkEventDefinition":
                    continue
                if link.id not in {answer.text.rpartition(":")[2] for answer in partner.all(back)}:
                    yield Finding(
                        event,
                        f"Expected {partner.id} to name {link.id} as its {back}, but it does not.",
                        "Let both link events name each other.",
                        "EXT118",
                    )
