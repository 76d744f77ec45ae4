"""Brackets, commas, colons, and the wrappings in which other languages put their expressions."""

import re

from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.spots import CLOSING, OPENING, Fix, Spot
from app.feel.tokens import END, is_word

_WRAPPED = (
    re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL),
    re.compile(r"\s*\{\{(.*)\}\}\s*", re.DOTALL),
    re.compile(r"\s*<%=?(.*)%>\s*", re.DOTALL),
    re.compile(r"\s*%\{(.*)\}\s*", re.DOTALL),
)


def wrapped(spot: Spot) -> Fix | None:
    """``${x}``, ``#{x}``, ``{{x}}``: around the whole text, or around a part of it."""
    for pattern in _WRAPPED:
        match = pattern.fullmatch(spot.text)
        if match is not None and match[1].strip() and match[1].count("{") == match[1].count("}"):
            shown = spot.text.strip()[:2]
            content = match[1].strip()
            return Fix(Mistake.WRAPPED, 0, len(spot.text), content, found=f"`{shown}`")
    if spot.token() == spot.token(-1) == "{":
        closing = spot.closing(spot.at - 1)
        if closing is not None and spot.token_at(closing - 1) == "}":
            inner = spot.between(spot.at + 1, closing - 1)
            return spot.replacing(Mistake.WRAPPED, spot.at - 1, closing + 1, inner) if inner else None
    if spot.token() in ("$", "#", "%") and spot.token(1) == "{":
        closing = spot.closing(spot.at + 1)
        if closing is not None:
            inner = spot.between(spot.at + 2, closing)
            return spot.replacing(Mistake.WRAPPED, spot.at, closing + 1, inner) if inner else None
    return None


def parameter_sign(spot: Spot) -> Fix | None:
    """``$x``, ``:x`` and ``@x``."""
    sign = spot.at - 1 if spot.token(-1) == "@" else spot.at
    name = spot.token_at(sign + 1)
    if spot.token_at(sign) not in ("$", ":", "@", "#") or not is_word(name) or not spot.touches(sign + 1):
        return None
    if spot.token_at(sign) == ":" and sign and spot.token_at(sign - 1) not in ("=", "(", "<", ">", "+", "and", "or"):
        return None
    return spot.replacing(Mistake.PARAMETER_SIGN, sign, sign + 2, name)


def leading_equals(spot: Spot) -> Fix | None:
    if spot.at == 0 and spot.token() == "=" and spot.token(1) != END and not spot.is_cell:
        return Fix(Mistake.LEADING_EQUALS, 0, spot.start(1), "", expected="an expression")
    return None


def semicolon(spot: Spot) -> Fix | None:
    """``;`` at the end, or between arguments as Excel has it."""
    if spot.token() != ";":
        return None
    if spot.token(1) == END:
        return Fix(Mistake.SEMICOLON_END, spot.start(spot.at), len(spot.text), "")
    inside = spot.is_cell or spot.enclosing(spot.at) is not None
    return spot.replacing(Mistake.SEMICOLON, spot.at, spot.at + 1, "," if inside else None, ",")


def last_comma(spot: Spot) -> Fix | None:
    """``[1, 2,]``."""
    for index in range(spot.at, 0, -1):
        if spot.token_at(index - 1) == "," and (spot.token_at(index) in CLOSING or spot.token_at(index) == END):
            return Fix(Mistake.COMMA, spot.start(index - 1), spot.end(index - 1), "")
    return None


def key(spot: Spot) -> Fix | None:
    """``{a = 1}``, ``{a => 1}``, ``{1: 2}`` and ``{a}``."""
    opening = spot.enclosing(spot.at)
    if opening is None or spot.token_at(opening) != "{":
        return None
    if "colon" in spot.expected or '":"' in spot.expected or "name" in spot.expected:
        return _key(spot, opening)
    return None


def _key(spot: Spot, opening: int) -> Fix | None:
    begin = spot.clause_begin(spot.at, frozenset())
    end = spot.clause_end(begin, frozenset({":", "="}))
    content = spot.between(begin, end)
    token = spot.token()
    if token[:1].isdigit() and spot.token(1) == ":":
        return spot.replacing(Mistake.KEY, spot.at, spot.at + 1, f'"{token}"')
    if token in ("'", "‘", "“"):
        return None
    following = spot.token_at(end)
    if following == "=" and content:
        last = end + 1 + (spot.token_at(end + 1) == ">")
        return Fix(Mistake.COLON, spot.start(end), spot.end(last - 1), ":")
    if following in ("}", ",") and content and re.fullmatch(r"[\w ]+", content) and not content[0].isdigit():
        return Fix(Mistake.KEY_ALONE, spot.end(end - 1), spot.end(end - 1), f": {content}", f"{content}: {content}")
    del opening
    return None


def surplus(spot: Spot) -> Fix | None:
    """A closing bracket where none is open, or another than the open one."""
    token = spot.token()
    if token not in CLOSING:
        return None
    opening = spot.enclosing(spot.at)
    if opening is None:
        start = spot.end(spot.at - 1) if spot.at else 0
        return Fix(Mistake.SURPLUS, start, spot.end(spot.at), "")
    wanted = OPENING[spot.token_at(opening)]
    return None if wanted == token else spot.replacing(Mistake.WRONG_BRACKET, spot.at, spot.at + 1, wanted)


def closing(spot: Spot) -> Fix | None:
    """Brackets that are open at the end."""
    if spot.token() != END or spot.enclosing(spot.at) is None:
        return None
    missing = ""
    index = spot.enclosing(spot.at)
    while index is not None:
        missing += OPENING[spot.token_at(index)]
        index = spot.enclosing(index)
    end = spot.end(spot.at - 1)
    return Fix(Mistake.CLOSING, end, end, missing)


def empty(spot: Spot) -> Fix | None:
    return Fix(Mistake.EMPTY, 0, 0) if len(spot.source.tokens) == 1 and not spot.is_cell else None


RECOGNISERS = (wrapped, empty, leading_equals, parameter_sign, semicolon, last_comma, key, surplus, closing)
