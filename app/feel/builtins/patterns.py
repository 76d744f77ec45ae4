"""Regular expressions as XPath knows them (XPath functions 3.1, 5.6), which FEEL refers to (DMN 1.5, 10.3.4.3).

`elementpath` translates the syntax of XML Schema, the package `regex` runs it, with a time limit, since a pattern is
untrusted input. Both are loaded when the first pattern is met: they take a tenth of a second.
"""

import re
from functools import lru_cache
from typing import Any

from app.feel.builtins.lazy_regex import LazyRegex
from app.feel.frame import MAX_LENGTH, Failure, Frame, ReasonKind

TIMEOUT_SECONDS = 0.25
"""How long one match may take."""

MAX_PATTERN = 10_000
"""The longest pattern, in code points."""

_FLAGS = frozenset("smixq")
_ENGINE = LazyRegex()
_IN_REPLACEMENT = re.compile(r"\\(.)|\$(\d+)|([$\\])", re.DOTALL)


@lru_cache(maxsize=512)
def pattern_of(pattern: str, flags: str) -> Any:
    """The compiled pattern; raises Failure where pattern or flags are not XPath's."""
    if not set(flags) <= _FLAGS:
        raise Failure(f"Expected flags out of s, m, i, x and q, but found {flags!r}.")
    if len(pattern) > MAX_PATTERN:
        raise Failure(
            f"Expected a pattern of at most {MAX_PATTERN:,} characters, but found {len(pattern):,}.", ReasonKind.LIMIT
        )
    return _ENGINE.compiled(pattern, flags)


def searched(frame: Frame, compiled: Any, text: str) -> bool:
    """Whether the pattern matches anywhere in `text`."""
    with _ENGINE.bounded(frame):
        return compiled.search(text, timeout=TIMEOUT_SECONDS) is not None


def split_at(frame: Frame, compiled: Any, text: str) -> list[str]:
    """The parts of `text` between the matches; groups of the pattern add nothing."""
    if compiled.match("") is not None:
        raise Failure("Expected a delimiter that does not match the empty string, but found one that does.")
    parts: list[str] = []
    last = 0
    with _ENGINE.bounded(frame):
        for match in compiled.finditer(text, timeout=TIMEOUT_SECONDS):
            parts.append(text[last : match.start()])
            last = match.end()
    return [*parts, text[last:]]


def groups_found(frame: Frame, compiled: Any, text: str) -> list[object]:
    """All matches in `text`; of a pattern with groups, a list of the groups for each."""
    with _ENGINE.bounded(frame):
        matches = list(compiled.finditer(text, timeout=TIMEOUT_SECONDS))
    return [[*match.groups()] if compiled.groups else match[0] for match in matches]


def replaced(frame: Frame, compiled: Any, text: str, replacement: str, *, literal: bool) -> str:
    """`text` with each match replaced; ``$1`` stands for a group, ``\\$`` for a dollar sign, unless `literal`."""
    if compiled.match("") is not None:
        raise Failure("Expected a pattern that does not match the empty string, but found one that does.")
    pieces = [replacement] if literal else _pieces(replacement, compiled.groups)
    parts: list[str] = []
    last = length = 0
    with _ENGINE.bounded(frame):
        for match in compiled.finditer(text, timeout=TIMEOUT_SECONDS):
            new = "".join(piece if isinstance(piece, str) else match.group(piece) or "" for piece in pieces)
            length += len(new)
            if length > MAX_LENGTH:
                raise Failure(
                    f"Expected a result of at most {MAX_LENGTH:,} characters, but found more.", ReasonKind.LIMIT
                )
            parts += (text[last : match.start()], new)
            last = match.end()
    return "".join([*parts, text[last:]])


def _pieces(replacement: str, groups: int) -> list[str | int]:
    """Text and group numbers. Of the digits after a dollar sign, as many count as name a group."""
    pieces: list[str | int] = []
    last = 0
    for match in _IN_REPLACEMENT.finditer(replacement):
        pieces.append(replacement[last : match.start()])
        last = match.end()
        if match[3] or (match[1] is not None and match[1] not in "$\\"):
            raise Failure("Expected $ with a group's number, \\$ or \\\\ in the replacement, but found another.")
        if match[1] is not None:
            pieces.append(match[1])
            continue
        digits = match[2]
        while len(digits) > 1 and int(digits) > groups:
            digits = digits[:-1]
        if int(digits) <= groups:
            pieces.append(int(digits))
        pieces.append(match[2][len(digits) :])
    return [*pieces, replacement[last:]]
