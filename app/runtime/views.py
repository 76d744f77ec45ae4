"""What the runtime shows: frozen records, safe to keep after the transaction. No row of the store leaves the runtime.

Variables and other JSON values are as FEEL sees them (numbers are `Decimal`). Moments are aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from app.errors import Diagnostic
from app.runtime.actors import SYSTEM, Actor, Permission, PlatformRole
from app.store.states import (
    ApprovalState,
    CircuitState,
    IncidentState,
    InstanceStatus,
    JobState,
    ModelKind,
    Stage,
    SwitchScope,
    TaskKind,
    TaskState,
)

T = TypeVar("T")
Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `next` is the cursor to pass as `after` for the following page; None on the last one."""

    items: tuple[T, ...]
    next: str | None = None


# --- models ---


@dataclass(frozen=True, slots=True)
class ModelView:
    """One version of one model. `content` is filled by `deployments.model` only, not in lists."""

    id: str
    kind: ModelKind
    key: str  # process id, decision model (file stem), or file name
    name: str
    version: int  # from 1, per kind and key
    latest: bool
    file_name: str
    checksum: str  # SHA-256 of the content, hexadecimal
    deployment_id: str
    deployed_at: datetime
    deployed_by: str
    version_tag: str | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class DeploymentView:
    """`models` are all of the deployment; `changed` those that got a new version; `warnings` what did not stop it."""

    id: str
    deployed_at: datetime
    deployed_by: str
    note: str
    models: tuple[ModelView, ...]
    changed: tuple[ModelView, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftView:
    kind: ModelKind
    name: str
    saved_by: str
    saved_at: datetime
    content: bytes | None = None  # in `get` only


# --- process instances ---


@dataclass(frozen=True, slots=True)
class InstanceFilter:
    """Every field that is not None must match."""

    process_id: str | None = None
    version: int | None = None
    status: InstanceStatus | None = None
    business_key: str | None = None
    with_incidents: bool | None = None
    parent_id: str | None = None
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class InstanceView:
    id: str
    process_id: str
    process_name: str
    version: int
    status: InstanceStatus
    business_key: str | None
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    incident_count: int
    trace_id: str
    parent_id: str | None
    job_role: str | None


@dataclass(frozen=True, slots=True)
class IncidentView:
    id: str
    instance_id: str
    process_id: str
    element_id: str
    kind: str  # job, expression, decision, message, error …
    exception_class: str | None  # transient, data, infrastructure or policy, where it came from a handler
    message: str
    state: IncidentState
    job_id: str | None
    raised_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


@dataclass(frozen=True, slots=True)
class JobView:
    id: str
    instance_id: str
    process_id: str
    element_id: str
    type: str
    state: JobState
    attempt: int
    retries: int  # attempts that are left
    priority: int
    created_at: datetime
    due_at: datetime | None  # not before this moment
    lease_until: datetime | None
    worker_id: str | None
    exception_class: str | None
    message: str | None
    held_by: str | None  # the switch, circuit or limit that holds it, in words
    undo_of: str | None
    undone_by: str | None
    reversible: bool


@dataclass(frozen=True, slots=True)
class InstanceDetail:
    """An instance with what its page shows. Counts are per element id, for the marks on the diagram."""

    view: InstanceView
    model_id: str
    variables: Variables
    active: Mapping[str, int]
    completed: Mapping[str, int]
    cancelled: Mapping[str, int]
    incident_elements: Mapping[str, int]
    flows: tuple[str, ...]  # ids of the sequence flows taken
    children: tuple[InstanceView, ...]
    incidents: tuple[IncidentView, ...]
    jobs: tuple[JobView, ...]
    tasks: tuple["InboxItem", ...]


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


# --- hooks and messages ---


@dataclass(frozen=True, slots=True)
class HookReceipt:
    """The answer to a webhook call. `problems` maps JSON paths to what is expected there (400)."""

    status_code: int  # 202, 400, 401, 404 or 413
    delivery_id: str | None
    first: bool  # False when this key was seen before and this is the first answer again
    problems: Mapping[str, str]
    trace_id: str | None = None


# --- the inbox ---


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A task as a line of the list."""

    id: str
    kind: TaskKind
    state: TaskState
    name: str
    instance_id: str
    process_id: str
    process_name: str
    element_id: str
    business_key: str | None
    assignee: str | None
    candidate_users: tuple[str, ...]
    candidate_groups: tuple[str, ...]
    created_at: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    level: int  # how often it has been escalated
    tier: str | None  # of an approval: fast-track or full review
    summary: str  # one line of what it is about, such as "billing.refund 35 EUR"


@dataclass(frozen=True, slots=True)
class CheckView:
    name: str
    phase: str  # before, during or after the action
    passed: bool
    detail: str


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


@dataclass(frozen=True, slots=True)
class VoteView:
    person: str
    approved: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GateView:
    """The gate that an action waits at. `granted_at`: the clock approves then, unless somebody objects (fast track)."""

    approval_id: str
    state: ApprovalState
    gate: str
    action: str
    tier: str
    approver_role: str
    approvals_needed: int
    four_eyes: bool
    requester: str | None
    granted_at: datetime | None
    request: Variables  # the action's input, redacted as the mandate says
    checks: tuple[CheckView, ...]
    reasons: tuple[str, ...]
    votes: tuple[VoteView, ...]


@dataclass(frozen=True, slots=True)
class CommentView:
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InboxTask:
    """A task with everything that is needed to decide it. The `may_*` flags are for this actor, now, and `why_not` says
    in words what forbids approving (four eyes, not in the role).
    """

    item: InboxItem
    form_id: str | None
    form: Mapping[str, object] | None  # the form's JSON schema, when it was deployed
    variables: Variables
    amount: object
    decisions: tuple[DecisionView, ...]
    gate: GateView | None
    history: tuple[HistoryEntry, ...]
    comments: tuple[CommentView, ...]
    model_key: str
    model_version: int
    may_claim: bool
    may_release: bool
    may_complete: bool
    may_decide: bool
    why_not: str | None


# --- operation ---


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
    head: str  # one hash over the heads of all streams, to be anchored outside
    broken: str | None = None
    why: str | None = None


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
class MandateView:
    """A JobRole as it is enforced: the compiled document as JSON, with the answer sheet."""

    job_role: str
    version: int
    checksum: str
    document: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TickCounts:
    """What one tick did, per kind of due thing."""

    timers: int = 0
    started: int = 0
    granted: int = 0
    escalated: int = 0
    leases_expired: int = 0
    announced: int = 0
    circuits_probed: int = 0
    released: int = 0
    messages: int = 0
    signals: int = 0
    deliveries: int = 0

    @property
    def total(self) -> int:
        return (
            self.timers
            + self.started
            + self.granted
            + self.escalated
            + self.leases_expired
            + self.circuits_probed
            + self.released
            + self.messages
            + self.signals
            + self.deliveries
        )


__all__ = [
    "SYSTEM",
    "Actor",
    "ApprovalState",
    "AuditRecordView",
    "AuditVerdict",
    "CheckView",
    "CircuitState",
    "CircuitView",
    "CommentView",
    "DecisionView",
    "DeploymentView",
    "DraftView",
    "GateView",
    "HistoryEntry",
    "HookReceipt",
    "InboxItem",
    "InboxTask",
    "IncidentState",
    "IncidentView",
    "InstanceDetail",
    "InstanceFilter",
    "InstanceStatus",
    "InstanceView",
    "JobState",
    "JobView",
    "MandateView",
    "ModelKind",
    "ModelView",
    "Page",
    "Permission",
    "PersonView",
    "PlatformRole",
    "Stage",
    "SwitchScope",
    "SwitchView",
    "TaskKind",
    "TaskState",
    "TickCounts",
    "VoteView",
]
