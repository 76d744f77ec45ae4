"""One evaluation of decisions: FEEL's frame, which also knows which element is being evaluated and who listens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from app.dmn.external import NO_EXTERNAL_FUNCTIONS, ExternalFunctions
from app.feel import Frame, Function, Parameter, ReasonKind
from app.feel.tokens import NOWHERE, Span
from app.feel.types import ANY

if TYPE_CHECKING:
    from app.dmn.compiling.tables import TableHit

MAX_REASONS = 10_000
"""How many reasons one evaluation keeps; further ones are dropped."""


class DecisionReasonKind(StrEnum):
    """Why a decision yielded null, where the cause is not inside an expression."""

    SYNTAX = "syntax"
    SEVERAL_RULES = "several-rules"
    OUTPUTS_DISAGREE = "outputs-disagree"
    INPUT_NOT_ALLOWED = "input-not-allowed"
    OUTPUT_NOT_ALLOWED = "output-not-allowed"
    NO_LOGIC = "no-logic"
    NOT_SUPPORTED = "not-supported"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Place:
    """An expression in a file: `element_id` is that of the element that holds `text`, `line` where the text begins."""

    element_id: str
    text: str
    line: int = 0
    file: str | None = None


@dataclass(frozen=True, slots=True)
class LocatedReason:
    """Why a null arose. `start` and `end` count code points of `place.text`, from 0, the end excluded."""

    kind: ReasonKind | DecisionReasonKind
    message: str
    start: int
    end: int
    place: Place

    def to_json(self) -> dict[str, object]:
        return {
            "kind": str(self.kind),
            "message": self.message,
            "element_id": self.place.element_id,
            "expression": self.place.text,
            "start": self.start,
            "end": self.end,
        }


UNKNOWN_PLACE = Place("", "")


class DecisionFrame(Frame):
    """A frame whose reasons are `LocatedReason`. `place` is what is being evaluated; whoever calls a function
    restores it.

    `hits` is None on the fast path; otherwise every evaluated decision table is appended to it.
    """

    __slots__ = ("_functions", "hits", "located", "place")

    def __init__(
        self, now: datetime | None, *, tracing: bool = False, functions: ExternalFunctions = NO_EXTERNAL_FUNCTIONS
    ) -> None:
        super().__init__([], now, trusted=True)
        self._functions = functions
        self.place = UNKNOWN_PLACE
        self.located: list[LocatedReason] = []
        self.hits: list[TableHit] | None = [] if tracing else None

    def note(self, kind: ReasonKind, message: str, span: Span = NOWHERE) -> None:
        """Keep the reason of a null, with the place."""
        self._keep(LocatedReason(kind, message, span.start, span.end, self.place))

    def kept(self) -> int:
        return len(self.located)

    def forget(self, since: int) -> None:
        self.noted.difference_update(self.located[since:])
        del self.located[since:]

    def external(self, parameters: tuple[Parameter, ...], mapping: object, span: Span = NOWHERE) -> Function | None:
        """The function of the registry that `mapping` names, as a value; null with a reason where there is none."""
        found = self._functions.find(mapping)
        if found is None:
            self.note(ReasonKind.NOT_SUPPORTED, "Expected a function of the registry, but found another one.", span)
            return None
        function = found

        def body(frame: Frame, *arguments: object) -> object:
            try:
                return function(*arguments)
            except (ValueError, TypeError, ArithmeticError) as problem:
                frame.note(ReasonKind.INVALID_VALUE, str(problem), span)
                return None

        return Function("", parameters, body, ANY)

    def note_decision(self, kind: DecisionReasonKind, message: str, place: Place) -> None:
        """Keep a reason that lies outside of expressions."""
        self._keep(LocatedReason(kind, message, 0, 0, place))

    def _keep(self, reason: LocatedReason) -> None:
        """Keep it once, however often it arises."""
        if len(self.located) < MAX_REASONS and reason not in self.noted:
            self.noted.add(reason)
            self.located.append(reason)


Logic = Callable[["DecisionFrame", dict[str, object]], object]
"""Compiled logic: called with the frame and the variables in scope, which it does not change."""
