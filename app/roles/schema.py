"""The four kinds of role documents as pydantic models: what may stand where.

Texts of type `Feel` are FEEL expressions over `request`, `variables`, `company`, `decision`, `requester` and `process`;
after an action also over `result` and `verification`. Durations are ISO 8601 text ("PT30M", "P7D").
"""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.errors import ExceptionClass
from app.job_types import MAXIMUM_LENGTH, PATTERN
from app.roles.words import (
    ApprovalTier,
    Autonomy,
    Breach,
    Control,
    DecisionRight,
    EvidenceKind,
    Grant,
    MetricName,
    OnExceed,
    Phase,
    RuleChanges,
    Stage,
    Ungoverned,
)


def _as_written(value: object) -> object:
    """YAML reads ``when: true`` and ``version: 1.10`` as a boolean and a number: here they are the text they were."""
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return str(value)
        case _:
            return value


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", max_length=100)]
FeelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=100)]
ActionName = Annotated[str, StringConstraints(pattern=PATTERN, max_length=MAXIMUM_LENGTH)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Feel = Annotated[str, BeforeValidator(_as_written), StringConstraints(strip_whitespace=True, min_length=1)]
Duration = Annotated[timedelta, Field(gt=timedelta(0))]
ProcessPattern = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_*][A-Za-z0-9_.*-]*$", max_length=200)]
Share = Annotated[Decimal, Field(ge=0, le=1)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentHead(Part):
    """What every document has: who owns it, and which version it is."""

    id: Slug
    name: Text
    owner: Text
    version: Annotated[Text, BeforeValidator(_as_written)]
    description: str = ""


# --- the company profile ---


class PersonPart(Part):
    name: Text
    email: str = ""
    substitutes: tuple[Slug, ...] = ()


class GroupPart(Part):
    name: Text
    on_call: Slug


class CalendarPart(Part):
    time_zone: Text
    days: tuple[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], ...]
    opens: time
    closes: time
    holidays: tuple[date, ...] = ()


class FastTrackPart(Part):
    window: Duration = timedelta(minutes=30)
    business_time: bool = False


class ApprovalPart(Part):
    fast_track: FastTrackPart = FastTrackPart()


class CompanyDocument(DocumentHead):
    kind: Literal["company"]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    thresholds: dict[FeelName, dict[FeelName, Decimal]] = {}
    calendar: CalendarPart
    approval: ApprovalPart = ApprovalPart()
    ungoverned: Ungoverned = Ungoverned.REVIEW
    last_resort: Slug | None = None
    changes: RuleChanges = RuleChanges.TWO_PEOPLE
    retention: dict[Slug, Duration] = {}
    review_cadence_days: dict[Annotated[int, Field(ge=0, le=4)], Annotated[int, Field(gt=0, le=36_500)]] = {}
    people: dict[Slug, PersonPart]
    groups: dict[Slug, GroupPart]


# --- the integration kit ---


class SystemPart(Part):
    name: Text
    owner: Text
    on_call: Slug


class CeilingPart(Part):
    name: Slug
    test: Feel


class IntegrationPart(Part):
    action: ActionName
    system: Slug
    mode: Literal["read", "draft", "final"]
    ceilings: tuple[CeilingPart, ...] = ()
    verification: Literal["read-back", "none"]
    undo: Text | None = None


class IntegrationsDocument(DocumentHead):
    kind: Literal["integrations"]
    systems: dict[Slug, SystemPart]
    actions: tuple[IntegrationPart, ...]


# --- roles ---


class CheckPart(Part):
    name: Slug
    test: Feel
    phase: Phase = Phase.BEFORE
    breach: Breach = Breach.POLICY
    explain: str = ""


class LimitPart(Part):
    name: Slug
    window: Duration
    count: Annotated[int, Field(gt=0)] | None = None
    value: Annotated[Decimal, Field(gt=0)] | None = None
    per_subject: bool = False
    on_exceed: OnExceed = OnExceed.REFUSE


class ConfidencePart(Part):
    """At `act` and above the role goes on; between `suggest` and `act` a person confirms; below a person decides."""

    act: Share
    suggest: Share


class ByHandPart(Part):
    """The user task in which a person of the group `by` decides instead."""

    task: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    by: Slug


class DecisionPart(Part):
    decision: Slug
    right: DecisionRight
    confidence: ConfidencePart | None = None


class JobDecisionPart(DecisionPart):
    by_hand: ByHandPart | None = None


class InputPart(Part):
    name: FeelName
    source: Slug
    value: Feel
    read_at: Feel | None = None
    max_age: Duration | None = None


class EvidencePart(Part):
    name: Slug
    stage: Stage
    kind: EvidenceKind
    of: Text
    when: Feel | None = None


class MetricPart(Part):
    name: MetricName
    maximum: Decimal | None = None
    minimum: Decimal | None = None
    baseline: Decimal | None = None


class ApprovalFloorPart(Part):
    """An approval that the function must obtain, whoever fills it: at least this tier, by these people, this often."""

    action: ActionName
    when: Feel | None = None
    tier: ApprovalTier
    approver: Slug | None = None
    approvals: Annotated[int, Field(ge=1, le=20)] = 1
    four_eyes: bool = True


class WorkActionPart(Part):
    """`value` and `subject` are what the limits count, for every JobRole that does not say it again."""

    action: ActionName
    grant: Grant
    value: Feel | None = None
    subject: Feel | None = None
    decision: Slug | None = None
    checks: tuple[CheckPart, ...] = ()
    limits: tuple[LimitPart, ...] = ()


class WorkRoleDocument(DocumentHead):
    kind: Literal["work-role"]
    risk_tier: Annotated[int, Field(ge=0, le=4)]
    autonomy: Autonomy
    inputs: tuple[InputPart, ...] = ()
    decisions: tuple[DecisionPart, ...] = ()
    actions: tuple[WorkActionPart, ...] = ()
    approvals: tuple[ApprovalFloorPart, ...] = ()
    escalates: tuple[ExceptionClass, ...] = ()
    evidence: tuple[EvidencePart, ...] = ()
    metrics: tuple[MetricPart, ...] = ()
    redact: tuple[Text, ...] = ()


class GatePart(Part):
    """Four eyes are the rule; `four_eyes: false` is the exception, and a WorkRole's approval does not allow it."""

    id: Slug
    when: Feel | None = None
    tier: ApprovalTier
    approver: Slug | None = None
    approvals: Annotated[int, Field(ge=1, le=20)] = 1
    four_eyes: bool = True


class JobActionPart(Part):
    action: ActionName
    grant: Grant
    value: Feel | None = None
    subject: Feel | None = None
    decision: Slug | None = None
    checks: tuple[CheckPart, ...] = ()
    gates: tuple[GatePart, ...] = ()
    limits: tuple[LimitPart, ...] = ()


class PeoplePart(Part):
    holders: tuple[Slug, ...] = ()
    responsible: Slug | None = None
    accountable: Slug | None = None
    consulted: tuple[Slug, ...] = ()
    informed: tuple[Slug, ...] = ()
    escalation_owner: Slug | None = None


class ExceptionPart(Part):
    policy: Text
    to: Slug


class RollbackPart(Part):
    how: Text
    within: Duration


class OperationsPart(Part):
    paged: tuple[Slug, ...] = ()
    breaks: Text | None = None
    rollback: RollbackPart | None = None


class ErrorBudgetPart(Part):
    metric: MetricName
    budget: Share
    window: Duration


class ReviewPart(Part):
    last: date
    by: Slug


class JobRoleDocument(DocumentHead):
    kind: Literal["job-role"]
    work_roles: Annotated[tuple[Slug, ...], Field(min_length=1)]
    processes: tuple[ProcessPattern, ...] = ()
    risk_tier: Annotated[int, Field(ge=0, le=4)]
    autonomy: Autonomy
    people: PeoplePart = PeoplePart()
    review: ReviewPart | None = None
    controls: dict[Control, Text] = {}
    inputs: tuple[InputPart, ...] = ()
    decisions: tuple[JobDecisionPart, ...] = ()
    actions: tuple[JobActionPart, ...] = ()
    exceptions: dict[ExceptionClass, ExceptionPart] = {}
    operations: OperationsPart = OperationsPart()
    evidence: tuple[EvidencePart, ...] = ()
    metrics: tuple[MetricPart, ...] = ()
    error_budget: ErrorBudgetPart | None = None
    redact: tuple[Text, ...] = ()


AnyDocument = CompanyDocument | IntegrationsDocument | WorkRoleDocument | JobRoleDocument
