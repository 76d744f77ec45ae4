"""What a decision table makes of the rules that match (DMN 1.5, 8.2.10): its hit policy, with the outputs at hand."""

from collections.abc import Callable, Iterable

from app import feel
from app.dmn.compiling.outputs import Outputs
from app.dmn.frames import DecisionFrame
from app.dmn.model import Aggregation, DecisionTable, HitPolicy
from app.dmn.reasons import DecisionReasonKind, Place
from app.dmn.tables import hit_policies
from app.dmn.tables.index import Matches
from app.feel import types

Choose = Callable[[DecisionFrame, dict[str, object], Matches], object]

OUTPUTS_A_STEP = 8
"""A table may be evaluated in a loop: a step of the budget pays for so many outputs."""


class Policy:
    """The hit policy of one table. `choose` answers the table's value for the rules that match.

    `needs_a_rule` tells whether that is null where none does.
    """

    def __init__(self, table: DecisionTable, outputs: Outputs, place: Place) -> None:
        self.table = table
        self.outputs = outputs
        self._place = place
        self.choose = self._choice()
        self.needs_a_rule = not outputs.has_default and _is_null_without_rules(table)

    def _choice(self) -> Choose:
        policies: dict[HitPolicy, Choose] = {
            HitPolicy.UNIQUE: self._unique,
            HitPolicy.FIRST: self._first,
            HitPolicy.ANY: self._any,
            HitPolicy.PRIORITY: self._priority,
            HitPolicy.RULE_ORDER: self._rule_order,
            HitPolicy.OUTPUT_ORDER: self._output_order,
            HitPolicy.COLLECT: self._collect,
        }
        return policies[self.table.hit_policy]

    def _unique(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        rule = matches.only()
        if rule is not None:
            return self.outputs.of_rule(rule)(frame, variables)
        if not matches:
            return self.outputs.default(frame, variables)
        message = f"Expected at most one matching rule, but found {_numbers(matches)}."
        frame.note_decision(DecisionReasonKind.SEVERAL_RULES, message, self._place)
        return None

    def _first(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        rule = matches.first()
        if rule is None:
            return self.outputs.default(frame, variables)
        return self.outputs.of_rule(rule)(frame, variables)

    def _any(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        if not matches:
            return self.outputs.default(frame, variables)
        found = self._all(frame, variables, matches)
        if hit_policies.agree(found, feel.equal):
            return found[0]
        message = f"Expected matching rules with equal outputs, but found different ones in {_numbers(matches)}."
        frame.note_decision(DecisionReasonKind.OUTPUTS_DISAGREE, message, self._place)
        return None

    def _priority(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        if not matches:
            return self.outputs.default(frame, variables)
        found = self._ranked(frame, self._all(frame, variables, matches))
        return None if found is None else found[0]

    def _ranked(self, frame: DecisionFrame, found: list[object]) -> list[object] | None:
        """The outputs by priority; null where several differ and nothing says which counts more."""
        if not self.outputs.is_ranked and not hit_policies.agree(found, feel.equal):
            message = "Expected output values that say which output comes first, but found none."
            frame.note_decision(DecisionReasonKind.NO_PRIORITIES, message, self._place)
            return None
        return hit_policies.by_priority(found, self.outputs.rank)

    def _rule_order(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        return self._all(frame, variables, matches) if matches else self._defaults(frame, variables)

    def _output_order(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        if not matches:
            return self._defaults(frame, variables)
        return self._ranked(frame, self._all(frame, variables, matches))

    def _collect(self, frame: DecisionFrame, variables: dict[str, object], matches: Matches) -> object:
        found = self._all(frame, variables, matches) if matches else self._defaults(frame, variables)
        aggregation = self.table.aggregation
        if aggregation is Aggregation.LIST:
            return found
        if aggregation is not Aggregation.COUNT and len(self.table.outputs) > 1:
            message = f"Expected one output for the aggregation {aggregation}, but found {len(self.table.outputs)}."
            frame.note_decision(DecisionReasonKind.NOT_SUPPORTED, message, self._place)
            return None
        if aggregation is not Aggregation.COUNT and not found:
            return None
        frame.place = self._place
        return _AGGREGATIONS[aggregation].run(frame, {"outputs": found})

    def _all(self, frame: DecisionFrame, variables: dict[str, object], matches: Iterable[int]) -> list[object]:
        of_rule = self.outputs.of_rule
        found = [of_rule(rule)(frame, variables) for rule in matches]
        frame.charge(len(found) // OUTPUTS_A_STEP)
        return found

    def _defaults(self, frame: DecisionFrame, variables: dict[str, object]) -> list[object]:
        return [self.outputs.default(frame, variables)] if self.outputs.has_default else []


def _is_null_without_rules(table: DecisionTable) -> bool:
    if table.hit_policy is HitPolicy.COLLECT:
        return table.aggregation not in {Aggregation.LIST, Aggregation.COUNT}
    return not table.hit_policy.is_multiple


_COLLECTED = feel.Scope({"outputs": types.ListType(types.ANY)})
_AGGREGATIONS = {
    Aggregation.SUM: feel.compile("sum(outputs)", _COLLECTED),
    Aggregation.COUNT: feel.compile("count(outputs)", _COLLECTED),
    Aggregation.MIN: feel.compile("min(outputs)", _COLLECTED),
    Aggregation.MAX: feel.compile("max(outputs)", _COLLECTED),
}


def _numbers(matches: Iterable[int]) -> str:
    numbers = [str(rule + 1) for rule in matches]
    shown = ", ".join(numbers[:_SHOWN])
    return f"rules {shown}" + (f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else "")


_SHOWN = 10
