"""What has happened in an instance: its timeline and its evaluations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self

from app.runtime.transaction import mapping
from app.store.tables import EvaluationRow, HistoryRow

Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of an instance's timeline. `kind`: element, variables, decision, message, signal, error, incident …"""

    position: int
    at: datetime
    kind: str
    element_id: str | None
    element_name: str | None
    element_type: str | None
    ended_at: datetime | None
    outcome: str | None  # for elements: completed or cancelled; None while the token is there
    actor: str | None
    detail: Variables

    @classmethod
    def of(cls, row: HistoryRow) -> Self:
        return cls(
            row.position,
            row.at,
            row.kind,
            row.element_id,
            row.element_name,
            row.element_type,
            row.ended_at,
            row.outcome,
            row.actor,
            mapping(row.detail),
        )


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One evaluation. `rules` are those that matched, per decision in the order of evaluation, counted from 1."""

    id: str
    decision_id: str
    model_key: str | None
    model_version: int | None
    at: datetime
    value: object
    confidence: object
    rules: tuple[tuple[str, tuple[int, ...]], ...]
    inputs: Variables

    @classmethod
    def of(cls, row: EvaluationRow) -> Self:
        evaluation = mapping(row.evaluation)
        outcomes = evaluation.get("decisions")
        rules = tuple(
            (str(each.get("id")), tuple(int(str(hit.get("index"))) for hit in each.get("rules") or ()))
            for each in (outcomes if isinstance(outcomes, list) else ())
            if isinstance(each, dict)
        )
        value = evaluation.get("value")
        return cls(
            row.id,
            row.decision_id,
            row.model_key,
            row.model_version,
            row.at,
            value,
            confidence_of(value),
            rules,
            mapping(row.inputs),
        )


def confidence_of(value: object) -> Decimal | None:
    """The confidence that a decision's output states, as its entry "confidence"."""
    stated = value.get("confidence") if isinstance(value, dict) else None
    return stated if isinstance(stated, Decimal) else None


class ExportFormat(StrEnum):
    XES = "xes"
    OCEL = "ocel"  # 2.0, JSON


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """One batch. `next` is the cursor of the following batch (it may be the empty text); None after the last."""

    lines: int
    next: str | None
