"""What has happened in an instance: its timeline and its evaluations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
