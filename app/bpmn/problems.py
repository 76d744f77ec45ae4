"""Where reading and rules put what they find."""

from app.bpmn.source import SourceElement
from app.errors import Diagnostic, Severity


class Problems:
    """Diagnostics of one file, in the order in which they were found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Diagnostic] = []

    def add(
        self,
        element: SourceElement | None,
        code: str,
        message: str,
        remedy: str,
        *,
        rule: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Report `message` about `element`; `code` comes without the leading "bpmn."."""
        self.found.append(
            Diagnostic(
                code=f"bpmn.{code}",
                message=message,
                remedy=remedy,
                severity=severity,
                file=self.file,
                element_id=(element.id or None) if element is not None else None,
                element_name=(" ".join(element.name.split()) or None) if element is not None else None,
                line=element.line if element is not None else None,
                rule=rule,
            )
        )
