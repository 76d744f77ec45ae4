"""The door to judging: everything that is wrong with a diagram, at once."""

from collections.abc import Iterator
from dataclasses import replace

from app.bpmn.model import Definitions
from app.bpmn.rules import RULES, Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Diagnostic, Severity


def check(definitions: Definitions) -> list[Diagnostic]:
    """Every mistake in the file, in document order; errors keep it from being deployed, warnings do not."""
    subject = Subject(definitions)
    return sorted(
        (*_problems_of_reading(subject), *_findings(subject)),
        key=lambda diagnostic: (diagnostic.line or 0, diagnostic.rule or "", diagnostic.code),
    )


def _findings(subject: Subject) -> Iterator[Diagnostic]:
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
        severity=_severity(subject, element, finding),
        file=subject.definitions.file,
        element_id=(element.id or None) if element is not None else None,
        element_name=(" ".join(element.name.split()) or None) if element is not None else None,
        line=element.line if element is not None else None,
        rule=finding.rule,
    )


def _problems_of_reading(subject: Subject) -> Iterator[Diagnostic]:
    for problem in subject.definitions.problems:
        element = subject.document.by_id(problem.element_id) if problem.element_id else None
        yield replace(problem, severity=_severity(subject, element, problem))


def _severity(subject: Subject, element: SourceElement | None, found: Finding | Diagnostic) -> Severity:
    """A process that is not executable is documentation: what is wrong in it stops nobody."""
    process = subject.process(element) if element is not None else None
    is_drawing = process is not None and not process.flag("isExecutable", default=False)
    return Severity.WARNING if is_drawing and found.rule != "EXT002" else found.severity
