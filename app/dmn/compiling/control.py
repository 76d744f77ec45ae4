"""Boxed conditional, filter, for, some and every (DMN 1.5, 10.2.2.8 to 10.2.2.11).

Where FEEL's own ``if`` counts everything but true as false, the boxed forms answer null to a test that is not a
boolean.
"""

from collections.abc import Sequence

from app.dmn.compiling.unit import Compiled, Scope, Unit, inner, shared_type
from app.dmn.frames import DecisionFrame
from app.dmn.model import Conditional, Filter, For, Quantified
from app.dmn.reasons import Place
from app.feel import ReasonKind, types
from app.feel.access import domain
from app.feel.tokens import NOWHERE
from app.feel.types import Type
from app.feel.values import type_name


def compile_conditional(unit: Unit, expression: Conditional, scope: Scope) -> Compiled:
    """Null counts as false; a condition of another type than boolean yields null."""
    condition = unit.expression(expression.condition, scope).logic
    then = unit.expression(expression.then, scope)
    otherwise = unit.expression(expression.otherwise, scope)
    then_logic, otherwise_logic = then.logic, otherwise.logic
    place = unit.place(expression.condition)

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        verdict = condition(frame, variables)
        if verdict is True:
            return then_logic(frame, variables)
        if verdict is False or verdict is None:
            return otherwise_logic(frame, variables)
        _not_boolean(frame, verdict, place)
        return None

    return Compiled(logic, shared_type([then, otherwise]))


def compile_filter(unit: Unit, expression: Filter, scope: Scope) -> Compiled:
    """The elements for which the match is true, as a list."""
    source = unit.expression(expression.source, scope)
    element = _element_type(source.type)
    members = element.entries if isinstance(element, types.ContextType) else {}
    match = unit.expression(expression.match, inner(scope, {"item": element, **members})).logic
    source_logic = source.logic
    place = unit.place(expression.match)

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        value = source_logic(frame, variables)
        elements = value if type(value) is list else [] if value is None else [value]
        chosen: list[object] = []
        frame.spend(len(elements))
        for item in elements:
            own = item if isinstance(item, dict) else {}
            verdict = match(frame, {**variables, "item": item, **own})
            if verdict is True:
                chosen.append(item)
            elif verdict is not False and verdict is not None:
                _not_boolean(frame, verdict, place)
                return None
        return chosen

    return Compiled(logic, types.ListType(element))


def compile_for(unit: Unit, expression: For, scope: Scope) -> Compiled:
    """One result an element; `partial` holds the results so far."""
    source = unit.expression(expression.source, scope)
    variable = expression.variable
    names: dict[str, Type] = {"partial": types.ANY, variable: _element_type(source.type)}
    result = unit.expression(expression.result, inner(scope, names))
    source_logic, result_logic = source.logic, result.logic
    place = unit.place(expression.source)

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        elements = _domain(frame, source_logic(frame, variables), place)
        if elements is None:
            return None
        results: list[object] = []
        for item in elements:
            frame.spend(1 + len(results) // 64)  # the copy costs too
            results.append(result_logic(frame, {**variables, "partial": results[:], variable: item}))
        return results

    return Compiled(logic, types.ListType(result.type))


def compile_quantified(unit: Unit, expression: Quantified, scope: Scope) -> Compiled:
    """Some is the disjunction, every the conjunction of the tests, in three-valued logic."""
    source = unit.expression(expression.source, scope)
    variable, every = expression.variable, expression.every
    satisfies = unit.expression(expression.satisfies, inner(scope, {variable: _element_type(source.type)})).logic
    source_logic = source.logic
    source_place, place = unit.place(expression.source), unit.place(expression.satisfies)

    def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
        elements = _domain(frame, source_logic(frame, variables), source_place)
        if elements is None:
            return None
        frame.spend(len(elements))
        verdicts: set[bool | None] = set()
        for item in elements:
            verdict = satisfies(frame, {**variables, variable: item})
            if verdict is not None and not isinstance(verdict, bool):
                _not_boolean(frame, verdict, place)
                return None
            if verdict is (not every):
                return verdict
            verdicts.add(verdict)
        return None if None in verdicts else every

    return Compiled(logic, types.BOOLEAN)


def _domain(frame: DecisionFrame, value: object, place: Place) -> Sequence[object] | None:
    """What an iteration visits: the elements of a list, the integers or dates of a range, or a scalar itself."""
    frame.place = place
    return domain(frame, NOWHERE, value)


def _not_boolean(frame: DecisionFrame, value: object, place: Place) -> None:
    frame.place = place
    frame.note(ReasonKind.WRONG_TYPE, f"Expected a boolean, but found {type_name(value)}.")


def _element_type(source: Type) -> Type:
    source = types.resolved(source)
    while isinstance(source, types.Restricted):
        source = types.resolved(source.base)
    return types.resolved(source.element) if isinstance(source, types.ListType) else source
