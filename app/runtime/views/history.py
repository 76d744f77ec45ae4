"""What has happened in an instance: its timeline and its evaluations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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


class ExportFormat(StrEnum):
    XES = "xes"
    OCEL = "ocel"  # 2.0, JSON


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """One batch. `next` is the cursor of the following batch (it may be the empty text); None after the last."""

    lines: int
    next: str | None
