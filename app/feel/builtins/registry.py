"""How a built-in function is declared: its signature as the specification writes it, above its Python body.

    @function("substring(string: string, start position: number, length?: number)")

A ``?`` after the name marks a parameter that may be missing (the body then gets None), a ``*`` before it the one that
takes all remaining arguments. Kinds are FEEL's types; ``any`` takes null too, ``a|b`` takes either. A one-element list
is unwrapped where a scalar is due, a scalar is wrapped where a list is due, and arguments that fit no overload make the
result null: a body sees only what its signature promises. A body raises `Failure` where it has no answer.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from app.feel.calls import Overload, Slot, builtin
from app.feel.temporal import Date, DateAndTime, DaysAndTime, Time, YearsAndMonths
from app.feel.values import Builtin, Function, Range

Body = TypeVar("Body", bound=Callable[..., object])

_VALUES: frozenset[type] = frozenset(
    {Decimal, str, bool, list, dict, Date, Time, DateAndTime, DaysAndTime, YearsAndMonths, Range, Function, Builtin}
)
_KINDS: dict[str, frozenset[type]] = {
    "any": _VALUES | {type(None)},
    "value": _VALUES,
    "null": frozenset({type(None)}),
    "number": frozenset({Decimal}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "date": frozenset({Date}),
    "time": frozenset({Time}),
    "date and time": frozenset({DateAndTime}),
    "days and time duration": frozenset({DaysAndTime}),
    "years and months duration": frozenset({YearsAndMonths}),
    "duration": frozenset({DaysAndTime, YearsAndMonths}),
    "point": frozenset({Decimal, str, Date, Time, DateAndTime, DaysAndTime, YearsAndMonths}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "range": frozenset({Range}),
    "function": frozenset({Function, Builtin}),
}
_SIGNATURE = re.compile(r"(?P<name>[^(]+)\((?P<parameters>[^)]*)\)")


class Registry:
    """The built-in functions of one family, by name."""

    def __init__(self) -> None:
        self._overloads: dict[str, list[Overload]] = {}

    def function(self, *signatures: str, frame: bool = False, constant: bool = False) -> Callable[[Body], Body]:
        """Declare the decorated body under each of `signatures`; `frame`: it takes the frame as its first argument;
        `constant`: its time does not depend on how long the arguments are."""

        def register(body: Body) -> Body:
            for signature in signatures:
                name, slots = _read(signature)
                self._overloads.setdefault(name, []).append(Overload(slots, body, frame, constant))
            return body

        return register

    def builtins(self) -> dict[str, Builtin]:
        return {name: builtin(name, overloads) for name, overloads in self._overloads.items()}


def _read(signature: str) -> tuple[str, tuple[Slot, ...]]:
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        raise ValueError(f"Expected a signature, but found {signature!r}.")
    return match["name"], tuple(_slot(part.strip()) for part in match["parameters"].split(",") if part.strip())


def _slot(text: str) -> Slot:
    name, _, kind = text.partition(": ")
    classes = frozenset[type]().union(*(_KINDS[part] for part in kind.split("|")))
    return Slot(name.strip("*?"), classes, kind, optional=name.endswith("?"), variadic=name.startswith("*"))
