"""Operators that other languages have."""

from dataclasses import replace

from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.literals import quotes
from app.feel.remedies.spots import COMPARISONS, Fix, Spot, is_operand

_SIGNS = {
    "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "—": "-",
    "∧": "and", "∨": "or", "⁄": "/", "∗": "*", "＝": "=", "＜": "<", "＞": ">", "⩾": ">=", "⩽": "<=",
}  # fmt: skip
_LOOSER = frozenset({"and", "or", "then", "else", "return", "satisfies", "?", ":"})
_CONDITION_ENDS = frozenset({"then", "else", "return", "satisfies", "?", ":"})


def equals_signs(spot: Spot) -> Fix | None:
    """``==``, ``===``, ``!==``."""
    first = last = spot.at
    while spot.token_at(first - 1) in ("=", "!=") and spot.touches(first):
        first -= 1
    while spot.token_at(last) == "=" and (last == first or spot.touches(last)):
        last += 1
    if spot.token() != "=" or last - first < 2:
        return None
    meant = spot.token_at(first)
    return Fix(
        Mistake.EQUALS_SIGNS if meant == "=" else Mistake.UNEQUAL,
        spot.start(first),
        spot.end(last - 1),
        meant,
        expected=f"`{meant}`",
    )


def swapped(spot: Spot) -> Fix | None:
    """``<>``, ``=>``, ``=<``, ``=!``."""
    pair = spot.token(-1) + spot.token()
    meant = {"<>": "!=", "=>": ">=", "=<": "<=", "=!": "!=", "><": "!=", ">=": ">=", "<=": "<=", "!=": "!="}.get(pair)
    if meant is None or spot.touches(spot.at) is (pair == meant):
        return None
    mistake = Mistake.UNEQUAL if meant == "!=" else Mistake.ORDER if pair != meant else Mistake.ONE_SIGN
    return Fix(mistake, spot.start(spot.at - 1), spot.end(spot.at), meant, expected=f"`{meant}`")


def foreign_signs(spot: Spot) -> Fix | None:
    """``≥`` and its like."""
    meant = _SIGNS.get(spot.token())
    if meant is None:
        return None
    word = f" {meant} " if meant.isalpha() else meant
    return Fix(Mistake.SIGN, spot.start(spot.at), spot.end(spot.at), word, meant)


def logic_signs(spot: Spot) -> Fix | None:
    """``&&`` and ``||``, and the single ones."""
    sign = spot.token()
    if sign not in ("&", "|"):
        return None
    doubled = spot.token(1) == sign
    last = spot.at + 1 + doubled
    word = "and" if sign == "&" else "or"
    texts = '"' in spot.token(-1)[:1] or '"' in spot.token_at(last)[:1]
    if spot.is_cell and sign == "|" and texts:
        return spot.replacing(Mistake.EITHER_TEST, spot.at, last, ",")
    if sign == "&" and not doubled:
        return spot.replacing(Mistake.JOIN if texts else Mistake.JOIN_OR_LOGIC, spot.at, last, "+" if texts else None)
    spaced = f" {word} " if not spot.text[spot.start(spot.at) - 1 : spot.start(spot.at)].isspace() else word
    return spot.replacing(Mistake.LOGIC, spot.at, last, spaced, word)


def negation(spot: Spot) -> Fix | None:
    """``!a``, ``¬a`` and ``not a``."""
    if spot.token() in ("!", "¬", "~"):
        first, begin = spot.at, spot.at + 1
        end = spot.operand_end(begin)
    elif spot.token(-1) == "not" and (is_operand(spot.token()) or spot.token() in {*COMPARISONS, "-", "[", "@"}):
        first, begin = spot.at - 1, spot.at
        end = spot.clause_end(begin, _LOOSER)
    else:
        return None
    if end <= begin:
        inner_text = quotes(replace(spot, at=begin))
        if inner_text is None or inner_text.replacement is None:
            return None
        return Fix(Mistake.NEGATION, spot.start(first), inner_text.end, f"not({inner_text.replacement})")
    inner = spot.between(begin, end)
    if inner.startswith("(") and inner.endswith(")") and spot.closing(begin) == end - 1:
        inner = inner[1:-1]
    return spot.replacing(Mistake.NEGATION, first, end, f"not({inner})")


def power(spot: Spot) -> Fix | None:
    return spot.replacing(Mistake.POWER, spot.at, spot.at + 1, "**") if spot.token() == "^" else None


def percent(spot: Spot) -> Fix | None:
    """``5%`` is a number, ``a % b`` a remainder."""
    if spot.token() != "%":
        return None
    first = spot.operand_begin(spot.at)
    left, end = spot.between(first, spot.at), spot.operand_end(spot.at + 1)
    if end > spot.at + 1 and first < spot.at:
        right = spot.between(spot.at + 1, end)
        return spot.replacing(Mistake.MODULO, first, end, f"modulo({left}, {right})")
    if left.replace(".", "", 1).isdecimal():
        whole, _, fraction = left.partition(".")
        digits = whole.rjust(3, "0")
        value = f"{digits[:-2].lstrip('0') or '0'}.{digits[-2:]}{fraction}".rstrip("0").rstrip(".")
        return spot.replacing(Mistake.PERCENT, first, spot.at + 1, value or "0")
    return spot.replacing(Mistake.PERCENT, first, spot.at + 1, f"{left} / 100") if left else None


def integer_division(spot: Spot) -> Fix | None:
    r"""``a \ b`` and ``a div b``."""
    if spot.token() not in ("\\", "div", "DIV"):
        return None
    first, end = spot.operand_begin(spot.at), spot.operand_end(spot.at + 1)
    if first == spot.at or end == spot.at + 1:
        return None
    halves = f"floor({spot.between(first, spot.at)} / {spot.between(spot.at + 1, end)})"
    return spot.replacing(Mistake.INTEGER_DIVISION, first, end, halves)


def conditional(spot: Spot) -> Fix | None:
    """``a ? b : c``, ``a ?? b``, ``a ?: b`` and ``a?.b``."""
    if spot.token() != "?":
        return None
    following = spot.token(1)
    if following == ".":
        return spot.replacing(Mistake.SAFE_PATH, spot.at, spot.at + 2, ".")
    if following in ("?", ":") and spot.touches(spot.at + 1):
        first, end = spot.operand_begin(spot.at), spot.clause_end(spot.at + 2, _LOOSER)
        if first == spot.at or end == spot.at + 2:
            return None
        left, right = spot.between(first, spot.at), spot.between(spot.at + 2, end)
        form = (
            f"get or else({left}, {right})" if spot.scope.extensions else f"if {left} != null then {left} else {right}"
        )
        return spot.replacing(Mistake.DEFAULT, first, end, form)
    colon = spot.clause_end(spot.at + 1, frozenset({":"}))
    if spot.token_at(colon) != ":":
        return None
    first = spot.clause_begin(spot.at, _CONDITION_ENDS)
    end = spot.clause_end(colon + 1, frozenset({":"}) if "?" not in spot.source.tokens[colon + 1 :] else frozenset())
    condition, then = spot.between(first, spot.at), spot.between(spot.at + 1, colon)
    form = f"if {condition} then {then} else {spot.between(colon + 1, end)}"
    return spot.replacing(Mistake.CONDITIONAL, first, end, form) if condition and then else None


def assignment(spot: Spot) -> Fix | None:
    """``a += 1``, ``a := 1`` and ``a++``."""
    before, sign = spot.token(-1), spot.token()
    if sign == "=" and before in ("+", "-", "*", "/") and spot.touches(spot.at):
        return spot.replacing(Mistake.ASSIGNMENT, spot.at - 1, spot.at + 1, before)
    if sign == ":" and spot.token(1) == "=":
        return spot.replacing(Mistake.ASSIGNMENT, spot.at, spot.at + 2, "=")
    if sign == before == "+" and spot.touches(spot.at):
        return spot.replacing(Mistake.ASSIGNMENT, spot.at - 1, spot.at + 1, " + 1", "+ 1")
    return None


def comparison_without_left(spot: Spot) -> Fix | None:
    """``x >= 1 and <= 10`` outside of cells: the second comparison lacks its left side."""
    if spot.token() not in COMPARISONS or spot.token(-1) not in ("and", "or"):
        return None
    first = spot.clause_begin(spot.at - 1, _LOOSER)
    for index in range(first, spot.at - 1):
        if spot.token_at(index) in COMPARISONS and index > first:
            left = spot.between(first, index)
            return Fix(
                Mistake.COMPARISON_WITHOUT_LEFT,
                spot.start(spot.at),
                spot.start(spot.at),
                f"{left} ",
                f"{left} {spot.token()}",
            )
    return None


def filter_without_item(spot: Spot) -> Fix | None:
    """``list[> 1]``."""
    if spot.token() != "[" or spot.token(1) not in COMPARISONS:
        return None
    place = spot.start(spot.at + 1)
    return Fix(Mistake.FILTER_ITEM, place, place, "item ", f"[item {spot.token(1)} …]")


RECOGNISERS = (
    filter_without_item,
    equals_signs,
    swapped,
    foreign_signs,
    logic_signs,
    conditional,
    negation,
    power,
    percent,
    integer_division,
    assignment,
    comparison_without_left,
)
