"""The tree of our exceptions, and the record of an author's mistake.

Three channels, never mixed: an *author's mistake* is a list of `Diagnostic`, reported all at once; *run-time data* that
does not fit is a null with a reason (FEEL) or an incident (engine); *our bug* is an ordinary exception.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

MOST_DIAGNOSTICS = 300  # that are listed at once


class ExceptionClass(StrEnum):
    """What an expected deviation is: it passes by itself, the data is wrong, a system is away, or a rule forbids it."""

    TRANSIENT = "transient"
    DATA = "data"
    INFRASTRUCTURE = "infrastructure"
    POLICY = "policy"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake in a model, with its place and its remedy.

    `code` is stable and kebab-case (``bpmn.missing-default-flow``); `line` and `column` count from 1.
    Wording of `message`: "Expected X, but found Y." `remedy`: "Do Z."
    """

    code: str
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR
    file: str | None = None
    element_id: str | None = None
    element_name: str | None = None
    line: int | None = None
    column: int | None = None
    rule: str | None = None  # the rule of a specification or of a public suite, such as "EXT092" or "DMN 1.5, 8.2.8"

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        element = f" <{self.element_id}>" if self.element_id else ""
        name = f' "{self.element_name}"' if self.element_name else ""
        head = f"{place}: " if place else ""
        tail = f" {self.remedy}" if self.remedy else ""
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{head}{self.severity}: {self.code}:{element}{name} {self.message}{tail}{rule}"


def at_most(diagnostics: Sequence[Diagnostic], most: int = MOST_DIAGNOSTICS) -> list[Diagnostic]:
    """The diagnostics if nobody minds reading them; of more than `most`, errors come before warnings, and a last one
    says how many are not listed."""
    if len(diagnostics) <= most:
        return list(diagnostics)
    first_errors = sorted(diagnostics, key=lambda each: each.severity is not Severity.ERROR)
    left_out = first_errors[most:]
    message = f"Expected at most {most} problems in a list, but found {len(left_out):,} more."
    remedy = "Correct these first, and check again."
    return [*first_errors[:most], Diagnostic("deployment.more-problems", message, remedy, left_out[0].severity)]


def strictly(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same with every warning as an error."""
    return [replace(diagnostic, severity=Severity.ERROR) for diagnostic in diagnostics]


class BailiwickError(Exception):
    """The root of every exception raised on purpose. They pickle: pass all state to ``super().__init__``."""


class ModelError(BailiwickError):
    """A model cannot be used. Carries every diagnostic at once."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: Sequence[Diagnostic] = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)


def said(error: BaseException) -> str:
    """What an exception says; some raise when they are asked."""
    try:
        return str(error)
    except Exception as problem:  # noqa: BLE001 - foreign code
        return f"(its text cannot be read: {type(problem).__name__})"


class NotFound(BailiwickError):
    """What was named does not exist, or the actor may not know that it does."""


class Forbidden(BailiwickError):
    """The actor has no right to do this; the message says which right is missing."""


class Conflict(BailiwickError):
    """The command does not fit the present state (already completed, claimed by somebody else, a late answer)."""


class Changed(Conflict):
    """The command was given for a state that is no longer the present one. Nothing was changed."""


class Unavailable(BailiwickError):
    """The database cannot be had now: away, full, locked. Nothing was changed; the same may be tried again."""


class Invalid(BailiwickError):
    """The arguments of a command do not fit. `problems` maps a JSON path ("$.amount") to what is expected there."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__(problems)

    def __str__(self) -> str:
        return "; ".join(f"{path}: {problem}" for path, problem in self.problems.items())
