"""BPMN 2.0.2, 9.7: a collaboration and the choreography that it shows agree on whether other messages may flow."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def choreography_closure(subject: Subject) -> Iterator[Finding]:
    for collaboration in subject.document.of_kind("collaboration"):
        for reference in collaboration.all("choreographyRef"):
            choreography = subject.document.refer(reference.text)
            if choreography is None or choreography.kind not in ("choreography", "globalChoreographyTask"):
                continue  # the rule `references` says so
            mine, theirs = (each.flag("isClosed", default=False) for each in (collaboration, choreography))
            if mine != theirs:
                yield Finding(
                    collaboration,
                    f"Expected isClosed of the collaboration and of choreography {choreography.id} to agree, "
                    f"but found {str(mine).lower()} and {str(theirs).lower()}.",
                    "Correct one of the two.",
                    "EXT033",
                    Severity.WARNING,
                )
