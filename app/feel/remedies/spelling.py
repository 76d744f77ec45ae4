"""Names of several words of which one is wrong, and two operands without an operator between."""

from app.feel.function_names import EXTENSION_NAMES, STANDARD_NAMES
from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.near import near
from app.feel.remedies.spots import KEYWORDS, Fix, Spot
from app.feel.tokens import END, is_word

_WORDS = 6


def spelling(spot: Spot) -> Fix | None:
    """``Order total`` where ``Order Total`` is declared, ``date an time(…)``."""
    if not is_word(spot.token()) or not _joins(spot, spot.at - 1):
        return None
    variables = [name for name in spot.scope.variables if " " in name]
    functions = [*STANDARD_NAMES, *(EXTENSION_NAMES if spot.scope.extensions else ())]
    first = spot.at
    while first > 0 and _joins(spot, first - 1) and spot.at - first < _WORDS:
        first -= 1
    last = spot.at + 1
    while _joins(spot, last) and last - spot.at < _WORDS:
        last += 1
    for begin in range(first, spot.at):
        for end in range(last, spot.at, -1):
            written = spot.between(begin, end)
            called = spot.token_at(end) == "("
            found = near(written, [name for name in functions if " " in name] if called else variables, 1)
            if found:
                return spot.replacing(Mistake.SPELLING, begin, end, found[0])
    return None


def _joins(spot: Spot, index: int) -> bool:
    """Whether a token may be a part of a name of several words, or a hyphen between two."""
    return is_word(spot.token_at(index)) or (spot.token_at(index) == "-" and spot.touches(index) and index > 0)


def two_operands(spot: Spot) -> Fix | None:
    token = spot.token()
    if not any(words in spot.expected for words in ("operator", "comma", '")"', '"]"')):
        return None
    if token == END or not is_word(token) or token in KEYWORDS or not is_word(spot.token(-1)):
        return None
    return spot.replacing(Mistake.TWO_OPERANDS, spot.at, spot.at + 1, None)


RECOGNISERS = (spelling, two_operands)
