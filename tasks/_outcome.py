"""What a connector's answer means to the process: the task headers that Camunda's connectors understand.

`resultVariable` takes the whole answer, `resultExpression` picks from it, `errorExpression` makes a BPMN error or a
failed job of it, `retryBackoff` is the pause before the next attempt. The expressions are read before anything is sent:
a mistake in one must not be found after the effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import RootModel

from app import feel
from app.handlers import ActionContext, ActionProblem, BpmnError, DataProblem, TransientProblem

TASK_HEADERS = {
    "resultVariable": "The variable that takes the whole answer.",
    "resultExpression": "FEEL: a context of variables, made of the response.",
    "errorExpression": "FEEL: bpmnError(code, message, variables), jobError(message, variables, retries) or null.",
    "retryBackoff": "The pause before the next attempt, such as PT30S.",
}
LONGEST_PAUSE_SECONDS = 30 * 24 * 3600.0

_NANOS_PER_SECOND = 1_000_000_000


class Variables(RootModel[dict[str, Any]]):
    """The variables that a connector's answer sets: what its task headers say."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that failed: Camunda's code of it ("404", "408"), and the problem that it is if no expression takes it."""

    code: str
    problem: ActionProblem


@dataclass(frozen=True, slots=True)
class JobError:
    """What an error expression says of a failed job: the attempts left and the pause, each if it says one."""

    message: str
    variables: Mapping[str, object]
    retries: int | None
    pause: object


@dataclass(frozen=True, slots=True)
class Outcome:
    """The task headers of one job, read."""

    context: ActionContext
    result_variable: str
    result: feel.Expression | None
    error: feel.Expression | None
    pause_seconds: float | None

    @classmethod
    def of(cls, context: ActionContext) -> "Outcome":
        """Raises `DataProblem` for an expression or a duration that cannot be read."""
        pause = context.headers.get("retryBackoff", "").strip()
        return cls(
            context=context,
            result_variable=context.headers.get("resultVariable", "").strip(),
            result=_expression(context, "resultExpression"),
            error=_expression(context, "errorExpression"),
            pause_seconds=_seconds(pause, "retryBackoff") if pause else None,
        )

    def of_answer(self, response: Mapping[str, object]) -> Variables:
        """The variables that the answer sets. Raises what the error expression makes of it."""
        self._examine({"response": response, "error": None})
        variables: dict[str, object] = {self.result_variable: response} if self.result_variable else {}
        if self.result is not None:
            picked = self._value(self.result, "resultExpression", {"response": response})
            if not isinstance(picked, dict):
                raise DataProblem(f"Expected a context from resultExpression, but found {feel.text_of(picked)[:200]}.")
            variables.update(picked)
        return Variables(variables)

    def of_failure(self, failure: Failure, response: Mapping[str, object] | None = None) -> ActionProblem:
        """The problem to raise. Raises what the error expression makes of the failure."""
        error = {"code": failure.code, "message": str(failure.problem), "variables": {"response": response}}
        self._examine({"response": response, "error": error})
        return self.paused(failure.problem)

    def paused(self, problem: ActionProblem) -> ActionProblem:
        """The problem, with the diagram's pause before the next attempt where there is one."""
        if self.pause_seconds is None or not isinstance(problem, TransientProblem):
            return problem
        longest = max(self.pause_seconds, problem.retry_after_seconds or 0)
        return TransientProblem(str(problem), longest, problem.retries)

    def _examine(self, scope: Mapping[str, object]) -> None:
        if self.error is None:
            return
        verdict = self._value(self.error, "errorExpression", scope)
        match verdict:
            case {"errorType": "bpmnError", "code": str(code), "message": str(message), "variables": dict(variables)}:
                raise BpmnError(code, message, variables)
            case {"errorType": "jobError", "message": str(message), "variables": dict(variables), **rest}:
                retries = rest.get("retries")
                left = int(retries) if isinstance(retries, Decimal) else None
                raise self._job_error(JobError(message, variables, left, rest.get("retryBackoff")))
            case None | False:
                return
            case {} if not verdict:
                return
        raise DataProblem(
            f"Expected bpmnError(…), jobError(…) or null from errorExpression, but found {feel.text_of(verdict)[:200]}."
        )

    def _job_error(self, told: JobError) -> ActionProblem:
        if told.retries is not None and told.retries <= 0:
            return DataProblem(told.message, {f"$.{name}": feel.text_of(item) for name, item in told.variables.items()})
        if told.pause is None:
            return self.paused(TransientProblem(told.message, None, told.retries))
        return TransientProblem(told.message, _seconds(told.pause, "jobError"), told.retries)

    def _value(self, expression: feel.Expression, header: str, scope: Mapping[str, object]) -> object:
        reasons: list[feel.Reason] = []
        given = {**self.context.variables, **FUNCTIONS, "job": {"retries": Decimal(self.context.retries)}, **scope}
        value = expression.evaluate(given, reasons=reasons, now=self.context.started_at)
        fault = next(filter(_is_fault, reasons), None)
        if value is None and fault is not None:
            raise DataProblem(f"Expected a value from {header}, but found none: {fault.message}")
        return feel.to_json(value)


def _is_fault(reason: feel.Reason) -> bool:
    """Whether a null is the expression's fault. That an answer lacks a member is none."""
    ours = any(name in reason.message for name in FUNCTIONS)
    return ours or reason.kind in (feel.ReasonKind.LIMIT, feel.ReasonKind.UNKNOWN_FUNCTION)


def _bpmn_error(code: object, message: object, variables: object = None) -> dict[str, object]:
    """End the task with the BPMN error `code`, which an error event may catch and which takes the variables along."""
    texts = {"code": feel.text_of(code), "message": "" if message is None else feel.text_of(message)}
    return {"errorType": "bpmnError", **texts, "variables": _context(variables)}


def _job_error(
    message: object, variables: object = None, retries: object = None, retry_backoff: object = None
) -> dict[str, object]:
    """Let the attempt fail: `retries` are left then (0: it stops), and the next waits for `retry_backoff`."""
    if retries is not None and not isinstance(retries, Decimal):
        raise TypeError("Expected a number of retries.")
    text = "" if message is None else feel.text_of(message)
    return {
        "errorType": "jobError",
        "message": text,
        "variables": _context(variables),
        "retries": retries,
        "retryBackoff": retry_backoff,
    }


def _context(value: object) -> dict[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError("Expected a context of variables.")
    return value


def _functions() -> feel.HostFunctions:
    """The two functions of an error expression; they are the connectors', and no part of the language."""
    functions = feel.HostFunctions()
    functions.register("bpmnError", _bpmn_error)
    names = ("message", "variables", "retries", "retryBackoff")
    functions.register("jobError", _job_error, parameters=dict.fromkeys(names, feel.types.ANY))
    return functions


FUNCTIONS = _functions()

_NAMES = (*FUNCTIONS, "response", "error", "job")


def _expression(context: ActionContext, header: str) -> feel.Expression | None:
    text = context.headers.get(header, "").strip().removeprefix("=").strip()
    if not text:
        return None
    try:
        return feel.compile(text, [*context.variables, *_NAMES])
    except feel.FeelSyntaxError as error:
        raise DataProblem(f"Expected FEEL in the task header {header}, but found a mistake: {error}") from None


def _seconds(duration: object, where: str) -> float:
    """An ISO 8601 duration of days and less, as text or as a FEEL value that became text."""
    value = feel.evaluate("duration(text)", {"text": str(duration)})
    if not isinstance(value, feel.DaysAndTime) or value.nanos < 0:
        raise DataProblem(f'Expected a duration such as PT30S in {where}, but found "{duration}".')
    return min(value.nanos / _NANOS_PER_SECOND, LONGEST_PAUSE_SECONDS)
