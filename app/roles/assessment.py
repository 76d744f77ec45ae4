"""What a mandate is asked about one action, and what it answers. Plain records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.roles.words import ApprovalTier, Autonomy, Breach, Phase


@dataclass(frozen=True, slots=True)
class ActionInfo:
    """What the compiler must know of a task handler.

    `inputs` and `outputs` are the fields of its request and of its result; None where it takes any.
    """

    name: str
    system: str
    effect: str  # read, draft or write
    reversible: bool
    verified: bool
    inputs: frozenset[str] | None = None
    outputs: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used of one limit within its window, this action not included."""

    count: int = 0
    value: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Measure:
    """What one action adds to the limits: its value, and whose windows it counts in (None: nobody's in particular).

    `known` is false where the value that the limits add up is no number of zero or more.
    """

    value: Decimal = Decimal(0)
    subject: str | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Decided:
    """The newest answer of a decision in this instance: by its table, or `by` a person in its place."""

    value: object
    confidence: Decimal | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What an action on a system has brought into this instance, and when."""

    result: object
    at: datetime


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """One action that a process instance wants done.

    `inputs` is the request that the handler would get, `variables` what the instance knows, `decided` what was decided
    in it by decision, and `brought` what its actions brought by system: variables alone prove neither. `system` and
    `effect` are what the handler says of itself. `usage` is by key of the limit; one that is missing there counts as
    unused. `switches` are the kill switches that are set, as ``"scope:key"``
    ("everything:*", "role:…", "process:…", "action:…", "system:…"). `approved` is the tier that people or the clock
    have granted already. `autonomy` is what an error budget has left of the role's autonomy.
    `repaired_by` is the operator who has put tokens of the instance where no flow led. `undo`: take the action
    back; gates and switches hold as for doing it, but limits and old data do not stop a reversal.
    """

    action: str
    inputs: Mapping[str, object]
    variables: Mapping[str, object]
    now: datetime
    process_id: str = ""
    requester: str | None = None
    repaired_by: str | None = None
    decided: Mapping[str, Decided] = field(default_factory=dict)
    brought: Mapping[str, tuple[Brought, ...]] = field(default_factory=dict)
    system: str = ""
    effect: str = "write"
    usage: Mapping[str, Usage] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()
    approved: ApprovalTier | None = None
    autonomy: Autonomy | None = None
    undo: bool = False


class Outcome(StrEnum):
    ALLOWED = "allowed"
    APPROVAL_NEEDED = "approval needed"
    REFUSED = "refused"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class CheckResult:
    name: str
    phase: Phase
    passed: bool
    detail: str = ""
    breach: Breach = Breach.POLICY


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer: what may happen now, what was checked, and why.

    `gate`, `approver_role`, `approvals_needed` and `four_eyes` describe the approval that `tier` demands; `window` is
    how long the clock waits for an objection (fast track only). `breach` is the exception class of a refusal.
    """

    outcome: Outcome
    tier: ApprovalTier = ApprovalTier.INSTANT
    gate: str | None = None
    approver_role: str | None = None
    approvals_needed: int = 0
    window: timedelta | None = None
    four_eyes: bool = False
    breach: Breach | None = None
    checks: tuple[CheckResult, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputFact:
    """One input of the role when an action was assessed. `age` is None where the moment of reading is not known."""

    name: str
    source: str
    value: object
    age: timedelta | None
    bound: bool = False  # an action on the source has brought it, and nobody has changed it since


class DecisionOutcome(StrEnum):
    """What may come of a decision at its confidence."""

    GOES_ON = "goes on"
    CONFIRM = "confirm"  # a named person confirms the pre-filled suggestion
    DECIDE = "decide"  # a person decides from scratch
    NOT_GRANTED = "not granted"


@dataclass(frozen=True, slots=True)
class DecisionVerdict:
    outcome: DecisionOutcome
    detail: str
