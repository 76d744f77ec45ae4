"""How a mandate answers: allow-list, switches, checks, limits, gates. Pure, and closed on failure: what cannot be told
true counts as false, and a gate whose condition cannot be told leads to a full review.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from app.roles.assessment import ActionRequest, Assessment, CheckResult, InputFact, Measure, Outcome
from app.roles.clauses import ActionGrant, Check, Clauses, Gate
from app.roles.demands import Demand, demands_of
from app.roles.predicate import holds
from app.roles.trust import decision_in_scope, decision_made, input_fact, inputs_fresh
from app.roles.windows import measured, within_limits, worth_known
from app.roles.words import ApprovalTier, Breach, Grant, OnExceed, Phase, Ungoverned

Scope = Mapping[str, object]


def assess(clauses: Clauses, request: ActionRequest) -> Assessment:
    """What may happen now. The order is: granted? switched off? checks before, limits, the gate, and checks during."""
    grant = _grant_of(clauses, request)
    if grant is None:
        return _refused([_not_granted(clauses, request.action)])
    scope = _scope(clauses, grant, request)
    switched_off = _switches(clauses, grant, request)
    checks = [
        CheckResult(
            "allow-list", Phase.BEFORE, passed=True, detail=f"{grant.action} is granted as {grant.grant.value}"
        ),
        switched_off,
        *(result for result in _before(clauses, grant, request, scope) if not _excused(result, request)),
    ]
    if not switched_off.passed:
        return Assessment(Outcome.HELD, checks=tuple(checks), reasons=(switched_off.detail,))
    if any(not check.passed for check in checks):
        return _refused(checks)
    limits = [] if request.undo else within_limits(grant, request, scope)
    checks.extend(result for _, result in limits)
    exceeded = [(limit, result) for limit, result in limits if not result.passed]
    if any(limit.on_exceed is OnExceed.REFUSE for limit, _ in exceeded):
        return _refused(checks)
    if held := [result.detail for limit, result in exceeded if limit.on_exceed is OnExceed.HOLD]:
        return Assessment(Outcome.HELD, checks=tuple(checks), reasons=tuple(held))
    demands = [
        Demand(ApprovalTier.FULL_REVIEW, result.detail)
        for limit, result in exceeded
        if limit.on_exceed is OnExceed.REVIEW
    ]
    demands += demands_of(clauses, grant, request, scope)
    assessment = _at_gate(clauses, grant, request, demands, checks)
    return _going(grant, request, scope, assessment) if assessment.outcome is Outcome.ALLOWED else assessment


def run_checks(
    clauses: Clauses, request: ActionRequest, phase: Phase, more: Scope | None = None
) -> tuple[CheckResult, ...]:
    """The checks of one phase by themselves, with `more` names in scope (`result`, `verification`)."""
    grant = _grant_of(clauses, request)
    if grant is None:
        return (_not_granted(clauses, request.action),)
    scope = {**_scope(clauses, grant, request), **(more or {})}
    return tuple(_run(check, scope, request.now) for check in grant.checks if check.phase is phase)


def measure(clauses: Clauses, request: ActionRequest) -> Measure:
    """Value and subject of the action. What is not a number counts as 0, what is null as no subject."""
    grant = clauses.grants.get(request.action)
    return Measure() if grant is None else measured(grant, _scope(clauses, grant, request), request.now)


def inputs_seen(clauses: Clauses, request: ActionRequest) -> tuple[InputFact, ...]:
    scope = _scope(clauses, clauses.grants.get(request.action), request)
    return tuple(input_fact(each, request, scope) for each in clauses.inputs)


def switch_names(clauses: Clauses, grant: ActionGrant, process_id: str) -> frozenset[str]:
    """The kill switches that would stop this action."""
    return frozenset(
        {
            "everything:*",
            f"role:{clauses.id}",
            f"process:{process_id}",
            f"action:{grant.action}",
            f"system:{grant.system}",
        }
    )


def _grant_of(clauses: Clauses, request: ActionRequest) -> ActionGrant | None:
    """What the role grants. The default mandate grants what any handler does, as the company's `ungoverned` says."""
    if clauses.ungoverned is None or request.action in clauses.grants:
        return clauses.grants.get(request.action)
    reads = request.effect == "read"
    if not reads and clauses.ungoverned is Ungoverned.REFUSE:
        return None
    gates: tuple[Gate, ...] = ()
    if not reads and clauses.ungoverned is Ungoverned.REVIEW:
        gates = (Gate("no-role", None, ApprovalTier.FULL_REVIEW, clauses.people.escalation_owner, 1, four_eyes=True),)
    return ActionGrant(
        action=request.action,
        system=request.system,
        effect=request.effect,
        grant=Grant.ACT,
        reversible=True,
        verified=False,
        value=None,
        subject=None,
        decision=None,
        checks=(),
        gates=gates,
        floors=(),
        limits=(),
    )


def _scope(clauses: Clauses, grant: ActionGrant | None, request: ActionRequest) -> dict[str, object]:
    return {
        "decision": None if grant is None else decision_in_scope(grant, request),
        "request": request.inputs,
        "variables": request.variables,
        "company": clauses.company.scope(),
        "requester": request.requester,
        "process": request.process_id,
    }


def _not_granted(clauses: Clauses, action: str) -> CheckResult:
    detail = f"{clauses.id} is not granted {action}"
    if clauses.ungoverned is not None:
        detail = f"no role document names the process, and the company refuses {action} there"
    return CheckResult("allow-list", Phase.BEFORE, passed=False, detail=detail)


def _switches(clauses: Clauses, grant: ActionGrant, request: ActionRequest) -> CheckResult:
    thrown = sorted(request.switches & switch_names(clauses, grant, request.process_id))
    detail = f"switched off: {', '.join(thrown)}" if thrown else "no switch is set"
    return CheckResult("kill-switches", Phase.BEFORE, passed=not thrown, detail=detail)


def _before(clauses: Clauses, grant: ActionGrant, request: ActionRequest, scope: Scope) -> Iterable[CheckResult]:
    if request.system and (grant.system, grant.effect) != (request.system, request.effect):
        detail = f"{grant.action} was granted to {grant.effect} {grant.system}, but its handler says {request.effect} "
        yield CheckResult("effect-agreed", Phase.BEFORE, passed=False, detail=detail + request.system)
    if grant.effect != "read":  # what is being read now cannot be stale yet
        yield from inputs_fresh(clauses, request, scope)
        found = (decision_made(clauses, grant, request), worth_known(grant, request, scope))
        yield from (check for check in found if check is not None)
    for check in grant.checks:
        if check.phase is Phase.BEFORE:
            yield _run(check, scope, request.now)


def _excused(result: CheckResult, request: ActionRequest) -> bool:
    return request.undo and result.breach is Breach.DATA


def _run(check: Check, scope: Scope, now: datetime) -> CheckResult:
    verdict = holds(check.test, scope, now)
    if verdict.holds:
        detail = check.test
    else:
        detail = f"{check.explain or check.test} ({check.origin})" + (f": {verdict.why}" if verdict.why else "")
    return CheckResult(check.name, check.phase, passed=verdict.holds is True, detail=detail, breach=check.breach)


def _at_gate(
    clauses: Clauses, grant: ActionGrant, request: ActionRequest, demands: list[Demand], checks: list[CheckResult]
) -> Assessment:
    strongest = max(demands, key=lambda demand: (demand.tier.strength, demand.gate is not None))
    tier = strongest.tier
    reasons = tuple(demand.reason for demand in demands if demand.tier is tier)
    if tier is ApprovalTier.INSTANT:
        gate_id = strongest.gate.id if strongest.gate else None
        return Assessment(Outcome.ALLOWED, tier, gate_id, checks=tuple(checks), reasons=reasons)
    gate = strongest.gate or _gate_for(grant, tier)
    floors = [each.floor for each in demands if each.floor and each.tier is not ApprovalTier.INSTANT]
    named = next((floor.approver for floor in floors if floor.approver is not None), None)
    granted = request.approved is not None and not tier.exceeds(request.approved)
    return Assessment(
        outcome=Outcome.ALLOWED if granted else Outcome.APPROVAL_NEEDED,
        tier=tier,
        gate=gate.id if gate else f"{clauses.id}-review",
        approver_role=named or (gate.approver if gate else clauses.people.escalation_owner),
        approvals_needed=max([gate.approvals if gate else 1, *(floor.approvals for floor in floors)]),
        window=_window(clauses, tier, request.now),
        four_eyes=gate is None or gate.four_eyes or any(floor.four_eyes for floor in floors),
        checks=tuple(checks),
        reasons=reasons,
    )


def _going(grant: ActionGrant, request: ActionRequest, scope: Scope, assessment: Assessment) -> Assessment:
    """The gate is open: what has changed while it was closed?"""
    during = [_run(check, scope, request.now) for check in grant.checks if check.phase is Phase.DURING]
    checks = [*assessment.checks, *during]
    return replace(assessment, checks=tuple(checks)) if all(check.passed for check in during) else _refused(checks)


def _gate_for(grant: ActionGrant, tier: ApprovalTier) -> Gate | None:
    """The gate whose people approve what no gate's own condition demanded: the weakest that is strong enough."""
    able = [gate for gate in grant.gates if gate.approver is not None and not tier.exceeds(gate.tier)]
    return min(able, key=lambda gate: (gate.tier.strength, gate.approvals)) if able else None


def _window(clauses: Clauses, tier: ApprovalTier, now: datetime) -> timedelta | None:
    return clauses.company.fast_track_ends(now) - now if tier is ApprovalTier.FAST_TRACK else None


def _refused(checks: list[CheckResult]) -> Assessment:
    failed = [check for check in checks if not check.passed]
    breach = Breach.POLICY if any(check.breach is Breach.POLICY for check in failed) else Breach.DATA
    return Assessment(
        Outcome.REFUSED, breach=breach, checks=tuple(checks), reasons=tuple(check.detail for check in failed)
    )
