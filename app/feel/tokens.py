"""The first stage: text to tokens (DMN 1.5, 10.3.1.2). A token is its text; what a name is, is decided later.

Names may contain spaces and operators, and only the names in scope say where one ends. So the tokens are the smallest
pieces; `names` and `parser` join them. Positions are computed only when somebody asks for them.
"""

import re
from typing import NamedTuple

MAX_TEXT = 1_000_000
"""The longest text of an expression, in code points."""

MAX_TOKENS = 100_000
"""The most tokens of an expression: reading and compiling one takes a few dozen microseconds."""

_NAME_START = r"[^\W\d]|[\u2070-\u218F\u2C00-\u2FEF\U00010000-\U000EFFFF]"
_NAME_PART = r"[\w\u00B7\u0300-\u036F\u203F\u2040\u2070-\u218F\u2C00-\u2FEF\U00010000-\U000EFFFF]"
# No possessive quantifiers: in the re module of Python 3.11.2 an optional group such as (?:...)?+ goes wrong, and
# `1..5` was read as `1.` and `.5` (seen on Debian 12; 3.11.7 is right).
_TOKEN = re.compile(
    rf"""
    [\s\u180E\u200B\uFEFF]*
    (
      [A-Za-z_]{_NAME_PART}*
    | \d+(?:\.\d+)?(?:[eE][+-]?\d+)?
    | "(?:[^"\\]|\\.)*(?:"|\Z)
    | //[^\n]* | /\*.*?(?:\*/|\Z)
    | \.\.
    | \.\d+(?:[eE][+-]?\d+)?
    | \*\* | <= | >= | != | ->
    | `[^`]*`
    | (?:{_NAME_START}){_NAME_PART}*
    | [^\s\u180E\u200B\uFEFF]
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(rf"(?:{_NAME_START}){_NAME_PART}*")

END = ""
"""The token after the last one."""


class Source:
    """An expression's text with its tokens; `tokens` ends with END."""

    __slots__ = ("_offsets", "text", "tokens")

    def __init__(self, text: str) -> None:
        tokens = _TOKEN.findall(text)
        if "//" in text or "/*" in text:
            tokens = [token for token in tokens if not token.startswith(("//", "/*"))]
        tokens.append(END)
        self.text = text
        self.tokens: list[str] = tokens
        self._offsets: list[tuple[int, int]] | None = None

    def offsets(self, index: int) -> tuple[int, int]:
        """Start and end of the token `index` in the text, in code points."""
        if self._offsets is None:
            matches = _TOKEN.finditer(self.text)
            self._offsets = [match.span(1) for match in matches if not match[1].startswith(("//", "/*"))]
            self._offsets.append((len(self.text), len(self.text)))
        return self._offsets[min(index, len(self._offsets) - 1)]

    def line_and_column(self, index: int) -> tuple[int, int]:
        """Line and column of the token `index`, both from 1."""
        start = self.offsets(index)[0]
        return self.text.count("\n", 0, start) + 1, start - self.text.rfind("\n", 0, start)

    def between(self, first: int, last: int) -> str:
        """The text of the tokens `first` up to but without `last`, white space collapsed: a name as it is known."""
        if last - first == 1:
            return self.tokens[first]
        return " ".join(self.text[self.offsets(first)[0] : self.offsets(last - 1)[1]].split())


class Span(NamedTuple):
    """A place in an expression: the tokens `first` up to but without `last`."""

    source: Source
    first: int
    last: int

    @property
    def start(self) -> int:
        return self.source.offsets(self.first)[0]

    @property
    def end(self) -> int:
        return self.source.offsets(max(self.first, self.last - 1))[1]

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]


NOWHERE = Span(Source(""), 0, 0)


def is_word(token: str) -> bool:
    """Whether `token` may begin a name."""
    return _WORD.fullmatch(token) is not None


def pieces(name: str) -> tuple[str, ...]:
    """The tokens of a name: ``Monthly Fee+Tax`` has four."""
    return tuple(_TOKEN.findall(name))
