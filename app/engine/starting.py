"""How a process starts: its triggers, and which occurrences of them make an instance together. Values only.

Sources: BPMN 2.0.2, 10.5.2 (start events), 10.6.6 (event-based gateways that start a process); Camunda 8.9 for starts
by condition.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from app.bpmn.event_definitions import TimerKind
from app.engine.event_definitions.timer import read_schedule
from app.engine.formulas import Formula
from app.engine.timers import Schedule


class TriggerKind(StrEnum):
    NONE = "none"
    MESSAGE = "message"
    SIGNAL = "signal"
    TIMER = "timer"
    CONDITION = "condition"


class Others(StrEnum):
    """What the triggers beside this one are to it."""

    FREE = "free"  # each starts an instance of its own
    BEFORE = "before"  # parallel multiple start event: an instance starts when all have occurred
    AFTER = "after"  # parallel event-based gateway: the instance that one of them starts waits for the others


@dataclass(frozen=True, slots=True)
class StartTrigger:
    """One way to start the process. `name` is the message or signal, `timer` the text of date, duration or cycle.

    For the none start `element_id` may be None: the process has no start event. Of a condition `name` is the text, and
    `watched` the variables without which it is not looked at (none: it always is).
    """

    element_id: str | None
    kind: TriggerKind
    name: str | None = None
    timer: str | None = None
    timer_kind: TimerKind | None = None
    others: Others = Others.FREE
    condition: Formula | None = None
    watched: frozenset[str] = frozenset()

    @property
    def means(self) -> str:
        """What tells it from other triggers of its kind at the same element."""
        return self.name or self.timer or ""

    def schedule(self, now: datetime) -> Schedule:
        """When the process starts next, seen from its deployment at `now`; go on with `Schedule.next`.

        Raises ValueError when the text, a FEEL value that only now is known, is no timer.
        """
        if self.timer is None or self.timer_kind is None:
            raise ValueError(f"Expected a timer, but {self.element_id} starts by {self.kind}.")
        return read_schedule(self.timer_kind, self.timer, now)

    def holds(self, variables: Mapping[str, object], now: datetime) -> bool:
        """Whether the condition is true for these variables; null is not."""
        if self.condition is None or self.condition.expression is None:
            return False
        if self.watched and self.watched.isdisjoint(variables):
            return False
        return self.condition.expression.evaluate(dict(variables), now=now) is True


@dataclass(frozen=True, slots=True)
class Occurrence:
    """That a trigger has occurred. Only messages have a `correlation_key`; it is empty where they are sent without."""

    id: str
    kind: TriggerKind
    name: str
    correlation_key: str | None = None


O = TypeVar("O", bound=Occurrence)  # noqa: E741 - never read as a number


def counts(new: Occurrence, remembered: Iterable[Occurrence]) -> bool:
    """Whether an occurrence is to be remembered beside these. Every message is; anything else counts once at a time."""
    return new.kind is TriggerKind.MESSAGE or all((each.kind, each.name) != (new.kind, new.name) for each in remembered)


def complete(needed: Collection[tuple[TriggerKind, str]], occurrences: Sequence[O]) -> tuple[O, ...]:
    """The occurrences that start an instance, as (kind, name) of each trigger says, in their order; empty: not yet.

    `occurrences` come oldest first. The messages among them share their correlation key; what has none (signals,
    timers, conditions) goes with any. The key whose first message is oldest comes first, and of each trigger the
    oldest.
    """
    keys = dict.fromkeys(each.correlation_key for each in occurrences if each.kind is TriggerKind.MESSAGE)
    for key in keys or {None: None}:
        chosen = [_first(kind, name, key, occurrences) for kind, name in needed]
        if all(each is not None for each in chosen):
            return tuple(each for each in occurrences if each in chosen)
    return ()


def _first(kind: TriggerKind, name: str, key: str | None, occurrences: Iterable[O]) -> O | None:
    for each in occurrences:
        if each.kind is kind and each.name == name and (kind is not TriggerKind.MESSAGE or each.correlation_key == key):
            return each
    return None
