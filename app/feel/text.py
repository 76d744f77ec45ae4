"""Values as text: `text_of` is FEEL's string(), `literal` an expression that yields the value (DMN 1.5, 10.3.4.1)."""

from decimal import Decimal

from app.feel.values import Function, Range


def text_of(value: object) -> str:
    """What string(value) answers. Inside lists and contexts, strings keep their quotation marks."""
    return value if isinstance(value, str) else _notation(value, quote_temporals=False)


def literal(value: object) -> str:
    """An expression that yields `value`; temporal values become ``@`` literals."""
    return _notation(value, quote_temporals=True)


def number_text(number: Decimal) -> str:
    """The digits of a number without an exponent, unless that would be very long."""
    if not number:
        return "0"
    text = format(number, "f") if -40 < number.adjusted() < 40 else str(number)
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text


def quoted(text: str) -> str:
    """A string literal."""
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return f'"{escaped}"'


def _notation(value: object, *, quote_temporals: bool) -> str:
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list | dict | Range):
        return _structure(value, quote_temporals=quote_temporals)
    if isinstance(value, Function):
        return f"function({', '.join(parameter.name for parameter in value.parameters)})"
    return f'@"{value}"' if quote_temporals else str(value)


_WORDS = {None: "null", True: "true", False: "false"}


def _structure(value: list[object] | dict[str, object] | Range, *, quote_temporals: bool) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_notation(item, quote_temporals=quote_temporals) for item in value) + "]"
    if isinstance(value, Range):
        return _range(value, quote_temporals=quote_temporals)
    entries = (f"{_key(key)}: {_notation(item, quote_temporals=quote_temporals)}" for key, item in value.items())
    return "{" + ", ".join(entries) + "}"


def _key(name: str) -> str:
    return name if name.isidentifier() else quoted(name)


def _range(value: Range, *, quote_temporals: bool) -> str:
    start, end = (_notation(part, quote_temporals=quote_temporals) for part in (value.start, value.end))
    if value.operator:
        return f"({value.operator} {end if value.operator in ('<', '<=') else start})"
    return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"
