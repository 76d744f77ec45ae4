"""A caller's JSON or Python values as the inputs of an evaluation."""

from collections.abc import Mapping

from app import feel
from app.feel import types
from app.feel.types import Type

_TEMPORAL = {
    types.DATE: feel.Date,
    types.TIME: feel.Time,
    types.DATE_AND_TIME: feel.DateAndTime,
    types.DAYS_AND_TIME: feel.DaysAndTime,
    types.YEARS_AND_MONTHS: feel.YearsAndMonths,
}


def admit(value: object, type_: Type) -> object:
    """`value` as a FEEL value. JSON has no dates: where `type_` is temporal, a string in ISO 8601 becomes what it says.

    Raises TypeError for a Python value that FEEL cannot hold.
    """
    value = feel.from_python(value)
    if value is None or type_ is types.ANY:
        return value
    return _temporal(value, type_)


def _temporal(value: object, type_: Type) -> object:
    type_ = _plain(type_)
    if type(value) is str and type_ in _TEMPORAL:
        return _read(value, _TEMPORAL[type_])
    if isinstance(value, list) and isinstance(type_, types.ListType):
        return [_temporal(item, type_.element) for item in value]
    if isinstance(value, dict) and isinstance(type_, types.ContextType):
        return {name: _temporal(item, type_.entries.get(name, types.ANY)) for name, item in value.items()}
    return value


def _plain(type_: Type) -> Type:
    type_ = types.resolved(type_)
    while isinstance(type_, types.Restricted):
        type_ = types.resolved(type_.base)
    return type_


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


def find(inputs: Mapping[str, object], path: tuple[str, ...]) -> tuple[bool, object]:
    """Whether `inputs` hold a value under `path` (the prefixes of an import are contexts), and the value."""
    value: object = inputs
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return False, None
        value = value[name]
    return True, value
