"""BPMN 2.0.2, 10.4.2: an activity's or event's data associations end at its own inputs and begin at its own outputs."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

_SIDES = (("dataInputAssociation", "targetRef", "dataInput"), ("dataOutputAssociation", "sourceRef", "dataOutput"))


def data_association_ends(subject: Subject) -> Iterator[Finding]:
    for kind, end, data_kind in _SIDES:
        for association in subject.document.of_kind(kind):
            owner = subject.document.parent(association)
            for reference in association.all(end):
                data = subject.document.refer(reference.text)
                if data is None or data.kind != data_kind:
                    continue  # the rule `references` says so
                if owner is None or owner not in tuple(subject.document.ancestors(data)):
                    yield Finding(
                        subject.named(association),
                        f"Expected a {data_kind} of the same element as {end} of its {kind}, "
                        f"but found {data.id} of another.",
                        f"Name a {data_kind} of the element around the association.",
                        "BPMN 2.0.2, 10.4.2",
                        Severity.WARNING,
                    )
