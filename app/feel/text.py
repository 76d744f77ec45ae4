"""Values as text: `text_of` is FEEL's string(), `literal` an expression that yields the value (DMN 1.5, 10.3.4.1)."""

from decimal import Decimal

from app.feel.frame import MAX_LENGTH, Failure, ReasonKind
from app.feel.values import Function, Range, type_name


def text_of(value: object) -> str:
    """What string(value) answers. Inside lists and contexts, strings keep their quotation marks.

    Raises Failure where the text would be longer than an evaluation may build.
    """
    return value if isinstance(value, str) else _Writer(quotes_temporals=False).notation(value)


def literal(value: object) -> str:
    """An expression that yields `value`; temporal values become ``@`` literals. Raises Failure like `text_of`."""
    return _Writer(quotes_temporals=True).notation(value)


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


def shown(value: object) -> str:
    """What a message says that a value is: its type, and the value as far as it is short."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        names = ", ".join(name[:_SHOWN] for name in list(value)[:3])
        return f"a context with {names}{' and more' if len(value) > 3 else ''}" if value else "an empty context"
    if isinstance(value, Function):
        return f"the function {value.name}" if value.name else "a function"
    if isinstance(value, str):
        text = quoted(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
    elif isinstance(value, Range) and not _is_short(value):
        return "a range"
    else:
        text = _Writer(quotes_temporals=isinstance(value, Range)).notation(value)
    return f"the {type_name(value).partition(' ')[2]} {text}"


_SHOWN = 40


def _is_short(value: Range) -> bool:
    return all(not isinstance(end, str) or len(end) <= _SHOWN for end in (value.start, value.end))


_WORDS = {None: "null", True: "true", False: "false"}


_COST_OF_A_PIECE = 8  # characters: many short pieces take longer than one long one


class _Writer:
    """Writes one value. `_room` is how many characters are left: values may share their parts many times over."""

    def __init__(self, *, quotes_temporals: bool) -> None:
        self._quotes_temporals = quotes_temporals
        self._room = MAX_LENGTH

    def notation(self, value: object) -> str:
        if isinstance(value, list):
            return "[" + ", ".join(map(self.notation, value)) + "]"
        if isinstance(value, dict):
            return "{" + ", ".join(f"{_key(key)}: {self.notation(item)}" for key, item in value.items()) + "}"
        text = self._range(value) if isinstance(value, Range) else self._scalar(value)
        self._room -= len(text) + _COST_OF_A_PIECE
        if self._room < 0:
            raise Failure(f"Expected a text of at most {MAX_LENGTH:,} characters, but found more.", ReasonKind.LIMIT)
        return text

    def _scalar(self, value: object) -> str:
        if value is None or isinstance(value, bool):
            return _WORDS[value]
        if isinstance(value, Decimal):
            return number_text(value)
        if isinstance(value, str):
            return quoted(value)
        if isinstance(value, Function):
            return f"function({', '.join(parameter.name for parameter in value.parameters)})"
        return f'@"{value}"' if self._quotes_temporals else str(value)

    def _range(self, value: Range) -> str:
        start, end = self.notation(value.start), self.notation(value.end)
        if value.operator:
            return f"({value.operator} {end if value.operator in ('<', '<=') else start})"
        return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"


def _key(name: str) -> str:
    return name if name.isidentifier() else quoted(name)
