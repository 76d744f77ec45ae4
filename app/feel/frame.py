"""One evaluation: where reasons are noted, what time it is, and how much work is still allowed.

A `Frame` is created per evaluation and never shared between threads. `QUIET` is the frame of an evaluation that nobody
asks for reasons; whoever has to count steps asks it for a frame of its own (`counting`).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import NamedTuple

from app.feel.temporal import Date, DateAndTime, DaysAndTime, Time, YearsAndMonths
from app.feel.tokens import NOWHERE, Span
from app.feel.values import Builtin, Function, Parameter, Range

MAX_STEPS = 1_000_000
"""How much work one evaluation may do. A step is an iteration or a call with a short body; longer bodies, calls of
built-in functions and long values take several, so that steps bound time and memory."""

STEPS_OF_A_LIMIT = 250_000
"""What it costs to run into a bound of a single operation, such as the time of a match: most of the work is done."""

MAX_DEPTH = 150
"""How deeply calls of functions may nest."""

MAX_LENGTH = 5_000_000
"""The longest string, in code points, that an evaluation may build."""

MAX_REASONS = 10_000
"""How many reasons one evaluation keeps; further ones are dropped."""


PLAIN_CLASSES: frozenset[type] = frozenset(
    {type(None), Decimal, str, bool, Date, Time, DateAndTime, DaysAndTime, YearsAndMonths, Range, Function, Builtin}
)
"""Classes whose instances are FEEL values as they are."""

FEEL_CLASSES = PLAIN_CLASSES | {list, dict}
"""The classes of all FEEL values; a list or a context that an outsider brings may hold others inside."""


class ReasonKind(StrEnum):
    """Why an expression yielded null."""

    __hash__ = str.__hash__  # an enumeration's own is slow, and every reason of a loop is hashed

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
    """Why a null arose, and where in the expression's text."""

    kind: ReasonKind
    message: str
    span: Span = NOWHERE
    gist: str = ""
    """The message without values and remedy, if it has some: of reasons that have it in common at one place, one is
    kept."""

    def alike(self) -> tuple[ReasonKind, str, Span]:
        """What it has in common with reasons that differ in their values only."""
        return self.kind, self.gist or self.message, self.span

    @property
    def start(self) -> int:
        """Code points before the place, from 0."""
        return self.span.start

    @property
    def end(self) -> int:
        """Code points before the end of the place."""
        return self.span.end


class LimitExceeded(Exception):
    """The evaluation asked for more than its budget; it ends with null."""


class Failure(Exception):
    """A built-in function cannot answer; its caller turns this into null with a reason. `remedy` is asked for only if
    somebody keeps it."""

    def __init__(
        self, message: str, kind: ReasonKind = ReasonKind.INVALID_VALUE, remedy: Callable[[], str] | None = None
    ) -> None:
        self.kind = kind
        self.message = message
        self.remedy = remedy
        super().__init__(message, kind)


class Frame:
    """One evaluation.

    `reasons` receives every reason (None: nobody listens). `moment` is what the built-ins now() and today() answer;
    None
    means the system's time. `trusted` says that variables hold FEEL values already and need no conversion. `random` is
    what uuid() and random number() draw from; None means the system's.
    """

    __slots__ = (
        "begun",
        "depth",
        "known",
        "moment",
        "noted",
        "random",
        "reasons",
        "shared",
        "steps",
        "trusted",
        "unstoppable",
    )

    def __init__(
        self, reasons: list[Reason] | None = None, now: datetime | None = None, *, trusted: bool = True
    ) -> None:
        self.reasons = reasons
        self.begun: int | None = None  # how many reasons there were, if a single expression has the frame to itself
        self.noted: set[object] = set()  # the gist of each reason that this evaluation keeps
        self.moment = now
        self.trusted = trusted
        self.known = FEEL_CLASSES if trusted else PLAIN_CLASSES
        self.shared = False
        self.unstoppable = False  # of an expression without loops and calls, whose code the caller runs directly
        self.random: Random | None = None
        self.steps = MAX_STEPS
        self.depth = 0

    def note(
        self, kind: ReasonKind, message: str, span: Span = NOWHERE, telling: Callable[[], str] | None = None
    ) -> None:
        """Keep the reason of a null, once however often it arises.

        `telling` gives the message in full, with values and remedy, and is asked only if the reason is kept; `message`
        is its gist then, which tells it apart from others at the same place.
        """
        if self.reasons is None or len(self.reasons) >= MAX_REASONS:
            return
        alike = kind, message, span  # a bare tuple: most of the reasons of a loop are dropped here
        if alike not in self.noted:
            self.noted.add(alike)
            told = Reason(kind, message, span) if telling is None else Reason(kind, telling(), span, message)
            self.reasons.append(told)

    def rewind(self) -> None:
        """Forget the reasons of this evaluation, which is about to be done once more, unless others may be among
        them."""
        if self.begun is not None:
            self.forget(self.begun)

    def kept(self) -> int:
        """How many reasons are kept so far."""
        return 0 if self.reasons is None else len(self.reasons)

    def forget(self, since: int) -> None:
        """Forget the reasons that have been kept since there were `since` of them."""
        if self.reasons is not None:
            self.noted.difference_update([one.alike() for one in self.reasons[since:]])
            del self.reasons[since:]

    def counting(self) -> "Frame":
        """This frame, or one of its own where this one is shared."""
        if not self.shared:
            return self
        frame = Frame(trusted=self.trusted)
        frame.unstoppable = True
        return frame

    def trusting(self) -> "Frame":
        """A frame that goes on with this evaluation and trusts its variables."""
        frame = Frame(self.reasons, self.moment)
        frame.random, frame.steps, frame.depth, frame.begun = self.random, self.steps, self.depth, self.begun
        frame.noted, frame.unstoppable = self.noted, self.unstoppable
        return frame

    def external(self, _parameters: tuple[Parameter, ...], mapping: object, span: Span = NOWHERE) -> Function | None:
        """The function that ``function(…) external {…}`` stands for. There is none here; DMN's frames know some."""
        self.note(ReasonKind.NOT_SUPPORTED, f"Expected a FEEL function, but found the external one {mapping}.", span)
        return None

    def spend(self, steps: int) -> None:
        """Take `steps` from the budget, or raise LimitExceeded."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceeded(f"Expected at most {MAX_STEPS:,} steps in one evaluation, but found more.")

    @property
    def budget(self) -> "Frame | None":
        """Who pays for work in proportion to data: this frame, or nobody where nobody would stop the evaluation."""
        return None if self.unstoppable else self

    def charge(self, steps: int) -> None:
        """Like `spend`, where there is somebody who stops the evaluation."""
        if steps and not self.unstoppable:
            self.spend(steps)

    def now(self) -> datetime:
        """The moment of the evaluation: one and the same however often it is asked for."""
        if self.moment is None:
            moment = datetime.now(UTC)
            if self.shared:
                return moment
            self.moment = moment
        return self.moment


LONG_CLASSES: frozenset[type] = frozenset({list, dict, str})
"""Classes whose values take time and memory in proportion to their length."""


def weight(value: object) -> int:
    """The steps that it takes to go through a value: a step for a few items or entries, or a line of text."""
    if isinstance(value, str):
        return len(value) // _CHARACTERS_A_STEP
    return len(value) // _ITEMS_A_STEP if isinstance(value, list | dict) else 0


_ITEMS_A_STEP = 4
_CHARACTERS_A_STEP = 32


def opened(frame: Frame, reasons: list[Reason] | None, now: datetime | None) -> Frame:
    """The frame of an evaluation that a caller begins with `reasons` and `now`."""
    frame = Frame(reasons, now, trusted=frame.trusted)
    frame.begun = 0 if reasons is None else len(reasons)
    frame.unstoppable = True
    return frame


QUIET = Frame(trusted=False)
QUIET.shared = QUIET.unstoppable = True
