"""The door to judging: everything that is wrong with a diagram, at once."""

from collections.abc import Iterator

from app.bpmn.model import Definitions
from app.bpmn.rules import RULES, Finding, Subject
from app.errors import Diagnostic


def check(definitions: Definitions) -> list[Diagnostic]:
    """Every mistake in the file, in document order; errors keep it from being deployed, warnings do not."""
    return sorted(
        (*definitions.problems, *_findings(definitions)),
        key=lambda diagnostic: (diagnostic.line or 0, diagnostic.rule or "", diagnostic.code),
    )


def _findings(definitions: Definitions) -> Iterator[Diagnostic]:
    subject = Subject(definitions)
    for rule in RULES:
        code = f"bpmn.{rule.__name__.replace('_', '-')}"
        for finding in rule(subject):
            yield _diagnostic(definitions.file, code, finding)


def _diagnostic(file: str, code: str, finding: Finding) -> Diagnostic:
    element = finding.element
    return Diagnostic(
        code=code,
        message=finding.message,
        remedy=finding.remedy,
        severity=finding.severity,
        file=file,
        element_id=(element.id or None) if element is not None else None,
        element_name=(element.name or None) if element is not None else None,
        line=element.line if element is not None else None,
        rule=finding.rule,
    )
