"""Outputs of a decision table that are always null: of another type, not allowed, or never computable."""

from collections.abc import Iterator
from dataclasses import dataclass

from app import feel
from app.dmn.compiling.cell_misfits import Misfit, evaluated
from app.dmn.compiling.kinds import is_constant, kind_of
from app.dmn.compiling.remedies import for_type
from app.dmn.compiling.unit import Scope, never_fits
from app.dmn.model import LiteralExpression
from app.dmn.tables.cells import literal_value
from app.dmn.temporal_texts import unrestricted as plain
from app.dmn.types import Constraint
from app.dmn.wording import in_short
from app.feel import types
from app.feel.types import Type


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """What a column of outputs declares: its type, and the values that it lists, if it lists any."""

    type: Type
    allowed: Constraint | None
    scope: Scope

    def misfits(self, entry: LiteralExpression) -> Iterator[Misfit]:
        """Why an output is always null, if it is."""
        is_literal, value = literal_value(entry.text)
        if is_literal:
            yield from self._of_value(entry.text.strip(), value)
        elif entry.language is None and entry.text.strip():
            yield from self._of_expression(entry.text.strip(), entry.text)

    def _of_expression(self, shown: str, text: str) -> Iterator[Misfit]:
        try:
            node = feel.compile(text, self.scope).node
        except feel.FeelSyntaxError:
            return  # reported where it is compiled
        kind = kind_of(node, self.scope)
        if isinstance(kind, types.FunctionType) and is_constant(node):
            message = f"Expected a value, but found the function {shown}."
            yield Misfit(
                "dmn.output-type", message, f'Write "{shown}" in quotes, or call the function: {shown}(…).', node
            )
        elif is_constant(node):
            value, reasons = evaluated(text)
            if value is None and reasons:
                message = f"Expected an output, but found {shown}, which is always null: {reasons[0].message}"
                yield Misfit("dmn.always-null", message, for_type(shown, plain(self.type)), node)
            yield from self._of_value(shown, value)
        elif never_fits(kind, self.type):
            message = f"Expected an output of the type {self.type}, but found the type {kind}: {shown}."
            yield Misfit("dmn.output-type", message, for_type(shown, plain(self.type)), node)

    def _of_value(self, shown: str, value: object) -> Iterator[Misfit]:
        if value is None:
            return
        if types.coerce(value, self.type) is None:
            message = f"Expected an output of the type {self.type}, but found {in_short(value)}."
            yield Misfit("dmn.output-type", message, for_type(shown, plain(self.type)))
        elif self.allowed is not None and self.allowed.is_readable and not self.allowed.allows(value):
            listed = " ".join(self.allowed.text.split())
            message = f"Expected one of the output values {listed}, but found {in_short(value)}."
            yield Misfit("dmn.output-value", message, "Correct the output, or add it to the output values.")
