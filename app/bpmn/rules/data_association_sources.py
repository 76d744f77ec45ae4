"""BPMN 2.0.2, 10.4.2: without a transformation a data association copies one source; a second would be passed over."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def data_association_sources(subject: Subject) -> Iterator[Finding]:
    for association in subject.document.of_kind("dataInputAssociation", "dataOutputAssociation"):
        if association.first("transformation") is not None:
            continue
        count = sum(1 for _ in association.all("sourceRef"))
        if count > 1 or (count == 0 and association.first("assignment") is None):
            yield Finding(
                subject.named(association),
                f"Expected one sourceRef on a {association.kind} without a transformation, but found {count}.",
                "Keep one source, or write a transformation.",
                "EXT092",
                Severity.WARNING,
            )
