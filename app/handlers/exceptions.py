"""What a task handler raises when it cannot do what was asked: the four exception classes, and BPMN's two ways out.

The class decides the policy of the runtime (transient: retry; data: block the case; infrastructure: open the circuit;
policy: escalate). Nothing here retries, waits or decides.
"""

from collections.abc import Mapping
from typing import ClassVar

from app.errors import BailiwickError, ExceptionClass


class ActionProblem(BailiwickError):
    """The root of the four exception classes."""

    exception_class: ClassVar[ExceptionClass]


class TransientProblem(ActionProblem):
    """Trying again may help: a time-out, a 503. `retry_after_seconds` is the other system's wish, if it stated one;
    `retries` is how many attempts shall be left, if that is not one fewer than before.
    """

    exception_class = ExceptionClass.TRANSIENT

    def __init__(self, message: str, retry_after_seconds: float | None = None, retries: int | None = None) -> None:
        self.retry_after_seconds = retry_after_seconds
        self.retries = retries
        super().__init__(message, retry_after_seconds, retries)

    def __str__(self) -> str:
        return str(self.args[0])


class DataProblem(ActionProblem):
    """Data is missing, stale or contradictory: this case is blocked and its owner told.

    `problems` maps a JSON path ("$.amount") to what is wrong there.
    """

    exception_class = ExceptionClass.DATA

    def __init__(self, message: str, problems: Mapping[str, str] | None = None) -> None:
        self.problems = dict(problems or {})
        super().__init__(message, self.problems)

    def __str__(self) -> str:
        return str(self.args[0])


class InfrastructureProblem(ActionProblem):
    """A system is down: its circuit opens, its actions queue up, everything else goes on."""

    exception_class = ExceptionClass.INFRASTRUCTURE

    def __init__(self, system: str, message: str) -> None:
        self.system = system
        super().__init__(system, message)

    def __str__(self) -> str:
        return f"{self.args[0]}: {self.args[1]}"


class PolicyProblem(ActionProblem):
    """A limit, a switch or a missing right forbids it. Never retried: it escalates."""

    exception_class = ExceptionClass.POLICY


class BpmnError(BailiwickError):
    """End the job with a BPMN error, which the process may catch."""

    def __init__(self, code: str, message: str = "", variables: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.message = message
        self.variables = dict(variables or {})
        super().__init__(code, message, self.variables)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" if self.message else self.code


class Escalation(BailiwickError):
    """Throw a BPMN escalation from the job."""

    def __init__(self, code: str, variables: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.variables = dict(variables or {})
        super().__init__(code, self.variables)

    def __str__(self) -> str:
        return self.code
