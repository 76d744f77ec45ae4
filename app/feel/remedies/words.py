"""Words that other languages use between operands: IS NULL, LIKE, MOD, eq, startsWith, KEYWORDS in capitals."""

from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.spots import KEYWORDS, Fix, Spot
from app.feel.tokens import is_word

_LOOSER = frozenset({"and", "or", "then", "else", "return", "satisfies"})
_OPERATOR_WORDS = {
    "eq": "=", "ne": "!=", "gt": ">", "lt": "<", "ge": ">=", "le": "<=", "equals": "=", "plus": "+", "minus": "-",
    "times": "*", "greater": ">", "less": "<",
}  # fmt: skip
_BETWEEN = {
    "contains": "contains", "includes": "contains", "startswith": "starts with", "starts": "starts with",
    "endswith": "ends with", "ends": "ends with", "matches": "matches", "regexp": "matches", "rlike": "matches",
}  # fmt: skip


def capitals(spot: Spot) -> Fix | None:
    """``AND``, ``If``, ``THEN``: a keyword in capitals, here or just before."""
    for index in (spot.at, spot.at - 1):
        token = spot.token_at(index)
        if token.lower() in KEYWORDS and token not in KEYWORDS and not (token[0].isupper() and index < spot.at - 1):
            return spot.replacing(Mistake.CASE, index, index + 1, token.lower())
    return None


def not_in(spot: Spot) -> Fix | None:
    """``a not in (…)``, ``a not like …``."""
    if spot.token().lower() != "not" or spot.token(1).lower() not in ("in", "like", "between", *_BETWEEN):
        return None
    first, end = spot.operand_begin(spot.at), spot.clause_end(spot.at + 2, _LOOSER)
    if spot.token(1).lower() == "between":
        end = spot.clause_end(end + 1, _LOOSER)
    if first == spot.at:
        return None
    word = spot.token(1).lower() if spot.token(1).lower() in KEYWORDS else spot.token(1)
    inner = f"{spot.between(first, spot.at)} {word} {spot.between(spot.at + 2, end)}"
    return spot.replacing(Mistake.NOT_IN, first, end, f"not({inner})")


def is_(spot: Spot) -> Fix | None:
    """``a is null``, ``a is not null``, ``a IS NULL``."""
    if spot.token().lower() != "is":
        return None
    negated = spot.token(1).lower() == "not"
    following = spot.at + 1 + negated
    value = spot.token_at(following).lower()
    if value in ("a", "an") and is_word(spot.token_at(following + 1)):
        return spot.replacing(Mistake.INSTANCE_OF, spot.at, following + 1, "instance of") if not negated else None
    operator = "!=" if negated else "="
    if value in ("null", "none", "nil", "undefined", "missing"):
        return spot.replacing(Mistake.IS, spot.at, following + 1, f"{operator} null")
    if value in ("empty", "blank"):
        return spot.replacing(Mistake.IS, spot.at, following + 1, f'{operator} ""')
    if value in ("true", "false") or spot.token_at(following)[:1] in ('"', "-") or value[:1].isdigit():
        return spot.replacing(Mistake.IS, spot.at, following, operator)
    return spot.replacing(Mistake.IS, spot.at, following, operator) if spot.operand_end(following) > following else None


def operator_word(spot: Spot) -> Fix | None:
    """``a eq b`` and its like, ``a mod b``, ``a xor b``, ``empty a``."""
    token = spot.token()
    word = token.lower()
    if word in _OPERATOR_WORDS:
        end = spot.at + 1 + (spot.token(1) in ("than", "to"))
        return spot.replacing(Mistake.WORD_OPERATOR, spot.at, end, _OPERATOR_WORDS[word])
    if spot.token(-1) == "empty" and spot.operand_end(spot.at) > spot.at:
        end = spot.operand_end(spot.at)
        operand = spot.between(spot.at, end)
        return spot.replacing(Mistake.WORD_OPERATOR, spot.at - 1, end, f'({operand} = null or {operand} = "")')
    if word in ("mod", "xor"):
        first, end = spot.operand_begin(spot.at), spot.operand_end(spot.at + 1)
        left, right = spot.between(first, spot.at), spot.between(spot.at + 1, end)
        if left and right:
            form, mistake = (
                (f"modulo({left}, {right})", Mistake.MODULO)
                if word == "mod"
                else (f"{left} != {right}", Mistake.EXCLUSIVE_OR)
            )
            return spot.replacing(mistake, first, end, form)
    return None


def function_between(spot: Spot) -> Fix | None:
    """``a contains "x"``, ``a starts with "x"``."""
    name = _BETWEEN.get(spot.token().lower())
    if name is None:
        return None
    following = spot.at + 1 + (spot.token(1).lower() == "with")
    first, end = spot.operand_begin(spot.at), spot.operand_end(following)
    if first == spot.at or end == following:
        return None
    form = f"{name}({spot.between(first, spot.at)}, {spot.between(following, end)})"
    return spot.replacing(Mistake.FUNCTION_BETWEEN, first, end, form)


def like(spot: Spot) -> Fix | None:
    """``a like "x%"``."""
    pattern = spot.token(1)
    if spot.token().lower() not in ("like", "ilike"):
        return None
    if not pattern.startswith('"'):
        return spot.replacing(Mistake.LIKE, spot.at, spot.at + 1, None, "contains, starts with, ends with or matches")
    first = spot.operand_begin(spot.at)
    subject = spot.between(first, spot.at) or "?"
    return spot.replacing(Mistake.LIKE, first, spot.at + 2, _pattern(subject, pattern[1:-1]))


def _pattern(subject: str, pattern: str) -> str:
    inner = pattern.strip("%")
    if "%" in inner or "_" in inner:
        return f'matches({subject}, "^{pattern.replace("%", ".*").replace("_", ".")}$")'
    if pattern.startswith("%") and pattern.endswith("%"):
        return f'contains({subject}, "{inner}")'
    if pattern.endswith("%"):
        return f'starts with({subject}, "{inner}")'
    return f'ends with({subject}, "{inner}")' if pattern.startswith("%") else f'{subject} = "{inner}"'


def instance_of(spot: Spot) -> Fix | None:
    """``x instanceof number``, ``x is a number``."""
    if spot.token().lower() == "instanceof":
        return spot.replacing(Mistake.INSTANCE_OF, spot.at, spot.at + 1, "instance of")
    return None


_TYPES = {
    "integer": "number", "int": "number", "long": "number", "double": "number", "float": "number", "decimal": "number",
    "str": "string", "text": "string", "varchar": "string", "bool": "boolean", "array": "list", "object": "context",
    "map": "context", "dict": "context", "datetime": "date and time", "timestamp": "date and time", "any": "Any",
    "duration": "days and time duration", "null": "Null", "none": "Null",
}  # fmt: skip


def type_name(spot: Spot) -> Fix | None:
    """``x instance of String``, ``list<int>``."""
    if "type" not in spot.expected or not is_word(spot.token()):
        return None
    word = spot.token().lower()
    meant = _TYPES.get(word) or (word if word in ("number", "string", "boolean", "date", "time", "list") else None)
    if meant == "list":
        meant = "list<Any>"
    if meant == "context" or meant is None:
        return spot.replacing(Mistake.TYPE_NAME, spot.at, spot.at + 1, None)
    return spot.replacing(Mistake.TYPE, spot.at, spot.at + 1, meant)


RECOGNISERS = (
    capitals,
    not_in,
    is_,
    operator_word,
    function_between,
    like,
    instance_of,
    type_name,
)
