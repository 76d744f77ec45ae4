"""One evaluation: where reasons are noted, what time it is, and how much work is still allowed.

A `Frame` is created per evaluation and never shared between threads. `QUIET` is the frame of an evaluation that nobody
asks for reasons; it holds no state, so all threads may use it.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

MAX_STEPS = 1_000_000
"""How many iterations and calls one evaluation may make."""

MAX_DEPTH = 180
"""How deeply calls of functions may nest."""

MAX_LENGTH = 10_000_000
"""The longest string, in code points, and the longest list that an evaluation may build."""

MAX_REASONS = 10_000
"""How many reasons one evaluation keeps; further ones are dropped."""


class ReasonKind(StrEnum):
    """Why an expression yielded null."""

    WRONG_TYPE = "wrong-type"
    NULL_OPERAND = "null-operand"
    NOT_COMPARABLE = "not-comparable"
    DIVISION_BY_ZERO = "division-by-zero"
    OUT_OF_RANGE = "out-of-range"
    UNKNOWN_NAME = "unknown-name"
    UNKNOWN_FUNCTION = "unknown-function"
    NO_SUCH_MEMBER = "no-such-member"
    WRONG_ARGUMENTS = "wrong-arguments"
    INVALID_VALUE = "invalid-value"
    NOT_SUPPORTED = "not-supported"
    LIMIT = "limit"
    ASSERTION = "assertion"


class Reason(NamedTuple):
    """Why a null arose, and where: `start` and `end` count code points in the expression's text, from 0, end excluded."""

    kind: ReasonKind
    message: str
    start: int = 0
    end: int = 0


class LimitExceeded(Exception):
    """The evaluation asked for more than its budget; it ends with null."""


class Frame:
    """One evaluation.

    `reasons` receives every reason (None: nobody listens). `now` is what the built-ins now() and today() answer; None
    means the system's time. `trusted` says that variables hold FEEL values already and need no conversion.
    """

    __slots__ = ("depth", "moment", "reasons", "steps", "trusted")

    def __init__(self, reasons: list[Reason] | None = None, now: datetime | None = None, *, trusted: bool = True) -> None:
        self.reasons = reasons
        self.moment = now
        self.trusted = trusted
        self.steps = MAX_STEPS
        self.depth = 0

    def note(self, kind: ReasonKind, message: str, start: int = 0, end: int = 0) -> None:
        """Keep the reason of a null."""
        if self.reasons is not None and len(self.reasons) < MAX_REASONS:
            self.reasons.append(Reason(kind, message, start, end))

    def spend(self, steps: int) -> None:
        """Take `steps` from the budget, or raise LimitExceeded."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceeded(f"Expected at most {MAX_STEPS} steps in one evaluation, but found more.")


QUIET = Frame(trusted=False)
