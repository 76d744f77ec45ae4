"""What an element instance waits for: a timer, a message, a signal or a condition over what changes. Values only."""

from dataclasses import dataclass
from enum import StrEnum

from app.engine.timers import Schedule


class WaitKind(StrEnum):
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"


@dataclass(slots=True)
class Wait:
    """One open wait. It belongs to a token and triggers the event `element_id`, often another element (a boundary)."""

    id: str
    kind: WaitKind
    element_id: str
    definition: int = 0  # which of a multiple event's definitions
    name: str = ""
    key: str | None = None
    schedule: Schedule | None = None
    holds: bool = False  # a condition's last value: it triggers on the change from false to true

    def to_state(self) -> list[object]:
        schedule = self.schedule.to_state() if self.schedule else None
        return [self.id, self.kind.value, self.element_id, self.definition, self.name, self.key, schedule, self.holds]

    @classmethod
    def from_state(cls, state: list[object]) -> "Wait":
        identifier, kind, element_id, definition, name, key, schedule, holds = state
        return cls(
            id=str(identifier),
            kind=WaitKind(str(kind)),
            element_id=str(element_id),
            definition=int(str(definition)),
            name=str(name),
            key=None if key is None else str(key),
            schedule=Schedule.from_state(schedule) if isinstance(schedule, list) else None,
            holds=bool(holds),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A variable that was set, for conditional events."""

    scope_id: str
    name: str
    is_new: bool
