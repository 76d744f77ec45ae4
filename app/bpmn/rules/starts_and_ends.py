"""BPMN 2.0.2, 10.5.2 and 10.5.3: where there is an end event there is a start event, and the other way round."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity


def starts_and_ends(subject: Subject) -> Iterator[Finding]:
    for scope in subject.scopes():
        starts, ends = list(scope.all("startEvent")), list(scope.all("endEvent"))
        if ends and not starts and not _starts_otherwise(subject, scope):
            yield Finding(
                scope,
                "Expected a start event where there is an end event, but found none.",
                "Add a start event.",
                "EXT097",
            )
        if starts and not ends:
            yield Finding(
                scope,
                "Expected an end event where there is a start event, but found none.",
                "Add an end event.",
                "EXT105",
                Severity.WARNING,
            )


def _starts_otherwise(subject: Subject, scope: SourceElement) -> bool:
    """Whether a receive task or event-based gateway starts the process."""
    return any(
        node.flag("instantiate", default=False) and not subject.incoming(node)
        for node in scope.all("receiveTask", "eventBasedGateway")
    )
