"""What a text should be that spells no date, no time, no duration and no number, where that can be said."""

import re

from app.feel.temporal.calendar import days_in_month

_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
_BOTH = re.compile(r"(\S+?)[T ]\s*(\d\S*)")
_BRACKETED = re.compile(r"(.+?)(?:Z|[+-]\d\d:\d\d)\[([\w/+-]+)\]")
_UNITS = {"y": "P{}Y", "m": "P{}M", "w": "P{}W", "d": "P{}D", "h": "PT{}H", "min": "PT{}M", "s": "PT{}S"}
_WORDS = {
    "year": "y",
    "month": "m",
    "mon": "m",
    "week": "w",
    "day": "d",
    "hour": "h",
    "minute": "min",
    "second": "s",
    "sec": "s",
}
_AMOUNT = re.compile(r"P?T?\s*(\d+)\s*([A-Za-z]+)")
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d{1,3}(?:\.\d{3})+(?:,\d+)?|-?\d+,\d+")


def spelled(kind: str, text: str) -> str | None:
    """The call that was meant by ``kind("text")``, None where that is not certain. `kind` is the function's name."""
    reader = _READERS.get(kind)
    call = None if reader is None or len(text) > 60 else reader(text.strip())
    return None if call is None or call == f'{kind}("{text}")' else call


def _date(text: str) -> str | None:
    found = _iso_date(text)
    if found is not None:
        return f'date("{found}")'
    both = _date_and_time(text)
    return f"date({both})" if both else None


def _iso_date(text: str) -> str | None:
    if match := _DAY_FIRST.fullmatch(text):
        year, month, day = match[3], int(match[2]), int(match[1])
    elif match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match[1], int(match[2]), int(match[3])
    elif (match := _SLASHED.fullmatch(text)) and max(int(match[1]), int(match[2])) > 12:
        first, second, year = int(match[1]), int(match[2]), match[3]
        day, month = (first, second) if first > 12 else (second, first)
    else:
        return None
    exists = 0 < month < 13 and 0 < day <= days_in_month(int(year), month)
    return f"{year}-{month:02}-{day:02}" if exists else None


def _time(text: str) -> str | None:
    found = _iso_time(text)
    return None if found is None else f'time("{found}")'


def _iso_time(text: str) -> str | None:
    match = _CLOCK.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return f"{int(match[1]):02}:{match[2]}{match[3] or ':00'}{match[4] or ''}"


def _date_and_time(text: str) -> str | None:
    if match := _BRACKETED.fullmatch(text):
        inner = _date_and_time(match[1])
        return None if inner is None else inner[:-2] + f'@{match[2]}")'
    match = _BOTH.fullmatch(text)
    date = _iso_date(match[1] if match else text)
    time = _iso_time(match[2]) if match else "00:00:00"
    return f'date and time("{date}T{time}")' if date and time else None


def _duration(text: str) -> str | None:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    word = match[2].lower()
    unit = _UNITS.get(_WORDS.get(word.rstrip("s"), word))
    if unit is None:
        return None
    amount = int(match[1])
    written = f"P{amount * 7}D" if unit == "P{}W" else unit.format(amount)
    return None if written == text else f'duration("{written}")'


def _number(text: str) -> str | None:
    if text.endswith("%") and text[:-1].strip().isdecimal():
        return f'number("{text[:-1].strip()}") / 100'
    if _GROUPED.fullmatch(text) is None:
        return None
    comma_last = text.rfind(",") > text.rfind(".") and (len(text) - text.rfind(",") != 4 or "." in text)
    grouping, point = (".", ",") if comma_last else (",", ".")
    return f'number("{text}", "{grouping}", "{point}")'


_READERS = {
    "date": _date,
    "time": _time,
    "date and time": _date_and_time,
    "duration": _duration,
    "number": _number,
}

__all__ = ["spelled"]
