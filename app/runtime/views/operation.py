"""What operators, auditors and administrators look at; the answers of hooks; what a tick did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.runtime.transaction import PlatformRole
from app.store.states import CircuitState, DueKind, SwitchScope

Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class HookReceipt:
    """The answer to a webhook call. `problems` maps JSON paths to what is expected there (400)."""

    status_code: int  # 202, 400, 401, 404, 409 or 413
    delivery_id: str | None
    first: bool  # False when this key was seen before and this is the first answer again
    problems: Mapping[str, str]
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRecordView:
    id: str
    stream: str  # "system" or a process instance's id
    position: int  # from 1 within the stream
    at: datetime
    actor: str
    action: str  # "instance.started", "approval.granted" …
    subject: str
    detail: Variables
    hash: str


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """`broken` is the id of the first broken record; `why` says in words what is wrong and where."""

    ok: bool
    checked: int
    streams: int
    anchors: int  # that the log continues
    broken: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class AnchorView:
    """Where all chains of the log ended at a moment. Whoever keeps the digest outside can prove it later."""

    number: int  # from 1
    at: datetime
    streams: int  # chains that grew since the anchor before
    records: int  # that came since
    digest: str
    kept_at: datetime | None  # when it was last told to whoever keeps it outside


@dataclass(frozen=True, slots=True)
class PersonView:
    id: str
    name: str
    display_name: str
    roles: tuple[PlatformRole, ...]
    groups: tuple[str, ...]  # JobRoles held and groups given
    active: bool


@dataclass(frozen=True, slots=True)
class SwitchView:
    id: str
    scope: SwitchScope
    key: str  # which role, process, action or system; "*" for everything
    reason: str
    set_by: str
    set_at: datetime
    held_jobs: int


@dataclass(frozen=True, slots=True)
class CircuitView:
    system: str
    state: CircuitState
    failures: int  # in a row
    opened_at: datetime | None
    probe_at: datetime | None
    message: str | None
    held_jobs: int


@dataclass(frozen=True, slots=True)
class SetbackView:
    """A due thing that failed and has not been done since."""

    kind: DueKind
    subject: str  # the id of the timer, message, follow-up …
    failures: int  # in a row
    message: str  # of the last one
    first_at: datetime
    retry_at: datetime | None  # None: given up, until somebody asks for it


@dataclass(frozen=True, slots=True)
class TickCounts:
    """What one tick did."""

    done: Mapping[str, int]  # by the name that a room gives to what is due in it: "timers", "deliveries" …
    total: int  # of what was due: without hints that were repeated, and what was cleared away
