"""How a mandate answers: allow-list, switches, checks, limits, gates. Pure, and closed on failure: what cannot be told
true counts as false, and a gate whose condition cannot be told leads to a full review.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from app import feel
from app.roles.assessment import (
    ActionRequest,
    Assessment,
    CheckResult,
    DecisionOutcome,
    InputFact,
    Measure,
    Outcome,
    Usage,
)
from app.roles.clauses import ActionGrant, Check, Clauses, Floor, Gate, Input, Limit
from app.roles.durations import in_words
from app.roles.predicate import holds, value_of
from app.roles.rights import may_decide
from app.roles.words import ApprovalTier, Autonomy, Breach, Grant, OnExceed, Phase

Scope = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Demand:
    """A tier that something demands, and what demands it."""

    tier: ApprovalTier
    reason: str
    gate: Gate | None = None
    floor: Floor | None = None


def assess(clauses: Clauses, request: ActionRequest) -> Assessment:
    """What may happen now. The order is: granted? switched off? checks before, limits, the gate, and checks during."""
    grant = clauses.grants.get(request.action)
    if grant is None:
        return _refused([_not_granted(clauses, request.action)])
    scope = _scope(clauses, request)
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
    limits = [] if request.undo else _limits(grant, request, scope)
    checks.extend(result for _, result in limits)
    exceeded = [(limit, result) for limit, result in limits if not result.passed]
    if any(limit.on_exceed is OnExceed.REFUSE for limit, _ in exceeded):
        return _refused(checks)
    if held := [result.detail for limit, result in exceeded if limit.on_exceed is OnExceed.HOLD]:
        return Assessment(Outcome.HELD, checks=tuple(checks), reasons=tuple(held))
    demands = [
        _Demand(ApprovalTier.FULL_REVIEW, result.detail)
        for limit, result in exceeded
        if limit.on_exceed is OnExceed.REVIEW
    ]
    demands += _demands(clauses, grant, request, scope)
    assessment = _at_gate(clauses, grant, request, demands, checks)
    return _going(grant, request, scope, assessment) if assessment.outcome is Outcome.ALLOWED else assessment


def run_checks(
    clauses: Clauses, request: ActionRequest, phase: Phase, more: Scope | None = None
) -> tuple[CheckResult, ...]:
    """The checks of one phase by themselves, with `more` names in scope (`result`, `verification`)."""
    grant = clauses.grants.get(request.action)
    if grant is None:
        return (_not_granted(clauses, request.action),)
    scope = {**_scope(clauses, request), **(more or {})}
    return tuple(_run(check, scope, request.now) for check in grant.checks if check.phase is phase)


def measure(clauses: Clauses, request: ActionRequest) -> Measure:
    """Value and subject of the action. What is not a number counts as 0, what is null as no subject."""
    grant = clauses.grants.get(request.action)
    return Measure() if grant is None else _measure(grant, _scope(clauses, request), request.now)


def inputs_seen(clauses: Clauses, request: ActionRequest) -> tuple[InputFact, ...]:
    scope = _scope(clauses, request)
    return tuple(_input_fact(each, scope, request.now) for each in clauses.inputs)


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


def _scope(clauses: Clauses, request: ActionRequest) -> dict[str, object]:
    return {
        "request": request.inputs,
        "variables": request.variables,
        "company": clauses.company.scope(),
        "requester": request.requester,
        "process": request.process_id,
    }


def _not_granted(clauses: Clauses, action: str) -> CheckResult:
    return CheckResult("allow-list", Phase.BEFORE, passed=False, detail=f"{clauses.id} is not granted {action}")


def _switches(clauses: Clauses, grant: ActionGrant, request: ActionRequest) -> CheckResult:
    thrown = sorted(request.switches & switch_names(clauses, grant, request.process_id))
    detail = f"switched off: {', '.join(thrown)}" if thrown else "no switch is set"
    return CheckResult("kill-switches", Phase.BEFORE, passed=not thrown, detail=detail)


def _before(clauses: Clauses, grant: ActionGrant, request: ActionRequest, scope: Scope) -> Iterable[CheckResult]:
    if grant.effect != "read":  # what is being read now cannot be stale yet
        for each in clauses.inputs:
            if each.max_age is not None:
                yield _fresh(each, scope, request.now)
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


def _input_fact(each: Input, scope: Scope, now: datetime) -> InputFact:
    value, _ = value_of(each.value, scope, now)
    age = None
    if each.read_at is not None:
        read_at, _ = value_of(each.read_at, scope, now)
        moment = _moment(feel.to_json(read_at))
        age = None if moment is None else now - moment
    return InputFact(each.name, each.source, feel.to_json(value), age)


def _fresh(each: Input, scope: Scope, now: datetime) -> CheckResult:
    fact = _input_fact(each, scope, now)
    name = f"{each.name}-fresh"
    if fact.value is None or fact.age is None:
        return CheckResult(
            name, Phase.BEFORE, passed=False, detail=f"{each.name} has not been read", breach=Breach.DATA
        )
    fresh = each.max_age is not None and fact.age <= each.max_age
    allowed = "nothing" if each.max_age is None else in_words(each.max_age)
    detail = f"{each.name} was read {in_words(fact.age)} ago; at most {allowed} is allowed"
    return CheckResult(name, Phase.BEFORE, passed=fresh, detail=detail, breach=Breach.DATA)


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _measure(grant: ActionGrant, scope: Scope, now: datetime) -> Measure:
    value: object = Decimal(0)
    subject: object = None
    if grant.value is not None:
        value, _ = value_of(grant.value, scope, now)
    if grant.subject is not None:
        subject, _ = value_of(grant.subject, scope, now)
    return Measure(
        value if isinstance(value, Decimal) else Decimal(0), None if subject is None else feel.text_of(subject)
    )


def _limits(grant: ActionGrant, request: ActionRequest, scope: Scope) -> list[tuple[Limit, CheckResult]]:
    if not grant.limits:
        return []
    this = _measure(grant, scope, request.now)
    return [(limit, _within(limit, request.usage.get(limit.name, Usage()), this)) for limit in grant.limits]


def _within(limit: Limit, usage: Usage, this: Measure) -> CheckResult:
    count, value = usage.count + 1, usage.value + this.value
    fits = (limit.count is None or count <= limit.count) and (limit.value is None or value <= limit.value)
    allowed = " and ".join(
        text
        for text in (
            None if limit.count is None else f"{limit.count} times",
            None if limit.value is None else f"{limit.value} in all",
        )
        if text
    )
    whose = f" for {this.subject}" if limit.per_subject and this.subject else ""
    detail = f"{count} times and {value} in all{whose} within {limit.window}; allowed: {allowed}"
    return CheckResult(limit.name, Phase.BEFORE, passed=fits, detail=detail)


def _demands(clauses: Clauses, grant: ActionGrant, request: ActionRequest, scope: Scope) -> list[_Demand]:
    """Every tier that somebody demands: the first gate that applies, the WorkRoles, autonomy, and confidence."""
    demands = [_first_gate(grant, scope, request.now)]
    for floor in grant.floors:
        verdict = holds(floor.when, scope, request.now) if floor.when is not None else None
        if verdict is None or verdict.holds is not False:
            reason = f"{floor.origin} demands {floor.tier.label}: {floor.when or 'always'}"
            demands.append(_Demand(floor.tier, reason, floor=floor))
    if grant.effect == "write":
        left = request.autonomy or clauses.autonomy
        autonomy = left if clauses.autonomy.exceeds(left) else clauses.autonomy
        if autonomy is not Autonomy.FULL:
            demands.append(_Demand(ApprovalTier.FULL_REVIEW, f"the role is {autonomy.value}: a person confirms"))
        if grant.grant is Grant.DRAFT:
            demands.append(
                _Demand(ApprovalTier.FULL_REVIEW, f"{grant.action} is granted as a draft: a person confirms")
            )
    if grant.decision is not None:
        verdict_of_right = may_decide(clauses, grant.decision, _confidence(grant, request, scope))
        if verdict_of_right.outcome is not DecisionOutcome.GOES_ON:
            demands.append(_Demand(ApprovalTier.FULL_REVIEW, verdict_of_right.detail))
    return demands


def _first_gate(grant: ActionGrant, scope: Scope, now: datetime) -> _Demand:
    for gate in grant.gates:
        verdict = holds(gate.when, scope, now) if gate.when is not None else None
        if verdict is None or verdict.holds:
            return _Demand(gate.tier, f"gate {gate.id}: {gate.when or 'otherwise'}", gate)
        if verdict.holds is None:
            return _Demand(ApprovalTier.FULL_REVIEW, f"gate {gate.id} cannot be told: {verdict.why}")
    return _Demand(ApprovalTier.INSTANT, f"{grant.action} has no gate")


def _confidence(grant: ActionGrant, request: ActionRequest, scope: Scope) -> Decimal | None:
    if request.confidence is not None or grant.confidence is None:
        return request.confidence
    value, _ = value_of(grant.confidence, scope, request.now)
    return value if isinstance(value, Decimal) else None


def _at_gate(
    clauses: Clauses, grant: ActionGrant, request: ActionRequest, demands: list[_Demand], checks: list[CheckResult]
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
    return min(able, key=lambda gate: gate.tier.strength) if able else None


def _window(clauses: Clauses, tier: ApprovalTier, now: datetime) -> timedelta | None:
    return clauses.company.fast_track_ends(now) - now if tier is ApprovalTier.FAST_TRACK else None


def _refused(checks: list[CheckResult]) -> Assessment:
    failed = [check for check in checks if not check.passed]
    breach = Breach.POLICY if any(check.breach is Breach.POLICY for check in failed) else Breach.DATA
    return Assessment(
        Outcome.REFUSED, breach=breach, checks=tuple(checks), reasons=tuple(check.detail for check in failed)
    )
