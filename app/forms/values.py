"""The value of one field: which one it begins with, and whether one that was given fits its component's rules.

The rules are those of the library that draws the form; what it accepts is accepted here, what it marks is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

import regex

from app.forms.schema import ONE_OF, SOME_OF, TEXTS, Component, Kind

LARGEST_TEXT_CHARACTERS = 100_000
LARGEST_LIST = 1_000
PATTERN_SECONDS = 0.2  # a pattern that takes longer is no rule that anybody can follow
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL = regex.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*")  # as HTML defines it
PHONE = regex.compile(r"(?:\+|00)[1-9]\d{5,14}")  # ITU-T E.164
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?"
TIME = regex.compile(_TIME)
MOMENT = regex.compile(rf"(?P<date>\d{{4}}-\d{{2}}-\d{{2}})T{_TIME}")
EMPTY: Mapping[Kind, object] = {
    Kind.TEXTFIELD: "",
    Kind.TEXTAREA: "",
    Kind.CHECKBOX: False,
    Kind.CHECKLIST: [],
    Kind.TAGLIST: [],
}
Evaluate = Callable[[object], object]  # a property of the schema, evaluated where it is an expression
Fit = tuple[object, str]  # a value, and what is wrong with it


def initial(component: Component, known: object) -> object:
    """What a field holds before anybody types: what the data has, where it fits the kind; else its default."""
    if known is None:
        default = component.said.get("defaultValue")
        return EMPTY.get(component.kind) if default is None else default
    if component.kind in TEXTS and not isinstance(known, str):
        return "" if isinstance(known, Mapping | list) else str(known)
    if component.kind is Kind.CHECKBOX:
        return known is True
    return known


def fit(component: Component, value: object, evaluate: Evaluate, options: tuple[object, ...], today: date) -> Fit:
    """The value as the process gets it, and the first rule that it breaks ("" for none)."""
    if _is_empty(component, value):
        empty = EMPTY.get(component.kind)
        return empty, _missing(component) if component.rules.get("required") is True else ""
    if component.kind is Kind.NUMBER:
        return _fit_number(component, value, evaluate)
    problem = ""
    if component.kind in TEXTS:
        problem = next(_misfits_of_text(component, value, evaluate), "")
    elif component.kind is Kind.DATETIME:
        problem = _misfit_moment(component, value, today)
    elif component.kind is Kind.CHECKBOX and not isinstance(value, bool):
        problem = "Expected true or false."
    elif component.kind in ONE_OF and value not in options:
        problem = "Please choose one of the values."
    elif component.kind in SOME_OF and not _are_among(value, options):
        problem = "Please choose among the values."
    return value, problem


def number_of(value: object) -> Decimal | None:
    """The number that a value is, or that its text is (the schema's `serializeToString`); None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_empty(component: Component, value: object) -> bool:
    if component.kind is Kind.CHECKBOX:
        return value is None or value is False
    return value is None or value in ("", [])


def _missing(component: Component) -> str:
    return "This must be ticked." if component.kind is Kind.CHECKBOX else "Please fill this in."


def _are_among(value: object, options: tuple[object, ...]) -> bool:
    return isinstance(value, list) and len(value) <= LARGEST_LIST and all(each in options for each in value)


def _misfits_of_text(component: Component, value: object, evaluate: Evaluate) -> Iterator[str]:
    if not isinstance(value, str):
        yield "Expected text."
        return
    length = len(value.strip().encode("utf-16-le", "surrogatepass")) // 2  # as browsers count
    shortest, longest = (number_of(evaluate(component.rules.get(name))) for name in ("minLength", "maxLength"))
    most = LARGEST_TEXT_CHARACTERS if longest is None else longest
    if shortest is not None and length < shortest:
        yield f"Please write at least {shortest} characters."
    if length > most:
        yield f"Please write at most {most} characters."
    pattern, kind = component.rules.get("pattern"), component.rules.get("validationType")
    if isinstance(pattern, str) and pattern and not _matches(pattern, value):
        yield str(component.rules.get("patternErrorMessage") or f"This must match the pattern {pattern}.")
    if kind == "email" and not EMAIL.fullmatch(value):
        yield "Please write an e-mail address."
    if kind == "phone" and not PHONE.search(value):
        yield "Please write a phone number with its country, such as +4930664040900."


def _matches(pattern: str, value: str) -> bool:
    try:
        return regex.search(pattern, value, timeout=PATTERN_SECONDS) is not None
    except (regex.error, TimeoutError):
        return False


def _fit_number(component: Component, value: object, evaluate: Evaluate) -> Fit:
    number = number_of(value)
    if number is None or (isinstance(value, str) and component.said.get("serializeToString") is not True):
        return value, "Please write a number."
    problem = _misfit_number(component, number, evaluate)
    return (str(value) if component.said.get("serializeToString") is True else number), problem


def _misfit_number(component: Component, number: Decimal, evaluate: Evaluate) -> str:
    digits, step = number_of(component.said.get("decimalDigits")), number_of(component.said.get("increment"))
    exponent = number.normalize().as_tuple().exponent
    if digits is not None and isinstance(exponent, int) and -exponent > digits:
        return "Please write a whole number." if digits == 0 else f"Please write at most {digits} decimal digits."
    if step and number % step:
        below = number - number % step
        return f"Please choose {below} or {below + step}: only multiples of {step} are possible."
    lowest, highest = (number_of(evaluate(component.rules.get(name))) for name in ("min", "max"))
    if lowest is not None and number < lowest:
        return f"At least {lowest}."
    if highest is not None and number > highest:
        return f"At most {highest}."
    return ""


def _misfit_moment(component: Component, value: object, today: date) -> str:
    subtype = component.said.get("subtype", "date")
    if not isinstance(value, str):
        return "Please choose a date." if subtype == "date" else "Please choose a time."
    if subtype == "time":
        return "" if TIME.fullmatch(value) else "Please write a time, such as 14:30."
    whole = MOMENT.fullmatch(value) if subtype == "datetime" else None
    if subtype == "datetime" and whole is None:
        return "Please write a date and a time, such as 2026-11-30T14:30."
    try:
        day = date.fromisoformat(whole["date"] if whole else value)
    except ValueError:
        return "Please write a date, such as 2026-11-30."
    if component.said.get("disallowPassedDates") is True and day < today:
        return "This day has passed."
    return ""
