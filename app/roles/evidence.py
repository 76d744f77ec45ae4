"""The evidence contract: what must exist before an instance may complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.roles.clauses import Clauses, EvidenceItem
from app.roles.predicate import holds
from app.roles.words import EvidenceKind


@dataclass(frozen=True, slots=True)
class Facts:
    """What an instance has to show: names of decisions evaluated, and of actions done, verified and approved."""

    variables: Mapping[str, object]
    now: datetime
    decisions: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    verifications: frozenset[str] = frozenset()
    approvals: frozenset[str] = field(default_factory=frozenset)


def missing_evidence(clauses: Clauses, facts: Facts) -> tuple[EvidenceItem, ...]:
    """The items that are due and not there. An item whose condition cannot be told is due."""
    return tuple(item for item in clauses.evidence_contract if _due(clauses, item, facts) and not _there(item, facts))


def _due(clauses: Clauses, item: EvidenceItem, facts: Facts) -> bool:
    if item.when is None:
        return True
    scope = {"variables": facts.variables, "company": clauses.company.scope()}
    return holds(item.when, scope, facts.now).holds is not False


def _there(item: EvidenceItem, facts: Facts) -> bool:
    match item.kind:
        case EvidenceKind.VARIABLE:
            return facts.variables.get(item.of) is not None
        case EvidenceKind.DECISION:
            return item.of in facts.decisions
        case EvidenceKind.ACTION:
            return item.of in facts.actions
        case EvidenceKind.VERIFICATION:
            return item.of in facts.verifications
        case EvidenceKind.APPROVAL:
            return item.of in facts.approvals
