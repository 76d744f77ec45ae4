"""Figures: how much there is of everything now, counted in the database, for the monitoring of an installation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.runtime.transaction import Core
from app.store.states import CircuitState, IncidentState, InstanceStatus, JobState, TaskState
from app.store.tables import CircuitRow, IncidentRow, InstanceRow, JobRow, TaskRow

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FiguresView:
    """Counts by state; a state of which there is none counts 0."""

    at: datetime
    instances: Mapping[str, int]
    jobs: Mapping[str, int]
    tasks: Mapping[str, int]
    incidents: Mapping[str, int]
    circuits: Mapping[str, int]


class Figures:
    """No right is needed: they tell how much there is, never what."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def now(self) -> FiguresView:
        """Count everything. One statement per noun, each on an indexed column."""
        with self._core.store.read() as session:
            return FiguresView(
                self._core.clock.now(),
                instances=_count(session, InstanceRow.status, InstanceStatus),
                jobs=_count(session, JobRow.state, JobState),
                tasks=_count(session, TaskRow.state, TaskState),
                incidents=_count(session, IncidentRow.state, IncidentState),
                circuits=_count(session, CircuitRow.state, CircuitState),
            )

    def is_ready(self) -> bool:
        """Whether the database answers. Raises SQLAlchemy's error, with its reason, when it does not."""
        with self._core.store.read() as session:
            return bool(session.scalar(text("select 1")) == 1)


def _count(session: Session, column: InstrumentedAttribute[State], states: type[State]) -> dict[str, int]:
    found = {str(state): count for state, count in session.execute(select(column, func.count()).group_by(column))}
    return {state.value: found.get(state.value, 0) for state in states}
