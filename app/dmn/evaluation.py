"""What an evaluation answers: the value, why it is null, and on request how it came about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from app import feel
from app.dmn.hits import TableHit
from app.dmn.model import HitPolicy
from app.dmn.reasons import LocatedReason

MAX_MISSES = 1000
"""How many rules that did not match an explanation in JSON lists for one table; `misses` has them all."""


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that matched. `index` counts from 1; `id` is that of the rule element, "" where it has none."""

    index: int
    id: str


@dataclass(frozen=True, slots=True)
class RuleMiss:
    """A rule that did not match, with the first cell that failed: column from 1, text, and the value that it saw.

    `reasons` are there where the cell could not be said to fail or hold, as of a number and a text.
    """

    index: int
    id: str
    column: int
    label: str
    cell: str
    value: object
    reasons: tuple[LocatedReason, ...] = ()


@dataclass(frozen=True, slots=True)
class TableTrace:
    """One evaluation of a decision table. `inputs` maps each column's label to the value that it tested.

    A table inside a business knowledge model occurs once for each call of it.
    """

    table_id: str
    hit_policy: HitPolicy
    inputs: Mapping[str, object]
    matched: tuple[RuleHit, ...]
    _hit: TableHit = field(repr=False)

    @property
    def rule_count(self) -> int:
        """How many rules the table has."""
        return len(self._hit.table.rules)

    def misses(self) -> Iterator[RuleMiss]:
        """Every other rule, in order, with the cell that failed. Computed when asked for."""
        table = self._hit.table
        for miss in self._hit.misses():
            rule = table.rules[miss.rule]
            label = table.inputs[miss.column].label
            cell = rule.inputs[miss.column].text.strip()
            yield RuleMiss(miss.rule + 1, rule.id, miss.column + 1, label, cell, miss.value, miss.reasons)

    def to_json(self) -> dict[str, object]:
        """JSON values; of very many rules that did not match, the first MAX_MISSES, and how many were left out."""
        omitted = self.rule_count - len(self.matched) - MAX_MISSES
        return {
            "table_id": self.table_id,
            "hit_policy": str(self.hit_policy),
            "inputs": _json_members(self.inputs),
            "matched": [{"index": rule.index, "id": rule.id} for rule in self.matched],
            "not_matched": [
                {
                    "index": miss.index,
                    "id": miss.id,
                    "column": miss.column,
                    "input": miss.label,
                    "cell": miss.cell,
                    "value": feel.to_json(miss.value),
                    "reasons": [reason.to_json() for reason in miss.reasons],
                }
                for miss in islice(self.misses(), MAX_MISSES)
            ],
            "not_matched_omitted": max(omitted, 0),
        }


@dataclass(frozen=True, slots=True)
class DecisionTrace:
    """How one decision was made: what it saw, what it answered, the tables on the way, and what became null in it."""

    id: str
    name: str
    inputs: Mapping[str, object]
    value: object
    tables: tuple[TableTrace, ...]
    reasons: tuple[LocatedReason, ...] = ()

    def to_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "name": self.name,
            "inputs": _json_members(self.inputs),
            "value": feel.to_json(self.value),
            "tables": [table.to_json() for table in self.tables],
            "reasons": [reason.to_json() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole evaluation: the input data as they were understood, and every decision, requirements first."""

    inputs: Mapping[str, object]
    decisions: tuple[DecisionTrace, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "inputs": _json_members(self.inputs),
            "decisions": [decision.to_json() for decision in self.decisions],
        }


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """One decision that was made on the way. `hit_policy` is None where its logic is not a decision table."""

    id: str
    name: str
    value: object
    hit_policy: HitPolicy | None
    rules: tuple[RuleHit, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "name": self.name,
            "value": feel.to_json(self.value),
            "hit_policy": None if self.hit_policy is None else str(self.hit_policy),
            "rules": [{"index": rule.index, "id": rule.id} for rule in self.rules],
        }


class Evaluation(NamedTuple):
    """The answer of a decision, a decision service or a business knowledge model.

    `value` is a FEEL value. `reasons` say why something on the way became null, in the order in which it did.
    `decisions` and `trace` are there if an explanation was asked for; the decisions come requirements first.
    """

    id: str
    name: str
    value: object
    reasons: tuple[LocatedReason, ...]
    decisions: tuple[DecisionOutcome, ...] = ()
    trace: Trace | None = None

    def to_json(self) -> dict[str, object]:
        """JSON values: numbers as Decimal, temporal values as ISO 8601 strings."""
        answer: dict[str, object] = {
            "id": self.id,
            "name": self.name,
            "value": feel.to_json(self.value),
            "reasons": [reason.to_json() for reason in self.reasons],
            "decisions": [decision.to_json() for decision in self.decisions],
        }
        if self.trace is not None:
            answer["trace"] = self.trace.to_json()
        return answer


def _json_members(values: Mapping[str, object]) -> dict[str, object]:
    return {name: feel.to_json(value) for name, value in values.items()}
