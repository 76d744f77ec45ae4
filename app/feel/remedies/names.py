"""What to write instead of a name that nobody knows: a near one, a constant, a text in quotation marks, a function."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.feel.function_names import EXTENSION_NAMES, FUNCTION_NAMES, STANDARD_NAMES
from app.feel.names import Scope
from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.elsewhere import ANYTHING, CONSTANTS, FUNCTIONS, METHODS, YES, is_example, written
from app.feel.remedies.near import is_same_but_for_form, listed, near
from app.feel.remedies.spots import Use

_CURRENCY_SIGNS = "€£¥₽₹"


@dataclass(frozen=True, slots=True)
class Instead:
    """What to write; `corrected` is the text to put in its place, None where that is not certain."""

    mistake: Mistake
    remedy: str
    corrected: str | None = None


def instead_of_name(name: str, known: Iterable[str], use: Use = Use.EXPRESSION) -> Instead | None:
    """The remedy for a variable that is not among the `known` ones; None where nothing is known about it."""
    constant = _constant(name, use)
    if constant is not None:
        return constant
    found = near(name, known)
    if found and is_same_but_for_form(name, found[0]):
        return _certain(Mistake.SPELLING, name, found[0])
    if name in YES:
        remedy = Mistake.YES.sentence(f"`{name}`", f"`{YES[name]}`", f'`"{name}"`')
        return Instead(Mistake.YES, remedy, YES[name] if use is Use.EXPRESSION else None)
    if found:
        remedy = Mistake.SPELLING_CHOICE.sentence(f"`{name}`", listed([f"`{one}`" for one in found]))
        return Instead(Mistake.SPELLING_CHOICE, remedy, found[0] if len(found) == 1 else None)
    if use is Use.EXPRESSION:
        return None
    return Instead(Mistake.TEXT_WITHOUT_QUOTES, Mistake.TEXT_WITHOUT_QUOTES.sentence("", f'`"{name}"`'), f'"{name}"')


def _constant(name: str, use: Use) -> Instead | None:
    """``True``, ``None``, ``€5``, and in a cell ``any``."""
    if name in CONSTANTS:
        return _certain(Mistake.CONSTANT, name, CONSTANTS[name])
    amount = name.strip(_CURRENCY_SIGNS)
    if amount != name and amount.isdecimal():
        return _certain(Mistake.CURRENCY, name, amount)
    return _certain(Mistake.ANYTHING, name, "-") if use is Use.INPUT_CELL and name in ANYTHING else None


def instead_of_function(name: str, scope: Scope | None = None, arguments: Sequence[str] = ()) -> Instead | None:
    """The remedy for a call of a function that there is not, with the `arguments` as they are written, if known."""
    functions = STANDARD_NAMES if scope is not None and not scope.extensions else FUNCTION_NAMES - {"and", "or"}
    known = [*functions, *(scope.variables if scope is not None else ())]
    found = near(name, known)
    if found and is_same_but_for_form(name, found[0]):
        call = f"{found[0]}({', '.join(arguments)})"
        return _certain(Mistake.SPELLING, name, call if arguments else f"{found[0]}(…)")
    form = FUNCTIONS.get(name.lower())
    if form is not None and _is_available(form, scope):
        certain = bool(arguments) and not is_example(form)
        return _certain(Mistake.FUNCTION_ELSEWHERE, f"{name}()", written(form, arguments), certain)
    if not found:
        return None
    return Instead(
        Mistake.SPELLING_CHOICE, Mistake.SPELLING_CHOICE.sentence("", listed([f"`{one}(…)`" for one in found]))
    )


def instead_of_method(member: str, scope: Scope | None = None, arguments: Sequence[str] = ()) -> Instead | None:
    """The remedy for ``value.member(…)``; the first of `arguments` is the value."""
    form = METHODS.get(member.lower())
    counted = _counted_from_zero(member, arguments)
    if counted is not None:
        return _certain(Mistake.METHOD, f".{member}()", counted)
    if form is not None and _is_available(form, scope):
        return _certain(
            Mistake.METHOD, f".{member}()", written(form, arguments), bool(arguments) and not is_example(form)
        )
    function = next((one for one in FUNCTION_NAMES if is_same_but_for_form(member, one) or one == member), None)
    if function is not None:
        call = f"{function}({', '.join(arguments or ('a',))})"
        return _certain(Mistake.METHOD, f".{member}()", call, bool(arguments))
    if member[:3] in ("get", "has") and member[3:4].isupper():
        path = f"{arguments[0] if arguments else 'a'}.{member[3:4].lower()}{member[4:]}"
        return _certain(Mistake.METHOD, f".{member}()", path, bool(arguments))
    return None


def _counted_from_zero(member: str, arguments: Sequence[str]) -> str | None:
    """``a.substring(0, 3)`` and ``list.get(0)``: positions that begin at 0 elsewhere."""
    value, *positions = arguments or ("",)
    if not positions or not all(position.isdecimal() for position in positions):
        return None
    first = int(positions[0]) + 1
    if member == "get" and len(positions) == 1:
        return f"{value}[{first}]"
    if member in ("substring", "slice") and len(positions) <= 2:
        function = "substring" if member == "substring" else "sublist"
        length = "" if len(positions) == 1 else f", {int(positions[1]) - first + 1}"
        return f"{function}({value}, {first}{length})"
    return None


def _is_available(form: str, scope: Scope | None) -> bool:
    return scope is None or scope.extensions or not any(form.startswith(name) for name in EXTENSION_NAMES)


def _certain(mistake: Mistake, found: str, instead: str, is_certain: bool = True) -> Instead:  # noqa: FBT001, FBT002
    return Instead(mistake, mistake.sentence(f"`{found}`", f"`{instead}`"), instead if is_certain else None)


__all__ = ["Instead", "instead_of_function", "instead_of_method", "instead_of_name"]
