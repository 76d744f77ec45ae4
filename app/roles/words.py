"""The words that role documents use, as enums: one list each, in the order of their strength where they have one."""

from enum import StrEnum

DEFAULT_ROLE = "ungoverned"  # the id of the default mandate, which no JobRole may have
TYPED = "typed"  # the source of an input that a person or a caller gave, and no system


class Kind(StrEnum):
    COMPANY = "company"
    INTEGRATIONS = "integrations"
    WORK_ROLE = "work-role"
    JOB_ROLE = "job-role"


class _Ordered(StrEnum):
    """Members compare by their position: a later one is stronger."""

    @property
    def strength(self) -> int:
        return list(type(self)).index(self)

    def exceeds(self, other: "_Ordered") -> bool:
        return self.strength > other.strength


class ApprovalTier(_Ordered):
    """What a gate demands, from the weakest to the strongest."""

    INSTANT = "instant"
    FAST_TRACK = "fast_track"
    FULL_REVIEW = "full_review"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


class Autonomy(_Ordered):
    """Who acts: people; the platform once a person confirmed; the platform."""

    HUMAN_LED = "human-led"
    SUPERVISED = "supervised"
    FULL = "full"


class Grant(_Ordered):
    """How an action is granted: prepared for a person, or done."""

    DRAFT = "draft"
    ACT = "act"


class DecisionRight(_Ordered):
    """How a decision is granted: a person confirms it, or the role makes it alone."""

    SUGGEST = "suggest"
    ALONE = "alone"


class Ungoverned(StrEnum):
    """What a process that no role document names may do: each write is reviewed, none is done, or all are."""

    REVIEW = "review"
    REFUSE = "refuse"
    ALLOW = "allow"


class RuleChanges(StrEnum):
    """By how many people a deployment that changes what anybody may do takes effect."""

    TWO_PEOPLE = "two_people"
    ONE_PERSON = "one_person"


class MetricName(StrEnum):
    """What can be measured of a role's work. Rates and shares are of 1."""

    REVERSAL_RATE = "reversal-rate"
    EXCEPTION_RATE = "exception-rate"
    REJECTION_RATE = "rejection-rate"
    REASSIGNMENT_RATE = "reassignment-rate"
    ESCALATION_RATE = "escalation-rate"
    DEAD_LETTER_RATE = "dead-letter-rate"
    OVERDUE_RATE = "overdue-rate"
    COMPLAINT_RATE = "complaint-rate"
    AUTOMATION_RATE = "automation-rate"
    REVIEWER_EDITS = "reviewer-edits"
    MISSED_CATEGORIES = "missed-categories"
    MINUTES_TO_ANSWER = "minutes-to-answer"
    REVIEW_MINUTES = "review-minutes"
    COST_PER_CASE = "cost-per-case"


class Phase(StrEnum):
    """When a check runs: before the gate; once it is open (after an approval, at every attempt); on the result."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Breach(StrEnum):
    """Which exception class a failed check is: a rule forbids it, or the data cannot be relied on."""

    POLICY = "policy"
    DATA = "data"


class OnExceed(StrEnum):
    """What an exhausted limit does with the next action."""

    REFUSE = "refuse"
    HOLD = "hold"
    REVIEW = "review"


class Stage(StrEnum):
    """The five stages of every automated operation."""

    TRIGGER = "trigger"
    UNDERSTAND = "understand"
    DECIDE = "decide"
    ACT = "act"
    VERIFY = "verify"


class EvidenceKind(StrEnum):
    """What a piece of evidence is: a process variable, an evaluation, an action, its verification, an approval."""

    VARIABLE = "variable"
    DECISION = "decision"
    ACTION = "action"
    VERIFICATION = "verification"
    APPROVAL = "approval"


class Control(StrEnum):
    """What a risk tier demands and somebody must put in place; the tiers are in `app.roles.controls`."""

    EVALUATION_CASES = "evaluation-cases"
    STYLE_CHECK = "style-check"
    REDACTION = "redaction"
    HUMAN_OVERRIDE = "human-override"
    RATE_LIMITS = "rate-limits"
    QUALITY_REVIEW = "quality-review"
    GATES = "gates"
    CODE_OWNERS = "code-owners"
    ROLLBACK_PLAN = "rollback-plan"
    PROVENANCE = "provenance"
    HUMAN_APPROVAL = "human-approval"
    COMPLIANCE_SIGN_OFF = "compliance-sign-off"
    ADVERSARIAL_CASES = "adversarial-cases"
    FORMAL_AUDIT = "formal-audit"
