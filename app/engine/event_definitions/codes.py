"""What catches by a code: errors and escalations. Values only; throwing them is in `error` and `escalation`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorCatch:
    code: str | None  # None: every error
    code_variable: str | None = None
    message_variable: str | None = None

    def variables(self, code: str, message: str) -> dict[str, object]:
        """The variables that receive what was caught."""
        names = ((self.code_variable, code), (self.message_variable, message))
        return {name: value for name, value in names if name}


@dataclass(frozen=True, slots=True)
class EscalationCatch:
    code: str | None  # None: every escalation
    code_variable: str | None = None
