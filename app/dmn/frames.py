"""One evaluation of decisions: FEEL's frame, which also knows which element is being evaluated and who listens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.dmn.external import NO_EXTERNAL_FUNCTIONS, ExternalFunctions
from app.dmn.hits import TableHit
from app.dmn.reasons import UNKNOWN_PLACE, DecisionReasonKind, LocatedReason, Place
from app.feel import Frame, Function, Parameter, ReasonKind
from app.feel.tokens import NOWHERE, Span
from app.feel.types import ANY

MAX_REASONS = 10_000
"""How many reasons one evaluation keeps; further ones are dropped."""


class DecisionFrame(Frame):
    """A frame whose reasons are `LocatedReason`. `place` is what is being evaluated; whoever calls a function
    restores it.

    `hits` is None on the fast path; otherwise every evaluated decision table is appended to it.
    """

    __slots__ = ("_functions", "_gists", "hits", "located", "place")

    def __init__(
        self, now: datetime | None, *, tracing: bool = False, functions: ExternalFunctions = NO_EXTERNAL_FUNCTIONS
    ) -> None:
        super().__init__([], now, trusted=True)
        self._functions = functions
        self.place = UNKNOWN_PLACE
        self.located: list[LocatedReason] = []
        self._gists: list[LocatedReason] = []  # of the same reasons, without values and remedies
        self.hits: list[TableHit] | None = [] if tracing else None

    def note(
        self, kind: ReasonKind, message: str, span: Span = NOWHERE, telling: Callable[[], str] | None = None
    ) -> None:
        """Keep the reason of a null, with the place."""
        self._keep(LocatedReason(kind, message, span.start, span.end, self.place), telling)

    def afresh(self) -> "DecisionFrame":
        """A frame with nothing kept in it, for the same moment and with the same functions."""
        return DecisionFrame(self.moment, functions=self._functions)

    def kept(self) -> int:
        return len(self.located)

    def forget(self, since: int) -> None:
        self.noted.difference_update(self._gists[since:])
        del self._gists[since:], self.located[since:]

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

    def _keep(self, gist: LocatedReason, telling: Callable[[], str] | None = None) -> None:
        """Keep it once, however often it arises, as `telling` tells it in full."""
        if len(self.located) < MAX_REASONS and gist not in self.noted:
            self.noted.add(gist)
            self._gists.append(gist)
            self.located.append(gist if telling is None else replace(gist, message=telling()))


Logic = Callable[["DecisionFrame", dict[str, object]], object]
"""Compiled logic: called with the frame and the variables in scope, which it does not change."""
