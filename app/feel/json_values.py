"""FEEL values as JSON: the only codec for process variables. Numbers keep every digit; temporal values become text."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import NoReturn

from app.feel.from_python import from_python
from app.feel.temporal import Temporal
from app.feel.text import text_of
from app.feel.values import ARITHMETIC, Function, Range

_ESCAPES = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F])|.)", re.DOTALL)
"""The escapes of JSON; the group is there for half of a pair."""

_SCALARS = frozenset({type(None), bool, str, Decimal})
MAX_JSON_DEPTH = 200
"""How deeply lists and contexts may nest."""

MAX_JSON_DIGITS = 10_000
"""How many characters one number may have: more than the largest number written out, and its fraction."""

MAX_JSON_PIECES = 2_000_000
"""How many names, values and separators one text may have."""


def to_json(value: object) -> object:
    """`value` with JSON's types only: None, bool, Decimal, str, list, dict.

    Temporal values become their FEEL text (ISO 8601), ranges their notation, functions null. Ordinary Python values are
    admitted as by `from_python`.
    """
    return _Json().of(value)


class _Json:
    """One conversion. What a value shares many times over is converted once."""

    def __init__(self) -> None:
        self._done: dict[int, object] = {}

    def of(self, value: object) -> object:
        if value.__class__ in _SCALARS:
            return value
        if id(value) not in self._done:
            self._done[id(value)] = self._converted(value)
        return self._done[id(value)]

    def _converted(self, value: object) -> object:
        if isinstance(value, Mapping):
            return {name: self.of(item) for name, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset) and not isinstance(value, Temporal):
            return [self.of(item) for item in value]
        value = from_python(value)
        if value.__class__ in _SCALARS:
            return value
        if isinstance(value, Function):
            return None
        return text_of(value) if isinstance(value, Range) else str(value)


def json_loads(text: str | bytes) -> object:
    """The value of a JSON text; numbers become Decimal, digit by digit.

    Raises ValueError for what is not JSON or could not be written again: lists and objects that nest deeper than
    MAX_JSON_DEPTH, numbers of more than MAX_JSON_DIGITS, half of a surrogate pair.
    """
    try:
        value = json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("Expected JSON that nests less deeply, but found deeper lists and objects.") from None
    written = text if isinstance(text, str) else text.decode(json.detect_encoding(text), "surrogatepass")
    if "\\u" in written and any(match[1] for match in _ESCAPES.finditer(written)):
        raise ValueError("Expected strings of Unicode characters, but found half of a surrogate pair.")
    if written.count("[") + written.count("{") > MAX_JSON_DEPTH and not _is_shallow(value):
        raise ValueError(f"Expected at most {MAX_JSON_DEPTH} nested lists and objects, but found more.")
    return value


def _is_shallow(value: object) -> bool:
    """Whether the value nests as deeply as it may, level by level."""
    level = [value]
    for _ in range(MAX_JSON_DEPTH + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if inner.__class__ is dict or inner.__class__ is list
        ]
        if not level:
            return True
    return False


def _number(text: str) -> Decimal:
    if len(text) > MAX_JSON_DIGITS:
        raise ValueError(f"Expected a number of at most {MAX_JSON_DIGITS:,} characters, but found {text[:40]}….")
    number = Decimal(text)
    if number.adjusted() > ARITHMETIC.Emax:
        raise ValueError(f"Expected a number up to 9.99E{ARITHMETIC.Emax}, but found {text[:40]}.")
    return number


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"Expected a JSON number, but found {constant}.")


def json_dumps(value: object) -> str:
    """The JSON text of `value`, compact, in the order of its entries. Raises TypeError for what FEEL cannot hold, and
    ValueError where lists and contexts nest deeper than MAX_JSON_DEPTH or the text has more than MAX_JSON_PIECES."""
    pieces: list[str] = []
    _write(value, pieces, MAX_JSON_DEPTH)
    return "".join(pieces)


def _write(value: object, pieces: list[str], room: int) -> None:
    write = pieces.append
    kind = value.__class__
    if isinstance(value, str):
        write(encode_basestring(value))
    elif value is None:
        write("null")
    elif kind is bool:
        write("true" if value else "false")
    elif kind is Decimal:
        write(_number_text(value))  # type: ignore[arg-type]
    elif kind is dict or kind is list:
        if room == 0:
            raise ValueError(f"Expected at most {MAX_JSON_DEPTH} nested lists and contexts, but found more.")
        if len(pieces) > MAX_JSON_PIECES:
            raise ValueError(f"Expected at most {MAX_JSON_PIECES:,} pieces of JSON, but found more.")
        if kind is dict:
            _write_entries(value, pieces, room - 1)  # type: ignore[arg-type]
        else:
            _write_items(value, pieces, room - 1)  # type: ignore[arg-type]
    else:
        _write(to_json(value), pieces, room)


def _write_entries(entries: dict[str, object], pieces: list[str], room: int) -> None:
    write = pieces.append
    separator = "{"
    for name, item in entries.items():
        if name.__class__ is not str:
            raise TypeError(f"Expected names of a context that are strings, but found {name!r}.")
        write(separator)
        write(encode_basestring(name))
        write(":")
        _write(item, pieces, room)
        separator = ","
    write("}" if entries else "{}")


def _write_items(items: list[object], pieces: list[str], room: int) -> None:
    write = pieces.append
    separator = "["
    for item in items:
        write(separator)
        _write(item, pieces, room)
        separator = ","
    write("]" if items else "[]")


def _number_text(number: Decimal) -> str:
    if not number.is_finite():
        raise TypeError(f"Expected a finite number, but found {number}.")
    return str(number)
