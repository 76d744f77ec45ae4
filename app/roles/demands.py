"""Which approval an action needs: every tier that a gate, a WorkRole, autonomy or confidence demands of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.roles.assessment import ActionRequest, DecisionOutcome
from app.roles.clauses import ActionGrant, Clauses, Floor, Gate
from app.roles.predicate import holds
from app.roles.rights import may_follow
from app.roles.words import ApprovalTier, Autonomy, Grant, Ungoverned

Scope = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Demand:
    """A tier that something demands, and what demands it."""

    tier: ApprovalTier
    reason: str
    gate: Gate | None = None
    floor: Floor | None = None


def demands_of(clauses: Clauses, grant: ActionGrant, request: ActionRequest, scope: Scope) -> list[Demand]:
    """Every tier that somebody demands: the first gate that applies, the WorkRoles, autonomy, and confidence."""
    demands = [_first_gate(grant, scope, request.now)]
    for floor in grant.floors:
        verdict = holds(floor.when, scope, request.now) if floor.when is not None else None
        if verdict is None or verdict.holds is not False:
            reason = f"{floor.origin} demands {floor.tier.label}: {floor.when or 'always'}"
            demands.append(Demand(floor.tier, reason, floor=floor))
    if request.repaired_by is not None and grant.effect != "read" and clauses.ungoverned is not Ungoverned.ALLOW:
        reason = f"{request.repaired_by} has moved its tokens by hand: somebody else looks at what follows"
        demands.append(Demand(ApprovalTier.FULL_REVIEW, reason))
    if grant.effect == "write":
        left = request.autonomy or clauses.autonomy
        autonomy = left if clauses.autonomy.exceeds(left) else clauses.autonomy
        if autonomy is not Autonomy.FULL:
            demands.append(Demand(ApprovalTier.FULL_REVIEW, f"the role is {autonomy.value}: a person confirms"))
        if grant.grant is Grant.DRAFT:
            demands.append(Demand(ApprovalTier.FULL_REVIEW, f"{grant.action} is granted as a draft: a person confirms"))
    if grant.decision is not None:
        right = may_follow(clauses, grant.decision, request.decided.get(grant.decision))
        if right.outcome is not DecisionOutcome.GOES_ON:
            demands.append(Demand(ApprovalTier.FULL_REVIEW, right.detail))
    return demands


def _first_gate(grant: ActionGrant, scope: Scope, now: datetime) -> Demand:
    for gate in grant.gates:
        verdict = holds(gate.when, scope, now) if gate.when is not None else None
        if verdict is None or verdict.holds:
            return Demand(gate.tier, f"gate {gate.id}: {gate.when or 'otherwise'}", gate)
        if verdict.holds is None:
            return Demand(ApprovalTier.FULL_REVIEW, f"gate {gate.id} cannot be told: {verdict.why}")
    return Demand(ApprovalTier.INSTANT, f"{grant.action} has no gate")
