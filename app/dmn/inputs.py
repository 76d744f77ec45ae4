"""A caller's JSON or Python values as the inputs of an evaluation."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from app import feel
from app.dmn.frames import DecisionFrame
from app.dmn.reasons import DecisionReasonKind, Place
from app.dmn.temporal_texts import as_declared
from app.dmn.wording import near
from app.feel import types
from app.feel.types import Type

ABSENT = object()
"""Stands for an input that the caller does not mention; one that is null is mentioned."""

Admission = Callable[[object, DecisionFrame], object]
"""From a caller's value to a FEEL value of the declared type, or null with a reason."""

_CLASSES: Mapping[Type, type] = {types.NUMBER: Decimal, types.STRING: str, types.BOOLEAN: bool}
_EXACT = 10**34  # integers up to here are FEEL numbers as they are


def admission(type_: Type, place: Place) -> Admission:
    """How values of the declared `type_` are admitted; `place` is what reasons name.

    JSON has no dates: where the type is temporal, a string in ISO 8601 becomes what it says. Other values that do
    not fit are converted as DMN says (10.3.2.9.4), or become null. An admission raises TypeError for a value that
    FEEL cannot hold.
    """
    expected = _CLASSES.get(type_) if isinstance(type_, types.Simple) else None

    def admit(value: object, frame: DecisionFrame) -> object:
        if value.__class__ is expected and (expected is not Decimal or value.is_finite()):  # type: ignore[attr-defined]
            return value
        if value.__class__ is int and expected is Decimal and -_EXACT < value < _EXACT:
            return Decimal(value)
        value = feel.from_python(value)
        if value is None or type_ is types.ANY:
            return value
        frame.place = place
        return as_declared(value, type_, frame)

    return admit


def find(inputs: Mapping[str, object], *paths: tuple[str, ...]) -> object:
    """The value under the first of `paths` that `inputs` hold (the prefix of an import is a context); else ABSENT."""
    for path in paths:
        value: object = inputs
        for name in path:
            if not isinstance(value, Mapping) or name not in value:
                break
            value = value[name]
        else:
            return value
    return ABSENT


def note_missing(frame: DecisionFrame, name: str, given: Iterable[str], place: Place) -> None:
    """Leave the reason why an input is null that its caller does not know, or calls by another name."""
    other = near(name, (one for one in given if isinstance(one, str)))
    found = "none" if other is None else f"only {other}"
    frame.note_decision(DecisionReasonKind.INPUT_MISSING, f"Expected the input {name}, but found {found}.", place)
