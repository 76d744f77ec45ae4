"""BPMN 2.0.2, 10.5.5: links pair within one process level: many sources, one target."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement

_Link = tuple[SourceElement, SourceElement]  # the event and its link definition


def links(subject: Subject) -> Iterator[Finding]:
    throws = _links(subject, "intermediateThrowEvent")
    catches = _links(subject, "intermediateCatchEvent")
    for event, partners in _partners(throws, catches):
        yield from _judge(subject, event, partners, "target", "EXT125")
    for event, partners in _partners(catches, throws):
        yield from _judge(subject, event, partners, "source", "EXT124")
    yield from _consistency(subject, throws + catches)
    targets: dict[tuple[int, str], list[SourceElement]] = {}
    for event, link in catches:
        scope = subject.scope(event)
        if link.name and scope is not None:
            targets.setdefault((scope.index, link.name), []).append(event)
    for (_, name), events in targets.items():
        for event in events if len(events) > 1 else ():
            yield Finding(
                event,
                f"Expected one target for the link {name!r}, but found {len(events)}.",
                "Give the targets different names.",
                "BPMN 2.0.2, 10.5.5",
            )


def _links(subject: Subject, kind: str) -> list[_Link]:
    return [
        (event, definition)
        for event in subject.document.of_kind(kind)
        for definition in subject.event_definitions(event)
        if definition.kind == "linkEventDefinition"
    ]


def _references(link: SourceElement) -> list[str]:
    return [reference.text.rpartition(":")[2] for reference in link.all("source", "target")]


def _partners(these: list[_Link], those: list[_Link]) -> Iterator[tuple[SourceElement, list[SourceElement]]]:
    """Each event with its partners: those that one of both refers to; without any reference, those of its name."""
    by_name: dict[str, list[SourceElement]] = {}
    by_id: dict[str, list[SourceElement]] = {}
    referring: dict[str, list[SourceElement]] = {}
    for event, link in those:
        if link.name and not _references(link):
            by_name.setdefault(link.name, []).append(event)
        by_id.setdefault(link.id, []).append(event)
        for reference in _references(link):
            referring.setdefault(reference, []).append(event)
    for event, link in these:
        references = _references(link)
        named = [other for reference in references for other in by_id.get(reference, ())]
        named += referring.get(link.id, []) if link.id else []
        yield event, named if named or references else by_name.get(link.name, [])


def _judge(
    subject: Subject,
    event: SourceElement,
    partners: list[SourceElement],
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
    elif all(subject.scope(other) is not subject.scope(event) for other in partners):
        yield Finding(
            event,
            f"Expected the {word} of the link at the same level of the process, but found it at another.",
            "Put both link events into the same process or subprocess.",
            "EXT126",
        )


def _consistency(subject: Subject, found: list[_Link]) -> Iterator[Finding]:
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
