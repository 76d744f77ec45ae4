"""Figures: how much there is of everything now, counted in the database, for the monitoring of an installation."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.runtime.clock import Heartbeats
from app.runtime.transaction import Core
from app.store.states import (
    CircuitState,
    DeliveryState,
    IncidentState,
    InstanceStatus,
    JobState,
    ProcessKind,
    TaskState,
)
from app.store.tables import CircuitRow, DeliveryRow, IncidentRow, InstanceRow, JobRow, SetbackRow, TaskRow

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
    processes: Mapping[str, int]  # that are alive, by kind
    oldest_due_job: timedelta  # how long the job that waits longest has been due
    unanswered_jobs: int  # that wait again because their last worker died or fell silent
    setbacks: int
    stored_deliveries: int  # that nobody has processed yet


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
                processes=self._processes(),
                oldest_due_job=self._oldest_due_job(session),
                unanswered_jobs=_number(
                    session, select(func.count()).where(JobRow.state == JobState.AVAILABLE, JobRow.unanswered > 0)
                ),
                setbacks=_number(session, select(func.count()).select_from(SetbackRow)),
                stored_deliveries=_number(
                    session, select(func.count()).where(DeliveryRow.state == DeliveryState.STORED)
                ),
            )

    def _processes(self) -> dict[str, int]:
        alive = Counter(each.kind for each in Heartbeats(self._core).list() if each.is_alive)
        return {kind.value: alive[kind] for kind in ProcessKind}

    def _oldest_due_job(self, session: Session) -> timedelta:
        due_at = session.scalar(
            select(JobRow.due_at).where(JobRow.state == JobState.AVAILABLE).order_by(JobRow.due_at).limit(1)
        )
        return timedelta(0) if due_at is None else max(timedelta(0), self._core.clock.now() - due_at)

    def is_ready(self) -> bool:
        """Whether the database answers and has our tables, however many rows. Raises its error when it does not."""
        with self._core.store.read() as session:
            session.scalar(select(JobRow.id).limit(1))
            return True


def _number(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0


def _count(session: Session, column: InstrumentedAttribute[State], states: type[State]) -> dict[str, int]:
    found = {str(state): count for state, count in session.execute(select(column, func.count()).group_by(column))}
    return {state.value: found.get(state.value, 0) for state in states}
