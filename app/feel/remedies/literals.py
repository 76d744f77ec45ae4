"""Texts, numbers, dates and durations as other languages write them."""

import re

from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.spots import Fix, Spot
from app.feel.tokens import is_word

_CLOSERS = {
    "'": "'’", "‘": "’‘'", "’": "’'", "“": "”“\"", "”": "”\"", "„": "“”\"", "«": "»", "»": "«", "‚": "‘’'", "‹": "›",
    "´": "´'",
}  # fmt: skip
_DATE_AND_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
_DATE_WITH_POINTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(:\d\d)?(?!\d)(?:\s*([aApP])\.?[mM]\b)?")
_UNITS = {  # of a duration
    "year": "P{}Y",
    "month": "P{}M",
    "week": "P{}D",
    "day": "P{}D",
    "hour": "PT{}H",
    "minute": "PT{}M",
    "second": "PT{}S",
}
_GROUPED_WITH_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+(\.\d+)?(?![\d,])")
_GROUPED_WITH_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+(?![\d,])")
_GROUPED_OTHERWISE = re.compile(r"\d{1,3}(?:([ _'’])\d{3})(?:\1\d{3})*(?:\.\d+)?(?![\w])")
_DECIMAL_COMMA = re.compile(r"\d+,\d+(?![\d,])")
_DOUBLED = re.compile(r"'(?:[^']|'')*''(?:[^']|'')*'(?!')")
_CURRENCIES = frozenset({"$", "€", "£", "¥", "EUR", "USD", "CHF", "GBP"})
_SUFFIXES = frozenset({"f", "F", "d", "D", "l", "L", "m", "M", "n", "BD"})


def written_date(spot: Spot) -> Fix | None:
    """``2024-01-05T10:00``, ``05.01.2024`` and ``10:30`` without quotation marks."""
    for pattern, write in ((_DATE_AND_TIME, _date_and_time), (_DATE_WITH_POINTS, _date), (_CLOCK, _clock)):
        for match in pattern.finditer(spot.text, max(0, spot.start(spot.at) - 30), spot.start(spot.at) + 40):
            if match.start() <= spot.start(spot.at) < match.end() and not _inside_word(spot, match.start()):
                mistake, written = write(match)
                at_sign = spot.text[: match.start()].endswith("@")
                return None if written is None else Fix(mistake, match.start() - at_sign, match.end(), written)
    return None


def _inside_word(spot: Spot, position: int) -> bool:
    before = spot.text[position - 1 : position]
    return before.isalnum() or before == '"'


def _date_and_time(match: re.Match[str]) -> tuple[Mistake, str | None]:
    text = f"{match[1]}T{match[2]}{match[3] or ':00'}{match[4] or ''}"
    return Mistake.TEMPORAL, f'date and time("{text}")'


def _date(match: re.Match[str]) -> tuple[Mistake, str | None]:
    day, month, year = int(match[1]), int(match[2]), match[3]
    return Mistake.DATE, f'date("{year}-{month:02}-{day:02}")' if 0 < month < 13 and 0 < day < 32 else None


def _clock(match: re.Match[str]) -> tuple[Mistake, str | None]:
    hour = int(match[1])
    if match[4]:
        hour = hour % 12 + (12 if match[4] in "pP" else 0)
    certain = hour < 24 and int(match[2]) < 60
    return Mistake.CLOCK, f'time("{hour:02}:{match[2]}{match[3] or ":00"}")' if certain else None


def bare_date(spot: Spot) -> Fix | None:
    """``@2024-01-05``: an at sign before a text without quotation marks."""
    if spot.token(-1) != "@" or not spot.token()[:1].isalnum():
        return None
    match = re.compile(r"[\w:.+-]+").match(spot.text, spot.start(spot.at))
    return None if match is None else Fix(Mistake.TEMPORAL, match.start() - 1, match.end(), f'@"{match[0]}"')


def quotes(spot: Spot) -> Fix | None:
    """``'x'`` and ``“x”``."""
    start = spot.start(spot.at)
    closers = _CLOSERS.get(spot.token())
    if closers is None or (spot.token(-1)[:1].isdigit() and spot.touches(spot.at)):
        return None
    ends = [found for closer in closers if (found := spot.text.find(closer, start + 1)) >= 0]
    if not ends:
        return Fix(Mistake.QUOTES_OPEN, start, start + 1)
    doubled = _DOUBLED.match(spot.text, start)
    end = doubled.end() if doubled else min(ends) + 1
    content = spot.text[start + 1 : end - 1].replace('"', '\\"').replace("''", "'")
    return Fix(Mistake.QUOTES, start, end, f'"{content}"')


def unclosed(spot: Spot) -> Fix | None:
    """A text without its closing mark: certain only where it is one word, or the mark is a curly one."""
    token = spot.token()
    if not token.startswith('"') or spot.expected != "string":
        return None
    start = spot.start(spot.at)
    for position, character in enumerate(token[1:], 1):
        if character in "”“„»":
            return Fix(Mistake.QUOTES, start, start + position + 1, f'"{token[1:position]}"')
    content = token[1:]
    if re.fullmatch(r"[\w -]*", content.rstrip("'")) and " " not in content.strip():
        return Fix(Mistake.UNCLOSED, start, spot.end(spot.at), f'"{content.strip().rstrip(chr(39))}"')
    return Fix(Mistake.UNCLOSED_SOMEWHERE, start, spot.end(spot.at))


def grouped_number(spot: Spot) -> Fix | None:
    """``1,000``, ``1.000,50``, ``1 000``, ``1_000``, ``1'000`` and ``1,5``."""
    at = spot.start(spot.at)
    candidates = (
        (_GROUPED_WITH_POINTS, Mistake.GROUPING, lambda text: text.replace(".", "").replace(",", ".")),
        (_GROUPED_WITH_COMMAS, Mistake.GROUPING, lambda text: text.replace(",", "")),
        (_GROUPED_OTHERWISE, Mistake.GROUPING, lambda text: re.sub(r"[ _'’]", "", text)),
        (_DECIMAL_COMMA, Mistake.DECIMAL_COMMA, lambda text: text.replace(",", ".")),
    )
    for pattern, mistake, written in candidates:
        for match in pattern.finditer(spot.text, max(0, at - 40), at + 40):
            if match.start() < at < match.end() and not _inside_word(spot, match.start()):
                return Fix(mistake, match.start(), match.end(), written(match[0]))
    return None


def decimal_point(spot: Spot) -> Fix | None:
    """``5.``"""
    point = spot.at if spot.token() == "." else spot.at - 1
    if spot.token_at(point) == "." and spot.token_at(point - 1).isdecimal() and spot.touches(point):
        return spot.replacing(Mistake.DECIMAL_POINT, point - 1, point + 1, spot.token_at(point - 1))
    return None


def currency(spot: Spot) -> Fix | None:
    """``€5`` and ``5 EUR``."""
    if spot.token() in _CURRENCIES and spot.token(1)[:1].isdigit():
        return spot.replacing(Mistake.CURRENCY, spot.at, spot.at + 2, spot.token(1))
    if spot.token() in _CURRENCIES and spot.token(-1)[:1].isdigit():
        return spot.replacing(Mistake.CURRENCY, spot.at - 1, spot.at + 1, spot.token(-1))
    return None


def unit(spot: Spot) -> Fix | None:
    """``5 days``, ``10L``, ``0x1F`` and ``5kg``."""
    number, word = spot.token(-1), spot.token()
    if not number[:1].isdigit() or not is_word(word):
        return None
    name = word.lower().rstrip("s")
    amount = str(int(number) * 7) if name == "week" and number.isdecimal() else number
    first, end = spot.at - 1, spot.at + 1
    if name in _UNITS and number.isdecimal():
        written = f'duration("{_UNITS[name].format(amount)}")'
        return spot.replacing(Mistake.DURATION, first, end, written)
    if not spot.touches(spot.at):
        return None
    if number == "0" and re.fullmatch(r"x[0-9A-Fa-f]{1,12}", word):
        return spot.replacing(Mistake.HEXADECIMAL, first, end, str(int(word[1:], 16)))
    mistake = Mistake.NUMBER_SUFFIX if word in _SUFFIXES else Mistake.UNIT
    return spot.replacing(mistake, first, end, number)


RECOGNISERS = (
    written_date,
    bare_date,
    quotes,
    unclosed,
    grouped_number,
    decimal_point,
    currency,
    unit,
)
