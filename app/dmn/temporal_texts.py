"""Texts where dates are due: JSON has none, so a text in ISO 8601 stands for the date, time or duration that it says.

The type of an input data and that of a table's column read such texts alike.
"""

from app import feel
from app.dmn.frames import DecisionFrame
from app.dmn.wording import in_short
from app.feel import ReasonKind, types
from app.feel.types import Type

_CLASSES: dict[Type, type] = {
    types.DATE: feel.Date,
    types.TIME: feel.Time,
    types.DATE_AND_TIME: feel.DateAndTime,
    types.DAYS_AND_TIME: feel.DaysAndTime,
    types.YEARS_AND_MONTHS: feel.YearsAndMonths,
}
_EXAMPLES: dict[Type, str] = {
    types.DATE: "2024-05-31",
    types.TIME: "09:30:00",
    types.DATE_AND_TIME: "2024-05-31T09:30:00",
    types.DAYS_AND_TIME: "P1DT12H",
    types.YEARS_AND_MONTHS: "P1Y6M",
}


def as_declared(value: object, type_: Type, frame: DecisionFrame) -> object:
    """A FEEL value as the declared type asks, texts in place of temporal values included; null with a reason."""
    read = _read_inside(value, type_)
    wanted = unrestricted(type_)
    if type(read) is str and wanted in _EXAMPLES:
        message = f"Expected a {wanted} such as {_EXAMPLES[wanted]}, but found {in_short(read)}."
        frame.note(ReasonKind.WRONG_TYPE, message)
        return None
    return types.coerce(read, type_, frame, frame)


def holds_temporals(type_: Type, depth: int = 0) -> bool:
    """Whether some text in a value of this type may stand for a temporal value."""
    type_ = unrestricted(type_)
    if isinstance(type_, types.ListType):
        return depth < _DEEP and holds_temporals(type_.element, depth + 1)
    if isinstance(type_, types.ContextType):
        return depth < _DEEP and any(holds_temporals(one, depth + 1) for one in type_.entries.values())
    return isinstance(type_, types.Simple) and type_ in _CLASSES


_DEEP = 8  # types may contain themselves


def unrestricted(type_: Type) -> Type:
    """The type without references and constraints at its top."""
    type_ = types.resolved(type_)
    while isinstance(type_, types.Restricted):
        type_ = types.resolved(type_.base)
    return type_


def _read_inside(value: object, type_: Type) -> object:
    """`value` with the strings that stand where `type_` has a temporal type replaced by what they say."""
    type_ = unrestricted(type_)
    if type(value) is str and isinstance(type_, types.Simple) and type_ in _CLASSES:
        return _read(value, _CLASSES[type_])
    if isinstance(value, list) and isinstance(type_, types.ListType):
        return [_read_inside(item, type_.element) for item in value]
    if isinstance(value, list) and len(value) == 1:
        return [_read_inside(value[0], type_)]
    if isinstance(value, dict) and isinstance(type_, types.ContextType):
        return {name: _read_inside(item, type_.entries.get(name, types.ANY)) for name, item in value.items()}
    if type(value) is str and isinstance(type_, types.ListType):
        return _read_inside(value, type_.element)
    return value


def _read(text: str, wanted: type) -> object:
    """What the text says as a literal of FEEL, if that is a value of the class `wanted`; otherwise the text itself."""
    if '"' in text or "\\" in text:
        return text
    value = feel.evaluate(f'@"{text}"')
    if isinstance(value, wanted):
        return value
    if wanted is feel.DateAndTime and isinstance(value, feel.Date):
        return value  # a date where a date and time is due is converted like any other
    return text
