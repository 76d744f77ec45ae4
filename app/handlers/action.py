"""The decorator `action`, and the `Handler` that it makes of a function."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar, get_type_hints

from pydantic import BaseModel

from app.handlers import results, schema
from app.handlers.context import ActionContext, Verification
from app.handlers.exceptions import DataProblem
from app.job_types import MAXIMUM_LENGTH, is_job_type

Request = TypeVar("Request", bound=BaseModel)
Result = TypeVar("Result", bound=BaseModel)

DEFAULT_TIMEOUT_SECONDS = 30.0


class Effect(StrEnum):
    """What an action changes elsewhere: nothing, something that a person still looks at, or something final."""

    READ = "read"
    DRAFT = "draft"
    WRITE = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler(Generic[Request, Result]):
    """A task handler: the function, its types, its verification and its undo. Calling it calls the function."""

    name: str
    system: str
    effect: Effect
    title: str
    description: str
    timeout_seconds: float
    task_headers: Mapping[str, str]
    input_type: type[Request]
    output_type: type[Result]
    function: Callable[[Request, ActionContext], Result]
    verify_function: Callable[[Request, Result | None, ActionContext], Verification] | None
    undo_function: Callable[[Request, Result, ActionContext], BaseModel] | None

    def __call__(self, request: Request, context: ActionContext) -> Result:
        return self.function(request, context)

    @property
    def verified(self) -> bool:
        return self.verify_function is not None

    @property
    def reversible(self) -> bool:
        return self.undo_function is not None

    @property
    def input_schema(self) -> dict[str, object]:
        return schema.json_schema(self.input_type)

    @property
    def output_schema(self) -> dict[str, object]:
        return schema.json_schema(self.output_type)

    @property
    def result_kind(self) -> type[results.JobResult] | None:
        """What its jobs answer beside variables; None for those of a service task."""
        return results.kind_of(self.output_type)

    def answer(self, result: Mapping[str, object]) -> results.Answer:
        """The result of `perform`, or of a receipt, as variables and what else the job answers."""
        return results.answer(self.output_type, result)

    def check(self, variables: Mapping[str, object]) -> dict[str, object]:
        """The request as JSON, as the handler will see it. Raises `DataProblem` naming each field that does not fit."""
        return schema.write(schema.read(self.input_type, variables, self.name), self.name)

    def perform(self, variables: Mapping[str, object], context: ActionContext) -> dict[str, object]:
        """Do it: job variables in, result variables out.

        Raises what the handler raises, and `DataProblem` for variables that do not fit.
        """
        return schema.write(self.function(schema.read(self.input_type, variables, self.name), context), self.name)

    def verify(
        self, variables: Mapping[str, object], result: Mapping[str, object] | None, context: ActionContext
    ) -> Verification:
        """Ask the other system whether it happened. `result` is None before a retry: did it already happen?

        An action without verification is confirmed by its own answer, and by nothing where there was no answer.
        """
        if self.verify_function is None:
            return Verification(confirmed=result is not None, detail="This action has no verification.")
        request = schema.read(self.input_type, variables, self.name)
        receipt = None if result is None else schema.read(self.output_type, result, self.name)
        verification = self.verify_function(request, receipt, context)
        if verification.receipt is not None and not isinstance(verification.receipt, self.output_type):
            raise TypeError(
                f"Expected a receipt of type {self.output_type.__name__} from the verification of {self.name}, "
                f"but found {type(verification.receipt).__name__}."
            )
        return verification

    def undo(
        self, variables: Mapping[str, object], result: Mapping[str, object], context: ActionContext
    ) -> dict[str, object]:
        """Take it back. Raises `DataProblem` if the action cannot be undone."""
        if self.undo_function is None:
            raise DataProblem(f"{self.name} cannot be undone: its handler names no undo.")
        request = schema.read(self.input_type, variables, self.name)
        receipt = schema.read(self.output_type, result, self.name)
        return schema.write(self.undo_function(request, receipt, context), self.name)


def receipt_variables(verification: Verification) -> dict[str, object] | None:
    """The result variables of an effect that a verification has found, or None if it found no receipt."""
    return None if verification.receipt is None else schema.write(verification.receipt, "a verification")


class ActionDecorator(Protocol):
    """Makes a handler of a function and keeps its types."""

    def __call__(self, function: Callable[[Request, ActionContext], Result]) -> Handler[Request, Result]: ...


def action(
    name: str,
    *,
    system: str,
    effect: str,
    verify: Callable[..., Verification] | None = None,
    undo: Callable[..., BaseModel] | None = None,
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    title: str | None = None,
    task_headers: Mapping[str, str] | None = None,
) -> ActionDecorator:
    """Make a task handler of a function ``(request, context) -> result`` whose two types are pydantic models.

    `name` is the job type of the service task as the diagram writes it ("billing.refund", "fetchGoods"), `system` what
    the action touches (its circuit and its kill switch), `effect` "read", "draft" or "write".
    `verify(request, result or None, context)` reads the other system back; it is also asked before a retry, with None.
    `undo(request, result, context)` takes the effect back.
    `timeout_seconds` bounds one attempt. Title and description come from the function's docstring. `task_headers` are
    the headers of the diagram that the function reads from its context, each with what it means.

    Raises `TypeError` or `ValueError`, at import, for a function or a name that cannot be an action.
    """
    if not is_job_type(name):
        raise ValueError(
            f"Expected an action name of at most {MAXIMUM_LENGTH} characters in one line, without spaces around it "
            f"and a leading =, but found {name[:100]!r}."
        )
    if not system.strip():
        raise ValueError(f"Expected the system that {name} touches, but found none: circuits and switches name it.")
    if timeout_seconds <= 0:
        raise ValueError(f"Expected a time-out above 0 seconds for {name}, but found {timeout_seconds}.")

    def decorate(function: Callable[[Request, ActionContext], Result]) -> Handler[Request, Result]:
        input_type, output_type = _models_of(function, name)
        for what, other in (("verification", verify), ("undo", undo)):
            if other is not None:
                _check_companion(other, what, name, input_type)
        head, _, rest = (inspect.getdoc(function) or "").partition("\n")
        return Handler(
            name=name,
            system=system,
            effect=Effect(effect),
            title=title or head.rstrip(".") or name,
            description=rest.strip() or head,
            timeout_seconds=timeout_seconds,
            task_headers=dict(task_headers or {}),
            input_type=input_type,
            output_type=output_type,
            function=function,
            verify_function=verify,
            undo_function=undo,
        )

    return decorate


def _models_of(function: Callable[[Request, ActionContext], Result], name: str) -> tuple[type[Request], type[Result]]:
    parameters = list(inspect.signature(function).parameters)
    hints = get_type_hints(function)
    if len(parameters) != 2:
        raise TypeError(
            f"Expected the handler of {name} to take (request, context), but found {len(parameters)} arguments."
        )
    input_type, output_type = hints.get(parameters[0]), hints.get("return")
    for place, found in (("first argument", input_type), ("result", output_type)):
        if not (isinstance(found, type) and issubclass(found, BaseModel)):
            raise TypeError(f"Expected a pydantic model as the {place} of the handler of {name}, but found {found!r}.")
    return input_type, output_type  # type: ignore[return-value]  # checked one line above


def _check_companion(function: Callable[..., object], what: str, name: str, input_type: type[BaseModel]) -> None:
    """A verification or an undo takes (request, result, context), and the same request as its handler."""
    parameters = list(inspect.signature(function).parameters)
    if len(parameters) != 3:
        raise TypeError(
            f"Expected the {what} of {name} to take (request, result, context), but found {len(parameters)} arguments."
        )
    found = get_type_hints(function).get(parameters[0], input_type)
    if found is not input_type:
        raise TypeError(f"Expected the {what} of {name} to take a {input_type.__name__}, but found {found!r}.")
