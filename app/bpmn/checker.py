"""The door to judging: everything that is wrong with a diagram, at once."""

from collections.abc import Iterator

from app.bpmn.model import Definitions
from app.bpmn.rules import RULES, Finding, Subject
from app.errors import Diagnostic, Severity


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
            yield _diagnostic(subject, code, finding)


def _diagnostic(subject: Subject, code: str, finding: Finding) -> Diagnostic:
    element = finding.element
    return Diagnostic(
        code=code,
        message=finding.message,
        remedy=finding.remedy,
        severity=_severity(subject, finding),
        file=subject.definitions.file,
        element_id=(element.id or None) if element is not None else None,
        element_name=(element.name or None) if element is not None else None,
        line=element.line if element is not None else None,
        rule=finding.rule,
    )


def _severity(subject: Subject, finding: Finding) -> Severity:
    """A process that is not executable is documentation: what is wrong in it stops nobody."""
    process = subject.process(finding.element) if finding.element is not None else None
    is_drawing = process is not None and not process.flag("isExecutable", default=False)
    return Severity.WARNING if is_drawing and finding.rule != "EXT002" else finding.severity
