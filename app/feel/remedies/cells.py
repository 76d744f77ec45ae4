"""Ranges, and what people write into the cells of a table."""

import re

from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.spots import COMPARISONS, Fix, Spot, is_operand
from app.feel.tokens import END

_LOWER, _UPPER = {">": "]", ">=": "["}, {"<": "[", "<=": "]"}
_ANYTHING = frozenset({"*", "else", "any", "all", "otherwise", "default", "--", "—", "–", "ANY", "ALL"})


_BETWEEN = (
    re.compile(r"(?:from|between)\s+([^\s,]+)\s+(?:to|and|until)\s+([^\s,]+)(?=\s*(?:,|$))", re.IGNORECASE),
    re.compile(r"((?:-\s*)?[^\s,]+?)\s*(?:\bto\b|\.\.\.?|–|—)\s*([^\s,\])\[]+)(?=\s*(?:,|$))", re.IGNORECASE),
    re.compile(r"(\d+)\s*:\s*(\d|\d{3,})(?=\s*(?:,|$))"),
)
_ENCLOSED = re.compile(r"([\[\](])\s*([^\s,;\[\]()]+)\s*[,;]\s*([^\s,;\[\]()]+)\s*([\])\[])")


def dots(spot: Spot) -> Fix | None:
    """``1..3`` without brackets, and ``[1...3]``."""
    if spot.token(-1) == ".." and spot.token().startswith("."):
        if spot.token() == ".":
            return Fix(Mistake.DOTS, spot.start(spot.at), spot.end(spot.at), "", "..")
        number = spot.token()[1:]
        return Fix(Mistake.DOTS, spot.start(spot.at), spot.end(spot.at), number, f"..{number}")
    if spot.token() != "..":
        return None
    first = spot.operand_begin(spot.at)
    end = spot.operand_end(spot.at + 1)
    if first == spot.at or end == spot.at + 1:
        return None
    if spot.token_at(first - 1) == "-" and not is_operand(spot.token_at(first - 2)):
        first -= 1
    closed = spot.token_at(end) in ("]", ")", "[") and spot.enclosing(spot.at) is None
    range_ = f"[{spot.between(first, end)}{spot.token_at(end) if closed else ']'}"
    return spot.replacing(Mistake.BRACKETS, first, end + closed, range_)


def both_bounds(spot: Spot) -> Fix | None:
    """``>= 1 and <= 10`` in a cell, also with a comma of JavaScript's, or without anything between."""
    if not spot.is_cell:
        return None
    word = {"&": "and", "|": "or"}.get(spot.token(), spot.token().lower())
    joins = word in ("and", "or")
    second = spot.at + 1 if joins else spot.at
    second += spot.token() in ("&", "|") and spot.token(1) == spot.token()
    if not joins and word not in COMPARISONS:
        return None
    first = spot.clause_begin(spot.at, frozenset({"and", "or"}))
    if word == "or":
        return _either(spot, first, second)
    end = spot.clause_end(second + 1, frozenset({"and", "or"}))
    one = spot.token_at(first), spot.between(first + 1, spot.at)
    other = spot.token_at(second), spot.between(second + 1, end)
    if not {one[0], other[0]} <= COMPARISONS or not one[1] or not other[1]:
        return None
    low, high = (one, other) if one[0] in _LOWER else (other, one)
    if low[0] in _LOWER and high[0] in _UPPER:
        form = f"{_LOWER[low[0]]}{low[1]}..{high[1]}{_UPPER[high[0]]}"
        return spot.replacing(Mistake.BOTH_BOUNDS, first, end, form)
    form = f"? {one[0]} {one[1]} and ? {other[0]} {other[1]}"
    return spot.replacing(Mistake.BOTH_TESTS, first, end, form)


def _either(spot: Spot, first: int, second: int) -> Fix | None:
    """``< 5 or 7`` and ``> 5 or < 2``."""
    operand = second + (spot.token_at(second) in COMPARISONS)
    if spot.token_at(first) not in COMPARISONS or spot.operand_end(operand) == operand:
        return None
    return spot.replacing(Mistake.EITHER_TEST, spot.at, second, ",")


def between(spot: Spot) -> Fix | None:
    """``between 1 and 10``, ``from 1 to 10`` and ``1 to 10`` in a cell."""
    if not spot.is_cell:
        return None
    begin = len(spot.text) - len(spot.text.lstrip())
    for pattern in _BETWEEN:
        match = pattern.match(spot.text, begin)
        if match is not None and match[1] not in COMPARISONS:
            return Fix(Mistake.BETWEEN_CELL, begin, match.end(), f"[{match[1].replace(' ', '')}..{match[2]}]")
    match = _ENCLOSED.fullmatch(spot.text.strip())
    if match is not None:
        return Fix(Mistake.BRACKETS, 0, len(spot.text), f"{match[1]}{match[2]}..{match[3]}{match[4]}")
    return None


def anything(spot: Spot) -> Fix | None:
    """``*`` and ``else`` in a cell."""
    if spot.is_cell and spot.text.strip() in _ANYTHING:
        return Fix(Mistake.ANYTHING, 0, len(spot.text), "-")
    return None


def test_word(spot: Spot) -> Fix | None:
    """``in (1, 2)``, ``is null``, ``is not null`` and ``contains "x"`` at the beginning of a cell."""
    if not spot.is_cell:
        return None
    first = spot.token_at(0).lower()
    if first == "in" and spot.at == 0:
        rest = spot.text[spot.start(1) :].strip()
        if spot.token_at(1) == "(" and spot.closing(1) == len(spot.source.tokens) - 2:
            rest = rest[1:-1]
        return Fix(Mistake.TEST_WORD, 0, len(spot.text), rest) if rest else None
    if first == "is" and spot.token_at(1) != END:
        negated = spot.token_at(1).lower() == "not"
        rest = spot.text[spot.start(1 + negated) :].strip()
        if rest.lower() in ("null", "none", "nil", "missing"):
            rest = "null"
        return Fix(Mistake.TEST_WORD, 0, len(spot.text), f"not({rest})" if negated else rest) if rest else None
    match = re.fullmatch(
        r"\s*(contains|includes|starts\s*with|ends\s*with|matches)\s+([\"'‘“])(.*)[\"'’”]\s*", spot.text, re.IGNORECASE
    )
    if match is not None:
        word = match[1].lower().replace("includes", "contains").replace(" ", "").replace("with", " with")
        return Fix(Mistake.TEST_FUNCTION, 0, len(spot.text), f'{word}(?, "{match[3]}")')
    match = re.fullmatch(r"\s*like\s+\"(.*)\"\s*", spot.text, re.IGNORECASE)
    if match is not None:
        content = match[1].strip("%")
        return Fix(Mistake.TEST_FUNCTION, 0, len(spot.text), f'contains(?, "{content}")')
    return None


def empty_cell(spot: Spot) -> Fix | None:
    if spot.is_cell and not spot.text.strip():
        return Fix(Mistake.EMPTY_CELL, 0, len(spot.text), "-")
    return None


RECOGNISERS = (anything, empty_cell, both_bounds, between, test_word, dots)
