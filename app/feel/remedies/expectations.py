"""What can be said where nobody's habit is recognised: the form that the parser was in the middle of."""

from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.spots import KEYWORDS, Fix, Spot
from app.feel.tokens import END

_FORMS = (
    ('"then"', Mistake.IF_FORM),
    ('"else"', Mistake.IF_FORM),
    ('"return"', Mistake.FOR_FORM),
    ('"satisfies"', Mistake.QUANTIFIED_FORM),
    ("name of an iteration", Mistake.FOR_FORM),
    ('"in"', Mistake.FOR_FORM),
    ('"and"', Mistake.BETWEEN_FORM),
    ('"of"', Mistake.INSTANCE_FORM),
    ("type", Mistake.TYPE_NAME),
    ("range", Mistake.RANGE_FORM),
    ("argument", Mistake.ARGUMENT_FORM),
    ("colon", Mistake.ARGUMENT_FORM),
    ("entries of a context", Mistake.CONTEXT_FORM),
    ("key of an entry", Mistake.CONTEXT_FORM),
    ("name of a member", Mistake.MEMBER_FORM),
    ("parameters", Mistake.PARAMETER_FORM),
    ('string after "@"', Mistake.TEMPORAL_FORM),
    ("between backticks", Mistake.NAME_BACKTICKS),
    ("a name", Mistake.NAME_FORM),
    ('")"', Mistake.SEPARATOR),
    ('"]"', Mistake.SEPARATOR),
    ("comma or the end of the tests", Mistake.TESTS),
    ("operator", Mistake.OPERATOR),
)
_CODES = {"feel.number": Mistake.NUMBER_RANGE, "feel.too-deep": Mistake.LENGTH, "feel.too-long": Mistake.LENGTH}


def form(spot: Spot, code: str) -> Fix:
    """The form of what was expected; for an expression, that one is missing."""
    mistake = _CODES.get(code) or next((one for words, one in _FORMS if words in spot.expected), Mistake.OPERAND)
    if spot.token() == "?" and mistake is not Mistake.TESTS:
        mistake = Mistake.IF_FORM
    if mistake is Mistake.OPERAND and spot.token() in KEYWORDS:
        mistake = Mistake.RESERVED_WORD
    if mistake is Mistake.NAME_FORM and spot.enclosing(spot.at) is not None:
        opening = spot.enclosing(spot.at)
        if opening is not None and spot.token_at(opening) == "{":
            mistake = Mistake.CONTEXT_FORM
    end = spot.end(spot.at) if spot.token() != END else spot.start(spot.at)
    return Fix(mistake, spot.start(spot.at), end)
