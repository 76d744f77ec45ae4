"""Texts of a diagram that have a value at run time: FEEL, or a literal; and the script engine that SpiffWorkflow asks.

No Python from a diagram is ever executed: `FeelScriptEngine` replaces SpiffWorkflow's engine and its environment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment

from app import feel
from app.bpmn.extensions import Expression
from app.engine.obstacle import IncidentKind, Obstacle


class Viewpoint(Protocol):
    """Where an expression is evaluated: a token, with the variables that it sees."""

    def lookup(self, names: Iterable[str]) -> dict[str, object]:
        """The visible values of these variables; a name without a variable is left out."""
        ...

    @property
    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Formula:
    """`expression` is None for a literal, whose value is `text`."""

    text: str
    expression: feel.Expression | None = None

    @classmethod
    def compile(cls, source: Expression) -> "Formula":
        """Raises feel.FeelSyntaxError."""
        return cls(source.text, feel.compile(source.text) if source.is_feel else None)

    @property
    def names(self) -> frozenset[str]:
        """The variables that the expression reads."""
        return self.expression.names if self.expression else frozenset()

    def constant(self) -> object:
        """The value without any variable, for texts that must not depend on an instance."""
        return self.expression.evaluate({}) if self.expression else self.text

    def __str__(self) -> str:
        return f"={self.text}" if self.expression else self.text


class FeelEnvironment(TaskDataEnvironment):  # type: ignore[misc]  # SpiffWorkflow has no types
    """SpiffWorkflow reaches the environment directly in places; nothing there may evaluate Python."""

    def evaluate(
        self, expression: str, context: Mapping[str, object], external_context: Mapping[str, object] | None = None
    ) -> object:
        return feel.compile(expression).evaluate({**(external_context or {}), **context})

    def execute(self, script: str, context: Mapping[str, object], external_context: object = None) -> bool:
        raise NotImplementedError("Scripts run as FEEL expressions of the script task.")


class FeelScriptEngine(PythonScriptEngine):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Evaluates formulas against the variables that a token sees."""

    def __init__(self) -> None:
        super().__init__(FeelEnvironment())

    def validate(self, expression: str) -> None:
        feel.compile(expression)

    def evaluate(
        self, task: Viewpoint, expression: Formula, external_context: Mapping[str, object] | None = None
    ) -> object:
        return with_reasons(task, expression, external_context)[0]


def with_reasons(
    token: Viewpoint, formula: Formula, extra: Mapping[str, object] | None = None
) -> tuple[object, list[str]]:
    """The value and, where it is null, why."""
    if formula.expression is None:
        return formula.text, []
    known = token.lookup(formula.expression.names)
    if extra:
        known.update(extra)
    reasons: list[feel.Reason] = []
    value = formula.expression.evaluate(known, reasons=reasons, now=token.now)
    return value, [reason.message for reason in reasons]


def evaluate(token: Viewpoint, formula: Formula, extra: Mapping[str, object] | None = None) -> object:
    """The FEEL value; null where the expression has none."""
    return with_reasons(token, formula, extra)[0]


def json_value(token: Viewpoint, formula: Formula, extra: Mapping[str, object] | None = None) -> object:
    """The value as a process variable holds it."""
    return feel.to_json(evaluate(token, formula, extra))


def condition(token: Viewpoint, formula: Formula, extra: Mapping[str, object] | None = None) -> bool:
    """The value of a condition. Raises Obstacle if it is not a boolean."""
    value, reasons = with_reasons(token, formula, extra)
    if isinstance(value, bool):
        return value
    raise Obstacle(IncidentKind.CONDITION, misfit("a boolean", formula, value, reasons))


def text(token: Viewpoint, formula: Formula, what: str, kind: IncidentKind = IncidentKind.EXPRESSION) -> str:
    """The value as text: strings and numbers. Raises Obstacle if it is anything else; `what` names what it is for."""
    value, reasons = with_reasons(token, formula)
    if isinstance(value, str):
        return value
    if value is not None and not isinstance(value, bool | list | dict):
        return feel.text_of(value)
    raise Obstacle(kind, misfit(f"a text for the {what}", formula, value, reasons))


def optional_text(token: Viewpoint, formula: Formula | None, what: str) -> str | None:
    """Like `text`, but null where there is no formula or its value is null."""
    if formula is None:
        return None
    value = evaluate(token, formula)
    return None if value is None else text(token, formula, what)


def misfit(expected: str, formula: Formula, value: object, reasons: list[str]) -> str:
    """The wording of an incident: what was expected, what was found, of which expression, and why."""
    why = f" ({'; '.join(reasons)})" if reasons else ""
    return f'Expected {expected}, but the expression "{formula}" is {feel.text_of(value)}{why}.'
