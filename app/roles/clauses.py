"""What a mandate is made of: immutable data, FEEL still as text. What it answers is in `app.roles.enforcement`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.errors import ExceptionClass
from app.roles.company import CompanyProfile
from app.roles.words import (
    ApprovalTier,
    Autonomy,
    Breach,
    DecisionRight,
    EvidenceKind,
    Grant,
    OnExceed,
    Phase,
    Stage,
    Ungoverned,
)


@dataclass(frozen=True, slots=True)
class Check:
    """`test` is FEEL; `origin` names the document that demands it."""

    name: str
    phase: Phase
    test: str
    breach: Breach
    explain: str
    origin: str


@dataclass(frozen=True, slots=True)
class Gate:
    """`when` is FEEL, None on the last gate. `approver` is a group; None on an instant gate only."""

    id: str
    when: str | None
    tier: ApprovalTier
    approver: str | None
    approvals: int
    four_eyes: bool


@dataclass(frozen=True, slots=True)
class Floor:
    """The least approval that a WorkRole obtains, whatever the gates say: tier, people (None: the gate's), number."""

    when: str | None
    tier: ApprovalTier
    origin: str
    approver: str | None = None
    approvals: int = 1
    four_eyes: bool = True


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` actions, or `value` in all, within `window` before now; per subject, or over the whole role.

    `counted_over` names whose actions add up: "job-role:…", or "work-role:…" for all JobRoles that use the WorkRole.
    """

    name: str
    action: str
    window: timedelta
    count: int | None
    value: Decimal | None
    per_subject: bool
    on_exceed: OnExceed
    counted_over: str = ""  # of a mandate from before there were windows of WorkRoles: those of its JobRole

    @property
    def key(self) -> str:
        """What tells the limit from others of its action: two roles may give theirs the same name."""
        return f"{self.counted_over}/{self.name}"


@dataclass(frozen=True, slots=True)
class ActionGrant:
    """What the role may do with one action. `value` and `subject` are FEEL."""

    action: str
    system: str
    effect: str
    grant: Grant
    reversible: bool
    verified: bool
    value: str | None
    subject: str | None
    decision: str | None
    checks: tuple[Check, ...]
    gates: tuple[Gate, ...]
    floors: tuple[Floor, ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Right:
    """A decision right with its confidence thresholds (0 to 1)."""

    decision: str
    right: DecisionRight
    act: Decimal | None
    suggest: Decimal | None
    by_hand: str | None = None  # the user task in which a person of the group `decided_by` decides instead
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """Data the role may consume: `value` and `read_at` are FEEL; older than `max_age` it is stale."""

    name: str
    source: str
    value: str
    read_at: str | None
    max_age: timedelta | None


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """What must exist before an instance may complete (if `when`, FEEL over the variables, holds)."""

    name: str
    stage: Stage
    kind: EvidenceKind
    of: str
    when: str | None


@dataclass(frozen=True, slots=True)
class Metric:
    name: str
    maximum: Decimal | None
    minimum: Decimal | None
    baseline: Decimal | None


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """The share of bad outcomes of `metric` within `window` that may pass before autonomy falls."""

    metric: str
    budget: Decimal
    window: timedelta


@dataclass(frozen=True, slots=True)
class People:
    """RACI, with the holders of the role and the owner of its escalations. Groups, or people of the company profile."""

    holders: tuple[str, ...]
    responsible: str
    accountable: str
    consulted: tuple[str, ...]
    informed: tuple[str, ...]
    escalation_owner: str


@dataclass(frozen=True, slots=True)
class ExceptionRoute:
    case: ExceptionClass
    policy: str
    to: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which document, in which version and with which SHA-256, went into the mandate."""

    file: str
    kind: str
    id: str
    version: str
    checksum: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the answer sheet."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clauses:
    """Everything that the runtime enforces for one JobRole."""

    id: str
    name: str
    description: str
    owner: str
    version: str
    work_roles: tuple[str, ...]
    risk_tier: int
    autonomy: Autonomy
    company: CompanyProfile
    people: People
    grants: Mapping[str, ActionGrant]
    rights: Mapping[str, Right]
    inputs: tuple[Input, ...]
    evidence_contract: tuple[EvidenceItem, ...]
    exceptions: tuple[ExceptionRoute, ...]
    metrics: tuple[Metric, ...]
    error_budget: ErrorBudget | None
    fields_to_redact: tuple[str, ...]
    controls: Mapping[str, str]
    reviewed_on: date
    review_due: date
    answer_sheet: tuple[Answer, ...]
    documents: tuple[Stamp, ...]
    checksum: str = ""
    processes: tuple[str, ...] = ()  # ids or patterns of the processes that the role governs, beside labelled ones
    ungoverned: Ungoverned | None = None  # of the default mandate: what a process without a role may do
