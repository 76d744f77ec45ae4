"""The names that compiled code may call, and those small pieces of its run time that belong to no other file."""

from collections.abc import Callable, Mapping
from decimal import Decimal, getcontext

from app.feel import access, calls, operators
from app.feel.frame import Frame, ReasonKind, opened
from app.feel.from_python import from_python
from app.feel.remedies import reasons
from app.feel.tokens import Span
from app.feel.types import ANY, Type, conforms
from app.feel.values import ARITHMETIC, ENTERED, Function, Parameter, Range

ABSENT = object()
"""The value of a variable that is missing, until somebody asks for it."""


def admit(frame: Frame, span: Span, variables: Mapping[str, object], name: str) -> object:
    """The variable `name` as a FEEL value; null with a reason where there is none."""
    value = variable_or(frame, variables, name, ABSENT)
    if value is not ABSENT:
        return value
    missing(frame, span, variables, name)
    return None


def missing(frame: Frame, span: Span, variables: Mapping[str, object], name: str) -> None:
    if frame.reasons is None:
        return
    message = f"Expected a variable {name}, but found none."
    frame.note(ReasonKind.UNKNOWN_NAME, message, span, lambda: _joined(message, reasons.of_name(name, span, variables)))


def _joined(message: str, remedy: str) -> str:
    return f"{message} {remedy}" if remedy else message


def variable_or(frame: Frame, variables: Mapping[str, object], name: str, otherwise: object) -> object:
    """The variable `name`, or else what stands for it, such as the built-in function of the same name."""
    value = variables.get(name, ABSENT)
    return otherwise if value is ABSENT else value if frame.trusted else from_python(value)


def is_defined(frame: Frame, value: Callable[[], object]) -> bool:
    """``is defined(value)``: that it is null is the answer, and no reason for one."""
    frame.charge(1)
    before = frame.kept()
    if value() is not None:
        return True
    frame.forget(before)
    return False


def get_or_else(frame: Frame, value: Callable[[], object], default: Callable[[], object]) -> object:
    """``get or else(value, default)``: where the default helps, nobody asks why the value is null."""
    frame.charge(1)
    before = frame.kept()
    found = value()
    if found is None:
        found = default()
        if found is not None:
            frame.forget(before)
    return found


def instance_of(frame: Frame, value: object, type_: Type) -> bool:
    return conforms(value, type_, frame.budget)


def function(parameters: tuple[Parameter, ...], body: Callable[..., object], steps: int) -> Function:
    return Function("", parameters, body, ANY, steps)


def external_function(frame: Frame, span: Span, parameters: tuple[Parameter, ...], mapping: object) -> Function | None:
    return frame.external(parameters, mapping, span)


def unknown_function(frame: Frame, span: Span, name: str) -> None:
    message = f"Expected a known function, but found {name}."
    frame.note(ReasonKind.UNKNOWN_FUNCTION, message, span, lambda: _joined(message, reasons.of_name(name, span, ())))


def invalid(frame: Frame, span: Span, message: str) -> None:
    frame.note(ReasonKind.INVALID_VALUE, message, span)


def duplicate_key(frame: Frame, span: Span) -> None:
    frame.note(ReasonKind.INVALID_VALUE, "Expected different keys in a context, but found one twice.", span)


def comparing(frame: Frame, span: Span, operator: str, endpoint: object) -> Range | None:
    """``(< endpoint)`` as a value."""
    if endpoint is None or (
        operator not in ("=", "!=") and isinstance(endpoint, bool | list | dict | Range | Function)
    ):
        frame.note(ReasonKind.WRONG_TYPE, "Expected an endpoint that has an order, but found none.", span)
        return None
    return Range.comparing(operator, endpoint)


def any_true(verdicts: tuple[bool | None, ...]) -> bool | None:
    return True if True in verdicts else None if None in verdicts else False


def none_true(verdicts: tuple[bool | None, ...]) -> bool | None:
    verdict = any_true(verdicts)
    return None if verdict is None else not verdict


def _filtered(  # noqa: PLR0917 - compiled code passes everything by position
    frame: Frame, span: Span, value: object, condition: Callable[[object], object], steps: int, constant: object
) -> object:
    return access.filtered(frame, span, value, condition, steps, constant=constant is True)


def _quantified(  # noqa: PLR0917 - as above
    frame: Frame, span: Span, domains: tuple[access.Domain, ...], body: Callable[..., object], steps: int, every: object
) -> object:
    return access.quantified(frame, span, domains, body, steps, every=every is True)


def _each_of(
    frame: Frame, domains: tuple[access.Domain, ...], body: Callable[..., object], steps: int, partial: object
) -> object:
    return access.each_of(frame, domains, body, steps, partial=partial is True)


GLOBALS: Mapping[str, object] = {
    "__builtins__": {},
    "Decimal": Decimal,
    "str": str,
    "bool": bool,
    "dict": dict,
    "ABSENT": ABSENT,
    "LOST": (ArithmeticError, KeyError),
    "getcontext": getcontext,
    "ENTERED": ENTERED,
    "ADD": ARITHMETIC.add,
    "SUBTRACT": ARITHMETIC.subtract,
    "MULTIPLY": ARITHMETIC.multiply,
    "DIVIDE": ARITHMETIC.divide,
    "POWER": operators.power,
    "MINUS": ARITHMETIC.minus,
    **{
        function.__name__: function
        for function in (
            operators.arithmetic,
            operators.negate,
            operators.equals,
            operators.differs,
            operators.less,
            operators.less_or_equal,
            operators.greater,
            operators.greater_or_equal,
            operators.between,
            operators.member_of,
            operators.satisfies,
            operators.answered,
            operators.within_range,
            operators.both,
            operators.either,
            operators.make_range,
            access.member,
            access.at_index,
            access.domain,
            access.steps,
            access.each,
            calls.call,
            calls.call_builtin,
            calls.call_builtin_named,
            calls.as_builtin_or_value,
            instance_of,
            admit,
            opened,
            variable_or,
            missing,
            is_defined,
            get_or_else,
            invalid,
            function,
            external_function,
            unknown_function,
            duplicate_key,
            comparing,
            any_true,
            none_true,
        )
    },
    "filtered": _filtered,
    "quantified": _quantified,
    "each_of": _each_of,
}
"""All that compiled code can reach, besides its own constants. It has no builtins of Python."""
