"""Literals: numbers, strings, dates and times, and names between backticks (DMN 1.5, 10.3.1.2).

What else an expression may begin with is in `parser`.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from app.feel.climbing import Climber
from app.feel.nodes import Invalid, Literal, Name, Node
from app.feel.temporal import read_temporal
from app.feel.values import ARITHMETIC

_CLOSED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(["\\nrt\']))')
_ESCAPED = {'"': '"', "'": "'", "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")


def number(parser: Climber) -> Node:
    first = parser.position
    return Literal(first, first + 1, decimal(parser))


def decimal(parser: Climber) -> Decimal:
    token = parser.tokens[parser.position]
    try:
        value = ARITHMETIC.create_decimal(token)
    except ArithmeticError:
        raise parser.error("feel.number", f"Expected a number of FEEL's range, but found `{token[:40]}`.") from None
    parser.position += 1
    return value


def unescaped(text: str) -> str:
    """A string literal's content: escapes become their characters, surrogate pairs one; unknown escapes stay, and so
    does half of a pair, which is no character: nobody could write it to a file or a database."""
    return _SURROGATES.sub(_joined, _ESCAPE.sub(_escaped, text))


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code is None:
        return _ESCAPED[match[3]]
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else match[0]


def _joined(match: re.Match[str]) -> str:
    if len(match[0]) == 1:
        return f"\\u{ord(match[0]):04X}"
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")


def string_content(parser: Climber) -> str:
    token = parser.tokens[parser.position]
    escapes = "\\" in token
    closed = _CLOSED.fullmatch(token) if escapes else token[:1] == token[-1:] == '"' and len(token) > 1
    if not closed:
        raise parser.error("feel.string", "Expected a closing quotation mark, but found the end of the expression.")
    parser.position += 1
    return unescaped(token[1:-1]) if escapes else token[1:-1]


def string(parser: Climber) -> Node:
    first = parser.position
    return Literal(first, first + 1, string_content(parser))


def temporal(parser: Climber) -> Node:
    first = parser.position
    parser.position += 1
    if not parser.tokens[parser.position].startswith('"'):
        raise parser.unexpected('a string after "@"')
    text = string_content(parser)
    value = read_temporal(text)
    if value is None:
        return Invalid(first, first + 2, f"Expected a date, a time, both or a duration, but found {text[:60]!r}.")
    return Literal(first, first + 2, value)


def quoted_name(parser: Climber) -> Node:
    first = parser.position
    token = parser.tokens[first]
    if len(token) < 3:
        raise parser.unexpected("a name between backticks")
    parser.position += 1
    return Name(first, first + 1, token[1:-1])


def input_name(parser: Climber) -> Node:
    first = parser.position
    parser.position = first + 1
    return Name(first, first + 1, "?")


def constant(value: object) -> Callable[[Climber], Node]:
    def read(parser: Climber) -> Node:
        first = parser.position
        parser.position = first + 1
        return Literal(first, first + 1, value)

    return read
