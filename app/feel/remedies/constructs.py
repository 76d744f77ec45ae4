"""Conditions, loops and functions as other languages build them."""

import re

from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.spots import Fix, Spot, is_name, is_operand
from app.feel.tokens import END, is_word

_ENDS = frozenset({"end", "endif", "END", "ENDIF", "fi", "done", "endfor"})
_STATEMENTS = frozenset({"return", "let", "var", "const", "val", "def", "select", "SELECT"})
_RETURN = "return"


def if_function(spot: Spot) -> Fix | None:
    """``if(a, b, c)``."""
    opening = spot.enclosing(spot.at)
    if spot.token() not in (",", ";") or opening is None or spot.token_at(opening - 1).lower() != "if":
        return None
    closing = spot.closing(opening)
    if closing is None:
        return None
    parts: list[str] = []
    first = opening + 1
    while first < closing and len(parts) < 4:
        end = spot.clause_end(first, frozenset())
        parts.append(spot.between(first, end))
        first = end + 1
    if len(parts) not in (2, 3) or not all(parts):
        return None
    form = f"if {parts[0]} then {parts[1]} else {parts[2] if len(parts) == 3 else 'null'}"
    return spot.replacing(Mistake.IF_FUNCTION, opening - 1, closing + 1, f"({form})" if opening > 1 else form, form)


def then(spot: Spot) -> Fix | None:
    """``if (a) b else c``, ``if a: b else: c``, ``if a { b } else { c }``."""
    if '"then"' not in spot.expected or spot.token() == END:
        return None
    sign = spot.token()
    if sign == _RETURN:
        return spot.replacing(Mistake.THEN, spot.at, spot.at + 1, "then")
    if sign in (":", ","):
        return spot.replacing(Mistake.THEN, spot.at, spot.at + 1, " then", "then")
    if sign == "{":
        closing = spot.closing(spot.at)
        inner = None if closing is None else _body(spot.between(spot.at + 1, closing))
        return (
            None
            if closing is None or not inner
            else spot.replacing(Mistake.THEN, spot.at, closing + 1, f"then {inner}")
        )
    if spot.token(-1).lower() in ("not", "empty") or not (is_operand(sign) or sign in {"-", "["}):
        return None
    return Fix(Mistake.THEN, spot.start(spot.at), spot.start(spot.at), "then ", f"then {sign}")


def _body(text: str) -> str:
    """What stands between the braces of another language: one result."""
    text = text.strip().rstrip(";")
    return text.removeprefix("return ").strip()


def else_(spot: Spot) -> Fix | None:
    """An if without else; ``elif``; ``else:``, ``else { c }``."""
    sign = spot.token()
    if sign in ("elif", "elsif", "elseif"):
        return spot.replacing(Mistake.ELSE_IF, spot.at, spot.at + 1, "else if")
    if '"else"' in spot.expected and sign == ";" and spot.token(1) == "else":
        return spot.replacing(Mistake.SEMICOLON_END, spot.at, spot.at + 1, "")
    if '"else"' in spot.expected:
        end = spot.end(spot.at - 1)
        closes = sign == END or sign in {")", "]", "}", ","}
        return Fix(Mistake.ELSE, end, end, " else null", "else null") if closes else None
    if spot.token(-1) == "else" and sign == ":":
        return Fix(Mistake.ELSE_BODY, spot.start(spot.at), spot.end(spot.at), "", "else")
    braced = next((i for i in (spot.enclosing(spot.at), spot.at) if i and spot.token_at(i) == "{"), None)
    if braced and spot.token_at(braced - 1) == "else":
        closing = spot.closing(braced)
        if closing is not None:
            inner = _body(spot.between(braced + 1, closing))
            return spot.replacing(Mistake.ELSE_BODY, braced - 1, closing + 1, f"else {inner}") if inner else None
    return None


def if_behind(spot: Spot) -> Fix | None:
    """Python's ``a if c else b``."""
    if spot.token() != "if":
        return None
    otherwise = spot.clause_end(spot.at + 1, frozenset({"else"}))
    if spot.token_at(otherwise) != "else":
        return None
    first, end = spot.clause_begin(spot.at, frozenset({"return", "then"})), spot.clause_end(otherwise + 1, frozenset())
    value, condition = spot.between(first, spot.at), spot.between(spot.at + 1, otherwise)
    form = f"if {condition} then {value} else {spot.between(otherwise + 1, end)}"
    return spot.replacing(Mistake.IF_BEHIND, first, end, form) if value and condition else None


_CASE = re.compile(r"\bcase\s+(when\b.+?)\s+end\b", re.IGNORECASE | re.DOTALL)
_WHEN = re.compile(r"when\s+(.+?)\s+then\s+(.+?)(?=\s+when\b|\s+else\b|$)", re.IGNORECASE | re.DOTALL)


def case_when(spot: Spot) -> Fix | None:
    """SQL's ``case when a then b else c end``."""
    if spot.token().lower() != "when" or spot.token(-1).lower() != "case":
        return None
    match = _CASE.match(spot.text, spot.start(spot.at - 1))
    if match is None:
        return None
    branches = _WHEN.findall(match[1])
    _, _, otherwise = re.sub(r"\belse\b", "\0", match[1], flags=re.IGNORECASE).rpartition("\0")
    form = "".join(f"if {condition} then {value} else " for condition, value in branches)
    return Fix(Mistake.CASE_WHEN, match.start(), match.end(), form + (otherwise.strip() or "null"))


def end_word(spot: Spot) -> Fix | None:
    """``end`` and ``endif``."""
    if spot.token() not in _ENDS:
        return None
    last = spot.at + 1 + (spot.token(1).lower() in ("if", "for"))
    start = spot.end(spot.at - 1) if spot.at else 0
    found = spot.between(spot.at, last)
    return Fix(Mistake.END_WORD, start, spot.end(last - 1), "", found=f"`{found}`")


def return_(spot: Spot) -> Fix | None:
    """``for x in list: …``, ``for each x in list …``, ``some x in list where …``."""
    if spot.token(-1) in ("for", "some", "every") and spot.token() == "(":
        closing = spot.closing(spot.at)
        if closing is None:
            return None
        inner = re.sub(r"^(var|let|const|\w+)\s+(?=\w+\s+(in|of|:)\b)", "", spot.between(spot.at + 1, closing))
        word = "return" if spot.token(-1) == "for" else "satisfies"
        following = "" if spot.token_at(closing + 1) == word else f" {word}"
        mistake = Mistake.RETURN if word == "return" else Mistake.SATISFIES
        return spot.replacing(mistake, spot.at, closing + 1, f"{re.sub(r' of ', ' in ', inner)}{following}")
    for expected, mistake, foreign in (
        ('"return"', Mistake.RETURN, {":", "do", "=>", "->", "yield", "select", "collect"}),
        ('"satisfies"', Mistake.SATISFIES, {":", "where", "such", "if", "|", "with", "when"}),
    ):
        if expected in spot.expected and spot.token() != END:
            word = expected.strip('"')
            if spot.token() in foreign:
                last = spot.at + 1 + (spot.token(1) == "that")
                blank = "" if spot.start(spot.at) > spot.end(spot.at - 1) else " "
                return spot.replacing(mistake, spot.at, last, f"{blank}{word}", word)
            if is_operand(spot.token()):
                return Fix(mistake, spot.start(spot.at), spot.start(spot.at), f"{word} ", f"{word} {spot.token()}")
    return None


def each(spot: Spot) -> Fix | None:
    """``foreach x in list``, ``for each x in list``, ``any x in list``, ``all x in list``."""
    index = next((i for i in (spot.at - 1, spot.at - 2) if spot.token_at(i) in ("foreach", "any", "all", "exists")), -1)
    if index >= 0 and is_name(spot.token_at(index + 1)):
        word = {"foreach": "for", "all": "every"}.get(spot.token_at(index), "some")
        return spot.replacing(Mistake.EACH, index, index + 1, word)
    return None


_COMPREHENSION = re.compile(r"\[\s*(.+?)\s+for\s+(\w+)\s+in\s+(.+?)(?:\s+if\s+(.+?))?\s*\]", re.DOTALL)


def comprehension(spot: Spot) -> Fix | None:
    """Python's ``[f(x) for x in list if g(x)]``."""
    opening = spot.enclosing(spot.at)
    if spot.token() != "for" or opening is None or spot.token_at(opening) != "[":
        return None
    match = _COMPREHENSION.match(spot.text, spot.start(opening))
    if match is None:
        return None
    body, name, domain, condition = match.groups()
    if condition:
        of_item = re.sub(rf"\b{re.escape(name)}\b", "item", condition)
        domain = f"{domain}[{of_item}]"
    form = domain if body == name else f"for {name} in {domain} return {body}"
    return Fix(Mistake.COMPREHENSION, match.start(), match.end(), form)


def lambda_(spot: Spot) -> Fix | None:
    """``x => x + 1``, ``(a, b) -> a + b``, ``lambda x: x + 1``."""
    if spot.token(-1) == "lambda":
        colon = spot.clause_end(spot.at, frozenset({":"}))
        names = spot.between(spot.at, colon)
        return spot.replacing(Mistake.LAMBDA, spot.at - 1, colon + 1, f"function({names})")
    arrow, end = _arrow(spot)
    if arrow < 0:
        return None
    first = spot.operand_begin(arrow)
    inside = spot.token_at(first - 1) in ("(", ",", END)
    names = spot.between(first, arrow)
    if first == arrow or not re.fullmatch(r"\w+|\([\w\s,]*\)", names) or not (end == arrow + 1 or (inside and first)):
        return None
    return spot.replacing(Mistake.LAMBDA, first, end, f"function({names.strip('()')})")


def _arrow(spot: Spot) -> tuple[int, int]:
    """Where the arrow of a function is, and the index after it: here, or behind the parentheses that are open here."""
    at = spot.at
    opening = spot.enclosing(at)
    if spot.token() == "," and opening is not None and (closing := spot.closing(opening)) is not None:
        at = closing + 1
    if spot.token_at(at) == "->":
        return at, at + 1
    if spot.token_at(at) + spot.token_at(at + 1) == "=>":
        return at, at + 2
    return (at - 1, at + 1) if spot.token_at(at - 1) + spot.token_at(at) == "=>" else (-1, -1)


def body(spot: Spot) -> Fix | None:
    """``function(x) { return x + 1 }`` and ``function(x) return x + 1``."""
    if spot.token() == _RETURN and spot.token(-1) in (")", "then", "else"):
        return Fix(Mistake.STATEMENT, spot.start(spot.at), spot.start(spot.at + 1), "", found="`return`")
    opening = spot.enclosing(spot.at)
    if opening is None or spot.token_at(opening) != "{" or spot.token_at(opening + 1) != _RETURN:
        return None
    closing = spot.closing(opening)
    return (
        None
        if closing is None
        else spot.replacing(Mistake.BODY, opening, closing + 1, _body(spot.between(opening + 1, closing)))
    )


def statement(spot: Spot) -> Fix | None:
    """``new Date()``, ``return x``, ``let x = 1``."""
    for index in (spot.at - 1, spot.at):
        word = spot.token_at(index)
        if word == "new" and is_word(spot.token_at(index + 1)):
            return Fix(Mistake.NEW, spot.start(index), spot.start(index + 1), "", found="`new`")
        if word in _STATEMENTS and index == 0 and spot.token_at(1) != END:
            if spot.token_at(2) == "=" and word != _RETURN:
                return Fix(Mistake.STATEMENT, 0, spot.start(3), "", found=f"`{spot.between(0, 3)}`")
            return Fix(Mistake.STATEMENT, spot.start(index), spot.start(index + 1), "", found=f"`{word}`")
    return None


RECOGNISERS = (
    if_function,
    if_behind,
    comprehension,
    case_when,
    then,
    else_,
    return_,
    each,
    lambda_,
    body,
    statement,
    end_word,
)
