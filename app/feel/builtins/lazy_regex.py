"""The loading of the two packages behind `patterns`, put off until the first pattern, and the translation itself."""

import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.feel.frame import Failure, ReasonKind

_CLASS_OR_SPACE = re.compile(r"(\\.|\[|\]|\s)", re.DOTALL)


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
            translated = self._translation.translate_pattern(pattern, options)
            return self._regex.compile(translated, options | self._regex.V0)
        except (self._translation.RegexError, self._regex.error, ValueError, RecursionError, OverflowError) as problem:
            raise Failure(f"Expected a regular expression, but found {pattern[:60]!r} ({problem}).") from None

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """Turn a match that takes too long into a Failure."""
        try:
            yield
        except TimeoutError:
            raise Failure(
                "Expected a match within the time limit, but found none. Simplify the pattern.", ReasonKind.LIMIT
            ) from None


def without_white_space(pattern: str) -> str:
    """The flag ``x``: white space is removed, but not inside a character class."""
    depth = 0
    kept: list[str] = []
    for piece in _CLASS_OR_SPACE.split(pattern):
        if piece == "[":
            depth += 1
        elif piece == "]":
            depth -= 1
        elif piece.isspace() and len(piece) == 1 and depth == 0:
            continue
        kept.append(piece)
    return "".join(kept)
