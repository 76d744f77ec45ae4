"""What to write instead: remedies that depend on what was written and on the type that is due there."""

import re
from collections.abc import Iterable, Mapping

from app.dmn.wording import near
from app.feel import types
from app.feel.types import Type

_EXAMPLES: Mapping[Type, str] = {
    types.DATE: 'date("2024-05-31")',
    types.TIME: 'time("09:30:00")',
    types.DATE_AND_TIME: 'date and time("2024-05-31T09:30:00")',
    types.DAYS_AND_TIME: 'duration("P1D")',
    types.YEARS_AND_MONTHS: 'duration("P1Y")',
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_QUOTED_NUMBER = re.compile(r'"\s*(-?\d+(?:[.,]\d+)?)\s*"')
_BOOLEANS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
ANYTHING = "Correct the text, or the type of the column."


def for_type(text: str, type_: Type) -> str:
    """What to write in a place of a type where `text` does not fit."""
    if type_ in _EXAMPLES:
        date = _DATE.search(text)
        if type_ is types.DATE and date is not None:
            return f'Write date("{date[0]}").'
        return f"Write a {type_} such as {_EXAMPLES[type_]}."
    if type_ is types.NUMBER and (number := _QUOTED_NUMBER.search(text)):
        return f"Write {number[1].replace(',', '.')} without quotes, or correct the type of the column."
    if type_ is types.STRING:
        return _for_string(text)
    if type_ is types.BOOLEAN:
        return "Write true or false, or correct the type of the column."
    return ANYTHING


def _for_string(text: str) -> str:
    if " or " in text and (texts := re.findall(r'"[^"]*"', text)):
        return f"Write {', '.join(texts)}: a comma stands between tests."
    if re.fullmatch(r"[\w.-]+", text):
        return f'Write "{text}" in quotes, or correct the type of the column.'
    return ANYTHING


def for_name(name: str, known: Iterable[str], *, may_be_text: bool) -> str:
    """What to write in place of a name that nobody declares. `may_be_text`: texts without quotes stand there often."""
    if name.casefold() in _BOOLEANS:
        return f"Write {_BOOLEANS[name.casefold()]}."
    other = near(name, known)
    if other is not None:
        return f"Write {other}, or add an input data of this name."
    if may_be_text:
        return f'Write "{name}" in quotes if it is a text, or add a requirement or an input data of this name.'
    return "Add a requirement or an input data of this name."


def for_value(name: str) -> str:
    """What to write in place of a name where only values are possible."""
    boolean = _BOOLEANS.get(name.casefold())
    return f"Write {boolean}." if boolean else f'Write "{name}" in quotes.'
