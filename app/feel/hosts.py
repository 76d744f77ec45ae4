"""Functions of the host: an explicit registry, and no other way from an expression to Python."""

import inspect
from collections.abc import Callable, Iterator, Mapping

from app.feel.calls import Overload, Slot, builtin
from app.feel.frame import FEEL_CLASSES, Failure, Frame, ReasonKind
from app.feel.from_python import from_python
from app.feel.types import ANY, Type
from app.feel.values import Function, Parameter


class HostFunctions(Mapping[str, Function]):
    """Python functions under FEEL names. Merge it into the variables of an evaluation, and its `types` into the scope.

    A function receives FEEL values by position and answers anything that `from_python` admits. If it raises
    `ValueError`,
    `TypeError` or `ArithmeticError`, the call is null with the exception's text as its reason; others are bugs and
    rise.
    """

    def __init__(self) -> None:
        self._functions: dict[str, Function] = {}

    def register(
        self,
        name: str,
        function: Callable[..., object],
        *,
        parameters: Mapping[str, Type] | None = None,
        result: Type = ANY,
    ) -> None:
        """Make `function` callable as `name`. Without `parameters`, the names are Python's, with spaces for
        underscores. What has a default in Python may be left out, and is null then; such a function is given values of
        any type, whatever `parameters` and `result` say.
        """
        if name in self._functions:
            raise ValueError(f"Expected a new name, but found {name} registered already.")
        signature = inspect.signature(function).parameters
        if parameters is None:
            parameters = {given.replace("_", " "): ANY for given in signature}
        may_miss = [given.default is not inspect.Parameter.empty for given in signature.values()]
        if any(may_miss):
            slots = tuple(
                Slot(parameter, FEEL_CLASSES, "any", optional=optional)
                for parameter, optional in zip(parameters, may_miss, strict=True)
            )
            self._functions[name] = builtin(name, [Overload(slots, _guarded(name, function), needs_frame=True)])
            return
        declared = tuple(Parameter(parameter, type_) for parameter, type_ in parameters.items())
        self._functions[name] = Function(name, declared, _guarded(name, function), result)

    def __getitem__(self, name: str) -> Function:
        return self._functions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)


def _guarded(name: str, function: Callable[..., object]) -> Callable[..., object]:
    def body(frame: Frame, *arguments: object) -> object:
        try:
            return from_python(function(*arguments))
        except Failure as failure:
            frame.note(failure.kind, f"{name}: {failure.message}")
        except (ValueError, TypeError, ArithmeticError) as problem:
            frame.note(ReasonKind.INVALID_VALUE, f"{name}: {problem}")
        return None

    return body
