"""Role documents (YAML) → mandates: what one company lets one role do, compiled into checks that the runtime enforces.

Here live the schema of the four documents, the compiler and the pure answers of a mandate. No clock, no database, no
HTTP: the time, the usage of limits and the switches are passed in. `compile_roles` has these stages, a file each:

    documents (YAML) → sources (schema) → references → expressions → gates → narrowing → controls → answers
    → compiler (clauses)

A mandate is data (`clauses`) that answers through `enforcement`, `rights` and `evidence`; `difference` compares two.
"""

from app.roles.assessment import (
    ActionInfo,
    ActionRequest,
    Assessment,
    Brought,
    CheckResult,
    Decided,
    DecisionOutcome,
    DecisionVerdict,
    InputFact,
    Measure,
    Outcome,
    Usage,
)
from app.roles.assignment import Assigned, assigned_role
from app.roles.calendar import BusinessCalendar
from app.roles.clauses import ActionGrant, Answer, EvidenceItem, Gate, Limit, People, Right
from app.roles.company import CompanyProfile
from app.roles.compiler import Compiled, compile_roles
from app.roles.default import DEFAULT_REVIEWERS, default_mandate
from app.roles.difference import Change, Direction, compare
from app.roles.documents import Document, read_document
from app.roles.evidence import Facts
from app.roles.mandate import Mandate
from app.roles.redaction import REDACTED, redact
from app.roles.reviews import OVERDUE
from app.roles.sources import json_schemas
from app.roles.words import (
    DEFAULT_ROLE,
    TYPED,
    ApprovalTier,
    Autonomy,
    Breach,
    EvidenceKind,
    Grant,
    OnExceed,
    Phase,
    RuleChanges,
    Stage,
    Ungoverned,
)

__all__ = [
    "DEFAULT_REVIEWERS",
    "DEFAULT_ROLE",
    "OVERDUE",
    "REDACTED",
    "TYPED",
    "ActionGrant",
    "ActionInfo",
    "ActionRequest",
    "Answer",
    "ApprovalTier",
    "Assessment",
    "Assigned",
    "Autonomy",
    "Breach",
    "Brought",
    "BusinessCalendar",
    "Change",
    "CheckResult",
    "CompanyProfile",
    "Compiled",
    "Decided",
    "DecisionOutcome",
    "DecisionVerdict",
    "Direction",
    "Document",
    "EvidenceItem",
    "EvidenceKind",
    "Facts",
    "Gate",
    "Grant",
    "InputFact",
    "Limit",
    "Mandate",
    "Measure",
    "OnExceed",
    "Outcome",
    "People",
    "Phase",
    "Right",
    "RuleChanges",
    "Stage",
    "Ungoverned",
    "Usage",
    "assigned_role",
    "compare",
    "compile_roles",
    "default_mandate",
    "json_schemas",
    "read_document",
    "redact",
]
