"""Functions as values: business knowledge models, boxed functions, and what is defined outside of FEEL."""

from collections.abc import Mapping

from app import feel
from app.dmn.compiling.unit import Compiled, Unit
from app.dmn.frames import DecisionFrame, Logic
from app.dmn.model import FunctionDefinition, FunctionKind
from app.dmn.reasons import DecisionReasonKind
from app.feel import types
from app.feel.types import Type

_STEPS_A_CALL = 9
"""What a call takes from the budget of steps, besides the one that FEEL counts: logic is more work than an operator."""


def function_value(
    name: str, parameters: Mapping[str, Type], body: Logic, result: Type, variables: Mapping[str, object]
) -> feel.Function:
    """A function that runs `body` with its arguments beside `variables`, which it closes over."""
    names = tuple(parameters)

    def run(frame: DecisionFrame, *arguments: object) -> object:
        frame.spend(_STEPS_A_CALL)
        place = frame.place
        try:
            return body(frame, {**variables, **dict(zip(names, arguments, strict=True))})
        finally:
            frame.place = place

    return feel.Function(name, tuple(feel.Parameter(*one) for one in parameters.items()), run, result)


def compile_external(unit: Unit, definition: FunctionDefinition, mapping: Compiled) -> Compiled:
    """A function that the host defines (10.3.2.13.3): `mapping` yields the context that says which.

    Only functions of the explicit registry can be reached; any other yields null with a reason.
    """
    place = unit.place(definition)
    if definition.kind is not FunctionKind.JAVA:
        message = f"Expected a function in FEEL or Java, but found {definition.kind}."
        return unit.null(place, DecisionReasonKind.NOT_SUPPORTED, message)
    parameters = tuple(feel.Parameter(*one) for one in unit.parameters(definition.parameters).items())
    mapping_logic = mapping.logic

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        found = mapping_logic(frame, variables)
        frame.place = place
        return frame.external(parameters, found)

    return Compiled(logic, types.FunctionType(tuple(one.type for one in parameters), types.ANY))
