"""The loading of the two packages behind `patterns`, put off until the first pattern, and the translation itself."""

import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter_ns
from typing import Any

from app.feel.frame import Failure, Frame, ReasonKind

_CLASS_OR_SPACE = re.compile(r"(\\[^\t\n\r ]|\[|\]|[\t\n\r ])")
_SPACES = frozenset("\t\n\r ")
_TOKEN = re.compile(r"\\[pP]\{[^}]*\}|\\(?P<escape>.?)|\{[0-9,]*\}|[\[\]}]", re.DOTALL)
_CLASS_OR_ESCAPE = re.compile(r"(\\.|\[|\])", re.DOTALL)
_CLASSES = {
    "\\s": r"[ \t\n\r]",
    "\\S": r"[^ \t\n\r]",
    "\\w": r"[^\p{P}\p{Z}\p{C}]",
    "\\W": r"[\p{P}\p{Z}\p{C}]",
}
_ESCAPES = frozenset("nrt\\|.?*+(){}-[]^$sSiIcCdDwWpP0123456789")


_NANOSECONDS_A_STEP = 10_000
"""What a pattern costs cannot be told from its looks; a match among lines of text costs nothing."""


class LazyRegex:
    """XPath patterns to patterns of the package `regex`."""

    def __init__(self) -> None:
        self._regex: Any = None
        self._translation: Any = None

    def compiled(self, pattern: str, flags: str) -> Any:
        """The compiled pattern; raises Failure for what XPath does not allow."""
        if self._regex is None:
            self._translation = importlib.import_module("elementpath.regex")
            self._regex = importlib.import_module("regex")
        options = 0
        for flag, option in (("i", self._regex.I), ("s", self._regex.S), ("m", self._regex.M)):
            options |= option if flag in flags else 0
        if "q" in flags:
            return self._regex.compile(self._regex.escape(pattern, special_only=True), options & self._regex.I)
        if "x" in flags:
            pattern = without_white_space(pattern)
        try:
            verified(pattern)
            translated = with_classes_of_xml(self._translation.translate_pattern(pattern, options))
            return self._regex.compile(translated, options | self._regex.V0)
        except (self._translation.RegexError, self._regex.error, ValueError, RecursionError, OverflowError) as problem:
            raise Failure(f"Expected a regular expression, but found {pattern[:60]!r} ({problem}).") from None

    @contextmanager
    def bounded(self, frame: Frame) -> Iterator[None]:
        """Let the evaluation pay for the time of a match, and turn one that takes too long into a Failure."""
        begun = perf_counter_ns()
        try:
            yield
            frame.spend((perf_counter_ns() - begun) // _NANOSECONDS_A_STEP)
        except TimeoutError:
            raise Failure(
                "Expected a match within the time limit, but found none. Simplify the pattern.", ReasonKind.LIMIT
            ) from None


def verified(pattern: str) -> None:
    """Raise Failure for what XPath gives no meaning and the packages one of their own: ``\\h``, a lone ``}``."""
    depth = 0
    for token in _TOKEN.finditer(pattern):
        found, escape = token[0], token["escape"]
        if found in "[]":
            depth += 1 if found == "[" else -1
        elif found == "}" and depth == 0:
            raise Failure("Expected \\} or a quantifier in the regular expression, but found a lone }.")
        elif escape is not None and escape not in _ESCAPES:
            raise Failure(f"Expected an escape of XPath's regular expressions, but found \\{escape}.")


def with_classes_of_xml(translated: str) -> str:
    """``\\s`` and ``\\w`` outside of classes as XML Schema has them: Python counts more white space, and ``_``."""
    depth = 0
    parts: list[str] = []
    for part in _CLASS_OR_ESCAPE.split(translated):
        if part in ("[", "]"):
            depth += 1 if part == "[" else -1
        parts.append(_CLASSES.get(part, part) if depth == 0 else part)
    return "".join(parts)


def without_white_space(pattern: str) -> str:
    """The flag ``x``: white space is removed, but not inside a character class."""
    depth = 0
    kept: list[str] = []
    for piece in _CLASS_OR_SPACE.split(pattern):
        if piece == "[":
            depth += 1
        elif piece == "]":
            depth -= 1
        elif piece in _SPACES and depth == 0:
            continue
        kept.append(piece)
    return "".join(kept)
