"""Tasks as lines of a list, and one task with everything that is needed to decide it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from app.runtime.transaction import texts
from app.runtime.views.history import DecisionView, HistoryEntry
from app.store.states import ApprovalState, TaskKind, TaskState
from app.store.tables import TaskRow

Variables = Mapping[str, object]


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
    held_up: str | None  # the transition that listeners of the process check: assigning, updating, completing …
    asked_by: str | None  # who asked for it
    denied: str | None  # the transition that was denied last, until the next one begins
    denied_because: str | None

    @classmethod
    def of(cls, row: TaskRow) -> Self:
        return cls(
            row.id,
            row.kind,
            row.state,
            row.name,
            row.instance_id,
            row.process_id,
            row.process_name,
            row.element_id,
            row.business_key,
            row.assignee,
            texts(row.candidate_users),
            texts(row.candidate_groups),
            row.created_at,
            row.due_at,
            row.follow_up_at,
            row.priority,
            row.level,
            row.tier,
            row.summary,
            row.held_up,
            row.asked_by,
            row.denied,
            row.denied_because,
        )


@dataclass(frozen=True, slots=True)
class CheckView:
    name: str
    phase: str  # before, during or after the action
    passed: bool
    detail: str


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
    case: Variables  # what the whole case holds, where the task was given a part of it
    amount: object
    decisions: tuple[DecisionView, ...]
    gate: GateView | None
    history: tuple[HistoryEntry, ...]
    comments: tuple[CommentView, ...]
    draft: Variables  # what this actor has typed and not sent
    model_key: str
    model_version: int
    may_claim: bool
    may_release: bool
    may_complete: bool
    may_decide: bool
    may_repair: bool  # of an exception whose case stands: correct its data and try again
    why_not: str | None
    check_stopped: bool  # what holds the task up has stopped with an incident
