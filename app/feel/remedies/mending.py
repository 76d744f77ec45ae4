"""From a syntax error to diagnostics with remedies: what was meant is recognised, mended and read again.

A recogniser proposes a change; it counts as certain only if the parser then comes further than the changed place. So
several mistakes of one text are reported together, each with its place, and the first with the whole text as it
should be. All this happens after a text was refused; whoever writes FEEL pays nothing for it.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from app.errors import Diagnostic
from app.feel.names import Scope
from app.feel.remedies import brackets, cells, constructs, expectations, literals, operators, spelling, words
from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.spots import Fix, Spot, Use
from app.feel.tokens import END, Source

MAX_LENGTH = 5_000
"""Longer texts, in code points, get the remedy of their first mistake only, and no corrected text."""

MAX_TOKENS = 1_000
MAX_MISTAKES = 8
_SHOWN = 160

Read = Callable[[str], Diagnostic | None]
"""Reads a text and gives what is wrong with it, None where it can be read."""

_RECOGNISERS = (
    brackets.wrapped,
    *cells.RECOGNISERS,
    *literals.RECOGNISERS,
    words.capitals,
    *constructs.RECOGNISERS,
    *operators.RECOGNISERS,
    *words.RECOGNISERS,
    *brackets.RECOGNISERS,
    *spelling.RECOGNISERS,
)
"""In this order: what explains the whole text comes before what explains a sign in it."""


@dataclass(slots=True)
class _Text:
    """A text that is being mended; `origin` has for each of its characters the one of the first text."""

    text: str
    origin: list[int]

    def mended(self, fix: Fix) -> "_Text":
        replacement = fix.replacement or ""
        origin = [self.origin[fix.start]] * len(replacement)
        written = self.text[fix.start : fix.end]
        for block in SequenceMatcher(None, written, replacement, autojunk=False).get_matching_blocks():
            for index in range(block.size):
                origin[block.b + index] = self.origin[fix.start + block.a + index]
        return _Text(
            self.text[: fix.start] + replacement + self.text[fix.end :],
            self.origin[: fix.start] + origin + self.origin[fix.end :],
        )


def mended(  # noqa: PLR0917 - what was read, and how
    text: str, problem: Diagnostic, scope: Scope, use: Use, read: Read, polish: Callable[[str], str]
) -> list[Diagnostic]:
    """The diagnostics of a text that `read` refused with `problem`: its mistakes in order, with their remedies.

    `polish` mends in a text that can be read what is certain to be meant otherwise.
    """
    if problem.line is None or len(text) > MAX_LENGTH:
        return [_with_remedy(problem, Mistake.LENGTH.sentence()) if problem.line is None else problem]
    first = _Text(text, list(range(len(text) + 1)))
    current, fixed = first, True
    found: list[Diagnostic] = []
    remaining: Diagnostic | None = problem
    while remaining is not None and fixed and len(found) < MAX_MISTAKES:
        spot = _spot(current.text, remaining, scope, use)
        fix, following = _recognised(spot, remaining, read)
        fixed = fix.replacement is not None
        if fixed or not found:  # what remains after a change may be the change's own
            found.append(_diagnostic(first, current, spot, remaining, fix))
        if fixed:
            current, remaining = current.mended(fix), following
    if remaining is None and len(current.text) <= _SHOWN:
        found[0] = _in_full(found[0], polish(current.text).strip())
    return found


def _in_full(diagnostic: Diagnostic, corrected: str) -> Diagnostic:
    if f"`{corrected}`" in diagnostic.remedy:
        return diagnostic
    return _with_remedy(diagnostic, f"{diagnostic.remedy} In full: `{corrected}`.")


def _with_remedy(diagnostic: Diagnostic, remedy: str) -> Diagnostic:
    return replace(diagnostic, remedy=remedy)


def _spot(text: str, problem: Diagnostic, scope: Scope, use: Use) -> Spot:
    source = Source(text)
    offset = _offset(text, problem)
    starts = [source.offsets(index)[0] for index in range(len(source.tokens))]
    at = max(0, bisect_right(starts, offset) - 1)
    if offset >= len(text.rstrip()):
        at = len(starts) - 1
    expected = problem.message.partition(", but found")[0].removeprefix("Expected ")
    if problem.code == "feel.string":
        expected = "string"
    return Spot(source, at, use, scope, expected)


def _offset(text: str, problem: Diagnostic) -> int:
    """Where in the text a diagnostic points."""
    offset = 0
    for _ in range((problem.line or 1) - 1):
        offset = text.find("\n", offset) + 1
    return offset + (problem.column or 1) - 1


def _recognised(spot: Spot, problem: Diagnostic, read: Read) -> tuple[Fix, Diagnostic | None]:
    """The first proposal that the parser can go on from, with what is wrong then; or else the best that can be said."""
    uncertain: Fix | None = None
    if len(spot.source.tokens) <= MAX_TOKENS:
        for recogniser in _RECOGNISERS:
            fix = recogniser(spot)
            if fix is None:
                continue
            if fix.replacement is None:
                uncertain = uncertain or fix
                continue
            changed = spot.text[: fix.start] + fix.replacement + spot.text[fix.end :]
            following = read(changed)
            if following is None or _behind(changed, following, fix, len(spot.text) - spot.start(spot.at)):
                return fix, following
    fix = uncertain or expectations.form(spot, problem.code)
    return replace(fix, replacement=None), problem


def _behind(changed: str, following: Diagnostic, fix: Fix, rest: int) -> bool:
    """Whether the parser came further: past the change, and nearer to the end than before."""
    offset = _offset(changed, following)
    return following.line is not None and offset >= fix.start and len(changed) - offset < rest


def _diagnostic(first: _Text, current: _Text, spot: Spot, problem: Diagnostic, fix: Fix) -> Diagnostic:
    start = fix.start if fix.expected else spot.start(spot.at)
    place = current.origin[min(start, len(current.origin) - 1)]
    line, before = first.text.count("\n", 0, place) + 1, first.text.rfind("\n", 0, place)
    written = spot.text[fix.start : fix.end].strip()
    found = fix.found or (f"`{written}`" if written else _token(spot))
    expected = fix.expected or (spot.expected if written and fix.start == spot.start(spot.at) else None)
    message = f"Expected {expected}, but found {found}." if expected and fix.replacement else problem.message
    instead = fix.instead if fix.instead is not None else (fix.replacement or "").strip()
    remedy = fix.mistake.sentence(found, f"`{instead}`")
    return replace(problem, message=message, remedy=remedy, line=line, column=place - before)


def _token(spot: Spot) -> str:
    return "the end" if spot.token() == END else f"`{spot.token()[:40]}`"


__all__ = ["mended"]
