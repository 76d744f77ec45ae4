"""Calling functions (DMN 1.5, 10.3.2.13.6): built-in ones, those an expression defines, and those DMN brings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.feel.frame import LONG_CLASSES, MAX_DEPTH, STEPS_OF_A_LIMIT, Failure, Frame, LimitExceeded, ReasonKind, weight
from app.feel.remedies import reasons
from app.feel.text import shown
from app.feel.tokens import NOWHERE, Span
from app.feel.types import ANY, coerce
from app.feel.values import Builtin, Function, Parameter, type_name

MISSING = object()
"""Stands for an argument that was not given."""

_STEPS_OF_A_BUILTIN = 2


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter of a built-in function: the classes that it takes, and how others become one of them."""

    name: str
    classes: frozenset[type]
    kind: str
    optional: bool = False
    variadic: bool = False

    def admit(self, value: object) -> object:
        """`value` as this parameter takes it, or MISSING where it does not (10.3.2.9.4)."""
        if value.__class__ in self.classes:
            return value
        if value.__class__ is list and len(value) == 1 and value[0].__class__ in self.classes:
            return value[0]
        if list in self.classes and value is not None:
            return [value]
        return MISSING


@dataclass(frozen=True, slots=True)
class Overload:
    """One form of a built-in function. `body` is called with one argument for each slot, the frame first if it asks."""

    slots: tuple[Slot, ...]
    body: Callable[..., object]
    needs_frame: bool
    is_constant: bool = False  # it takes the same time however long its arguments are

    def takes(self, count: int) -> bool:
        """Whether it can be called with this many arguments, by position."""
        least = sum(not (slot.optional or slot.variadic) for slot in self.slots)
        return least <= count and (count <= len(self.slots) or bool(self.slots and self.slots[-1].variadic))

    def bind(self, arguments: Sequence[object]) -> list[object] | None:
        """The arguments as `body` takes them; None where they do not fit."""
        slots = self.slots
        if slots and slots[-1].variadic:
            slots = (*slots[:-1], *(slots[-1] for _ in range(len(arguments) - len(slots) + 1)))
        if len(arguments) > len(slots):
            return None
        bound: list[object] = []
        for index, slot in enumerate(slots):
            value = arguments[index] if index < len(arguments) else MISSING
            if value is not MISSING:
                value = slot.admit(value)
            elif slot.optional:
                value = None
            if value is MISSING:
                return None
            bound.append(value)
        return bound

    def ordered(self, named: Mapping[str, object]) -> list[object] | None:
        """Named arguments by position; None where a name is not a parameter. A missing one that may be null is null."""
        names = [slot.name for slot in self.slots]
        if any(name not in names for name in named):
            return None
        missing = [MISSING if slot.optional or type(None) not in slot.classes else None for slot in self.slots]
        arguments = [named.get(name, default) for name, default in zip(names, missing, strict=True)]
        if self.slots and self.slots[-1].variadic and type(arguments[-1]) is list:
            return [*arguments[:-1], *arguments[-1]]
        return arguments


def builtin(name: str, overloads: Sequence[Overload]) -> Builtin:
    """The built-in function `name`, which takes what one of its overloads takes."""

    def body(frame: Frame, *arguments: object) -> object:
        return call_builtin(frame, NOWHERE, made, arguments)

    parameters = tuple(Parameter(slot.name, ANY) for slot in overloads[0].slots)
    made = Builtin(name, parameters, body, ANY, tuple(overloads))
    return made


def call_builtin(frame: Frame, span: Span, function: Builtin, arguments: Sequence[object]) -> object:
    """The answer of the first overload that takes the arguments; null with a reason where there is none or it fails."""
    for overload in function.overloads:
        bound = overload.bind(arguments)
        if bound is not None:
            return _run(frame, span, function, overload, bound)
    _does_not_take(frame, span, function, arguments)
    return None


def call_builtin_named(frame: Frame, span: Span, function: Builtin, named: Mapping[str, object]) -> object:
    """Like `call_builtin`, with arguments by name. Where overloads differ in the order of the same names, as in
    ``before(point, range)``, the order of the names tells which is meant."""
    written = list(named)
    for overload in sorted(function.overloads, key=lambda one: [slot.name for slot in one.slots] != written):
        arguments = overload.ordered(named)
        bound = None if arguments is None else overload.bind(arguments)
        if bound is not None:
            return _run(frame, span, function, overload, bound)
    _does_not_take(frame, span, function, list(named.values()))
    return None


def _run(frame: Frame, span: Span, function: Builtin, overload: Overload, bound: list[object]) -> object:
    if frame.shared:
        frame = frame.counting()
    steps = _STEPS_OF_A_BUILTIN
    weighs = not overload.is_constant
    if weighs:
        for value in bound:
            if value.__class__ in LONG_CLASSES:
                steps += weight(value)
    frame.spend(steps)
    try:
        result = overload.body(frame, *bound) if overload.needs_frame else overload.body(*bound)
    except Failure as failure:
        frame.note(failure.kind, f"{function.name}: {failure.message}", span, _telling(function.name, failure))
        if failure.kind is ReasonKind.LIMIT:
            frame.spend(STEPS_OF_A_LIMIT)
    except (ArithmeticError, ValueError):
        message = f"{function.name}: Expected a result within FEEL's numbers, but found one beyond them."
        frame.note(ReasonKind.OUT_OF_RANGE, message, span)
    else:
        if weighs and result.__class__ in LONG_CLASSES:
            frame.spend(weight(result))
        return result
    return None


def _telling(name: str, failure: Failure) -> Callable[[], str] | None:
    remedy = failure.remedy
    return None if remedy is None else lambda: f"{name}: {failure.message} {remedy()}"


def _does_not_take(frame: Frame, span: Span, function: Builtin, arguments: Sequence[object]) -> None:
    if frame.reasons is None:
        return
    forms = " or ".join(
        "(" + ", ".join(f"{slot.name}: {slot.kind}{'?' if slot.optional else ''}" for slot in overload.slots) + ")"
        for overload in function.overloads
    )
    found = ", ".join(map(type_name, arguments)) or "none"
    kind = ReasonKind.NULL_OPERAND if None in arguments else ReasonKind.WRONG_ARGUMENTS
    expected = f"Expected arguments {function.name}{forms}"
    frame.note(kind, f"{expected}, but found {found}.", span, lambda: _misfit(expected, function.name, arguments))


def _misfit(expected: str, name: str, arguments: Sequence[object]) -> str:
    message = f"{expected}, but found {', '.join(map(shown, arguments)) or 'none'}."
    remedy = reasons.of_arguments(name, arguments)
    return f"{message} {remedy}" if remedy else message


def call(
    frame: Frame,
    function: object,
    positional: Sequence[object] = (),
    named: Mapping[str, object] | None = None,
    span: Span = NOWHERE,
) -> object:
    """Call a function value; null with a reason where it is none or where the arguments do not fit.

    Arguments are coerced to the parameters' types and the answer to the result's type (10.3.2.9.4). An argument that
    does not fit makes the call null: the function is not asked (10.3.2.13.1).
    """
    if not isinstance(function, Function):
        kind = ReasonKind.UNKNOWN_FUNCTION
        message = f"Expected a function, but found {type_name(function)}."
        frame.note(kind, message, span, lambda: f"Expected a function, but found {shown(function)}.")
        return None
    if type(function) is Builtin:
        if named is None:
            return call_builtin(frame, span, function, positional)
        return call_builtin_named(frame, span, function, named)
    arguments = _arranged(function.parameters, positional, named)
    if arguments is None:
        expected = ", ".join(parameter.name for parameter in function.parameters) or "no arguments"
        found = ", ".join(named) if named is not None else f"{len(positional)} values"
        frame.note(ReasonKind.WRONG_ARGUMENTS, f"Expected the arguments {expected}, but found {found}.", span)
        return None
    frame = frame.counting()
    frame.spend(function.steps)
    if frame.depth >= MAX_DEPTH:
        raise LimitExceeded(f"Expected calls that nest at most {MAX_DEPTH} deep, but found deeper ones.")
    coerced = []
    for value, parameter in zip(arguments, function.parameters, strict=True):
        fitting = value if parameter.type is ANY else coerce(value, parameter.type, frame, frame.budget)
        if fitting is None and value is not None:
            return None
        coerced.append(fitting)
    frame.depth += 1
    try:
        result = function.body(frame, *coerced)
    finally:
        frame.depth -= 1
    return result if function.result is ANY else coerce(result, function.result, frame, frame.budget)


def _arranged(
    parameters: Sequence[Parameter], positional: Sequence[object], named: Mapping[str, object] | None
) -> Sequence[object] | None:
    if named is None:
        return positional if len(positional) == len(parameters) else None
    names = [parameter.name for parameter in parameters]
    if len(named) != len(names) or any(name not in named for name in names):
        return None
    return [named[name] for name in names]


def as_builtin_or_value(value: object, builtin: Builtin | None) -> object:
    """What a call means: the variable's function, or else the built-in function of that name."""
    return value if builtin is None or isinstance(value, Function) else builtin
