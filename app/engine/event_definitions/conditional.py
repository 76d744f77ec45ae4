"""Conditions over variables. A conditional event triggers when its condition becomes true; null counts as false."""

from dataclasses import dataclass
from typing import ClassVar

from app.engine import formulas
from app.engine.formulas import Formula
from app.engine.token import Token
from app.engine.waits import Change, Wait, WaitKind


@dataclass(frozen=True, slots=True)
class ConditionCatch:
    waits_for: ClassVar[WaitKind] = WaitKind.CONDITION
    condition: Formula
    names: frozenset[str] = frozenset()  # empty: every variable
    happenings: frozenset[str] = frozenset()  # of "create" and "update"; empty: both

    def wait(self, token: Token, element_id: str, index: int) -> Wait:
        return Wait(token.workflow.new_id(), WaitKind.CONDITION, element_id, index)

    def concerns(self, token: Token, changes: list[Change]) -> bool:
        """Whether one of the changes is of a variable that the token sees and the filter admits."""
        visible = {scope.id for scope in token.ancestors()}
        return any(
            change.scope_id in visible
            and (not self.names or change.name in self.names)
            and (not self.happenings or ("create" if change.is_new else "update") in self.happenings)
            for change in changes
        )

    def holds(self, token: Token) -> bool:
        return formulas.evaluate(token, self.condition) is True
