"""BPMN 2.0.2, 10.5.5: a link that throws names its target, and a link that catches its sources.

In plain BPMN only: in the dialects of Camunda's engines links find each other by their names, and so they do here.
"""

from collections.abc import Iterator

from app.bpmn.model import Dialect
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

_SIDES = (("intermediateCatchEvent", "source", "EXT124"), ("intermediateThrowEvent", "target", "EXT125"))


def link_references(subject: Subject) -> Iterator[Finding]:
    if subject.definitions.dialect is not Dialect.PLAIN:
        return
    for kind, word, rule in _SIDES:
        for event in subject.document.of_kind(kind):
            for link in subject.event_definitions(event):
                count = sum(1 for _ in link.all(word))
                if link.kind == "linkEventDefinition" and (count == 0 or (word == "target" and count > 1)):
                    yield Finding(
                        event,
                        f"Expected {'one target' if word == 'target' else 'a source'} named by the link, "
                        f"but found {count or 'none'}.",
                        f"Write <{word}> with the id of the other link event definition.",
                        rule,
                        Severity.WARNING,
                    )
