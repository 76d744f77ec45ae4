"""After a restore: everything is held, what would be done is shown, and it goes on when an operator says so.

What the backup does not know has happened all the same. Jobs carry keys that follow from what started their instance
(`instances.origins`), so systems that know a key do nothing twice; what happens because time has passed waits here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.runtime.governance import Switches
from app.runtime.people import require
from app.runtime.transaction import Core
from app.runtime.views import Actor, ApprovalState, InstanceStatus, JobState, Permission, SwitchScope
from app.store.states import DeliveryState
from app.store.tables import (
    ApprovalRow,
    AuditRecordRow,
    DeliveryRow,
    FollowUpRow,
    InstanceRow,
    JobRow,
    MessageRow,
    StartTriggerRow,
    TimerRow,
)

REASON = "restored from a backup: see docs/operations.md"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would be done at once. `until`: the last thing that the database knows."""

    until: datetime | None
    is_held: bool
    running_instances: int
    jobs: dict[str, int]  # available, leased or held ones, by type
    deliveries: int
    messages: int
    follow_ups: int
    timers: int
    starts: int
    grants: int


class Restoring:
    """Right for everything here: switches.use."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._switches = Switches(core)

    def hold(self, actor: Actor) -> Outlook:
        """Throw the switch on everything, unless it is set, and say what it holds."""
        require(actor, Permission.SWITCHES_USE)
        if not self._is_held():
            self._switches.set(actor, SwitchScope.EVERYTHING, "*", REASON)
        return self.outlook(actor)

    def go_on(self, actor: Actor) -> None:
        """Clear the switch. Raises `NotFound` where nothing is held."""
        require(actor, Permission.SWITCHES_USE)
        if not self._is_held():
            raise NotFound("Expected everything to be held after a restore, but nothing is.")
        self._switches.lift(actor, SwitchScope.EVERYTHING, "*")

    def outlook(self, actor: Actor) -> Outlook:
        """What would be done now if nothing was held."""
        require(actor, Permission.SWITCHES_USE)
        now = self._core.clock.now()
        begun = JobRow.state.in_([JobState.AVAILABLE, JobState.LEASED, JobState.HELD])
        with self._core.store.snapshot() as session:
            by_type = select(JobRow.type, func.count()).where(begun).group_by(JobRow.type).order_by(JobRow.type)
            last = session.scalar(select(func.max(AuditRecordRow.at)))
            return Outlook(
                None if last is None else datetime.fromisoformat(last),
                self._is_held(),
                _count(session, InstanceRow.status == InstanceStatus.RUNNING),
                dict(session.execute(by_type).all()),
                _count(session, DeliveryRow.state == DeliveryState.STORED),
                _count(session, MessageRow.correlated.is_(False)),
                _number(session, select(func.count()).select_from(FollowUpRow)),
                _count(session, TimerRow.due <= now),
                _count(session, StartTriggerRow.due <= now),
                _count(session, (ApprovalRow.state == ApprovalState.WAITING) & (ApprovalRow.granted_at <= now)),
            )

    def _is_held(self) -> bool:
        return any(switch.scope is SwitchScope.EVERYTHING for switch in self._switches.list())


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return _number(session, select(func.count()).where(which))


def _number(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0
