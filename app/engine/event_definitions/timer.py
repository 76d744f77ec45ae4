"""Timers: dates, durations and cycles."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.bpmn.event_definitions import TimerKind
from app.engine import formulas
from app.engine.formulas import Formula
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.timers import Schedule
from app.engine.token import Token
from app.engine.waits import Wait, WaitKind


def read_schedule(kind: TimerKind, text: str, now: datetime) -> Schedule:
    """Read a timer's text. Raises ValueError."""
    if kind is TimerKind.DATE:
        return Schedule.at(text)
    if kind is TimerKind.DURATION:
        return Schedule.after(text, now)
    return Schedule.repeating(text, now)


@dataclass(frozen=True, slots=True)
class TimerCatch:
    waits_for: ClassVar[WaitKind] = WaitKind.TIMER
    kind: TimerKind
    formula: Formula

    def wait(self, token: Token, element_id: str, index: int) -> Wait:
        workflow = token.workflow
        text = formulas.text(token, self.formula, f"timer's {self.kind}", IncidentKind.TIMER)
        try:
            schedule = read_schedule(self.kind, text, workflow.moment.now)
        except ValueError as error:
            raise Obstacle(IncidentKind.TIMER, f'{error} It is the value of "{self.formula}".') from None
        return Wait(workflow.new_id(), WaitKind.TIMER, element_id, index, schedule=schedule)
