"""BPMN 2.0.2, 10.4.2: without a transformation, source and target of a data association have the same structure."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity

_REFERS = {"dataObjectReference": "dataObjectRef", "dataStoreReference": "dataStoreRef"}


def data_association_items(subject: Subject) -> Iterator[Finding]:
    for association in subject.document.of_kind("dataInputAssociation", "dataOutputAssociation"):
        if association.first("transformation", "assignment") is not None:
            continue
        sources = [_item(subject, each.text) for each in association.all("sourceRef")]
        for target in (_item(subject, each.text) for each in association.all("targetRef")):
            for source in sources:
                if source is not None and target is not None and not subject.same_item(source, target):
                    yield Finding(
                        subject.named(association),
                        f"Expected source and target of the {association.kind} to have the same item definition, "
                        f"but found {source.id} and {target.id}.",
                        "Add a transformation, or let both name the same item definition.",
                        "EXT091",
                        Severity.WARNING,
                    )


def _item(subject: Subject, reference: str) -> SourceElement | None:
    """The item definition of data; a reference has that of the object or store that it names."""
    data = subject.document.refer(reference.strip())
    if data is not None and data.kind in _REFERS and not data.get("itemSubjectRef"):
        data = subject.document.refer(data.get(_REFERS[data.kind]))
    return subject.item(data)
