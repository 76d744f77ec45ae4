"""Asking the mandate: what one job's action looks like to the role that governs its process."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from app.handlers import HandlerRegistry
from app.roles import (
    ActionRequest,
    ApprovalTier,
    Assessment,
    Brought,
    CheckResult,
    Decided,
    Mandate,
    Measure,
    Outcome,
    Phase,
    Usage,
)
from app.runtime.governance.attempt import Attempt
from app.runtime.instances import element_key, those_set
from app.runtime.transaction import mapping
from app.runtime.views import confidence_of
from app.store import locks
from app.store.states import ApprovalState, JobState, SwitchScope
from app.store.tables import ActionUseRow, ApprovalRow, EvaluationRow, InstanceRow, JobRow

_SCALE = Decimal(10000)
_LOCAL = (SwitchScope.INSTANCE, SwitchScope.ELEMENT)  # no role needs to know of these
_STRICTNESS = (Outcome.ALLOWED, Outcome.APPROVAL_NEEDED, Outcome.HELD, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, the roles that were asked (the instance's own, then those of its callers), and the answer."""

    request: ActionRequest
    mandates: tuple[Mandate, ...]
    assessment: Assessment

    @property
    def mandate(self) -> Mandate:
        return self.mandates[0]


def ask(attempt: Attempt) -> Asked:
    """What the mandate says about this job, now; of a called process the strictest of its own and its callers'."""
    session, row, job = attempt.transaction.session, attempt.row, attempt.job
    now, mandates = attempt.transaction.now, (attempt.mandate, *attempt.callers_mandates)
    switches = _switches(attempt, mandates)
    handler = attempt.handler
    request = ActionRequest(
        action=job.type,
        inputs=mapping(job.variables),
        variables=mapping(row.variables),
        now=now,
        process_id=row.process_id,
        requester=job.asked_by or row.requester,
        repaired_by=row.repaired_by,
        system=handler.system if handler else "",
        effect=str(handler.effect) if handler else "write",
        decided=_decided(session, row, mandates),
        brought=_brought(session, row, mandates, attempt.core.registry),
        switches=switches,
        approved=_approved(session, job),
        undo=job.undo_of is not None,
    )
    if thrown := sorted(each for each in switches if each.partition(":")[0] in _LOCAL):
        return Asked(request, mandates, _switched_off(thrown))
    request = _with_usage(session, mandates, request, job)
    assessment = _strictest(mandate.assess(request) for mandate in mandates)
    return Asked(request, mandates, for_whoever_asked(assessment, request.requester))


def for_whoever_asked(assessment: Assessment, requester: str | None) -> Assessment:
    """Where nobody knows who asked, four eyes cannot exclude them: one more independent person must approve."""
    if requester is not None or not assessment.four_eyes or assessment.outcome is not Outcome.APPROVAL_NEEDED:
        return assessment
    reasons = (*assessment.reasons, "who asked for it is not known: one more person approves")
    if assessment.tier is ApprovalTier.FAST_TRACK:  # the clock is no person
        return replace(assessment, tier=ApprovalTier.FULL_REVIEW, window=None, approvals_needed=1, reasons=reasons)
    return replace(assessment, approvals_needed=assessment.approvals_needed + 1, reasons=reasons)


def _strictest(assessments: Iterable[Assessment]) -> Assessment:
    """The answer that lets the least happen; among those that let as much, the first."""
    return max(
        assessments, key=lambda each: (_STRICTNESS.index(each.outcome), each.tier.strength, each.approvals_needed)
    )


def _decided(session: Session, row: InstanceRow, mandates: Iterable[Mandate]) -> dict[str, Decided]:
    """The newest answer of each decision that the roles may make, in this instance and those it belongs to."""
    wanted = {decision for mandate in mandates for decision in mandate.rights}
    if not wanted:
        return {}
    query = (
        select(EvaluationRow.decision_id, EvaluationRow.evaluation)
        .where(EvaluationRow.instance_id.in_(_tree(row)), EvaluationRow.decision_id.in_(wanted))
        .order_by(EvaluationRow.id)
    )
    found: dict[str, Decided] = {}
    for decision_id, evaluation in session.execute(query):
        answer = mapping(evaluation)
        by = answer.get("by")
        value = answer.get("value")
        found[decision_id] = Decided(value, confidence_of(value), by if isinstance(by, str) else None)
    return found


def _brought(
    session: Session, row: InstanceRow, mandates: Iterable[Mandate], registry: HandlerRegistry
) -> dict[str, tuple[Brought, ...]]:
    """What the actions of this instance, and of those it belongs to, have brought from the sources of the roles."""
    sources = {each.source for mandate in mandates for each in mandate.inputs}
    types = [name for name, handler in registry.items() if handler.system in sources]
    if not types:
        return {}
    query = select(JobRow.type, JobRow.result, JobRow.ended_at).where(
        JobRow.instance_id.in_(_tree(row)),
        JobRow.type.in_(types),
        JobRow.state == JobState.DONE,
        JobRow.undo_of.is_(None),
    )
    found: dict[str, tuple[Brought, ...]] = {}
    for job_type, result, ended_at in session.execute(query.order_by(JobRow.id)):
        system = registry[job_type].system
        if ended_at is not None:
            found[system] = (*found.get(system, ()), Brought(mapping(result), ended_at))
    return found


def _tree(row: InstanceRow) -> Select[str]:
    """The instances of one tree of calls."""
    return select(InstanceRow.id).where(InstanceRow.root_id == row.root_id)


def record_use(attempt: Attempt, asked: Asked) -> None:
    """Count the action in the windows of its roles, once however often the job is tried. An undo uses nothing."""
    session, job = attempt.transaction.session, attempt.job
    scopes = _scopes(asked.mandates, asked.request)
    if not scopes or asked.request.undo:
        return
    if session.scalars(select(ActionUseRow.job_id).where(ActionUseRow.job_id == job.id).limit(1)).first() is not None:
        return
    for counted_over, measure in scopes.items():
        session.add(
            ActionUseRow(
                job_id=job.id,
                counted_over=counted_over,
                action=job.type,
                process_id=attempt.row.process_id,
                subject=measure.subject,
                at=asked.request.now,
                value_ten_thousandths=int(measure.value * _SCALE),
                given_back_at=None,
            )
        )


def give_back(attempt: Attempt, undone: str) -> None:
    """The job was undone: what it took from its windows is there again."""
    attempt.transaction.session.execute(
        update(ActionUseRow).where(ActionUseRow.job_id == undone).values(given_back_at=attempt.transaction.now)
    )


def _scopes(mandates: Iterable[Mandate], request: ActionRequest) -> dict[str, Measure]:
    """Whose windows the action counts in: each JobRole's own, and each of its WorkRoles'."""
    found: dict[str, Measure] = {}
    for mandate in mandates:
        if request.action in mandate.grants:
            names = [f"job-role:{mandate.id}", *(f"work-role:{name}" for name in mandate.work_roles)]
            found.update(dict.fromkeys(names, mandate.measure(request)))
    return found


def _with_usage(session: Session, mandates: Iterable[Mandate], request: ActionRequest, job: JobRow) -> ActionRequest:
    limits = [(limit, mandate) for mandate in mandates for limit in mandate.limits if limit.action == request.action]
    if not limits:
        return request
    scopes = [limit.counted_over or f"job-role:{mandate.id}" for limit, mandate in limits]
    locks.hold_of(session, locks.Lock.LIMITS, [f"{scope} {request.action}" for scope in scopes])
    usage: dict[str, Usage] = {}
    for (limit, mandate), scope in zip(limits, scopes, strict=True):
        query = select(func.count(), func.coalesce(func.sum(ActionUseRow.value_ten_thousandths), 0)).where(
            ActionUseRow.counted_over == scope,
            ActionUseRow.given_back_at.is_(None),
            ActionUseRow.action == limit.action,
            ActionUseRow.at > request.now - limit.window,
            ActionUseRow.job_id != job.id,
        )
        if limit.per_subject:
            query = query.where(ActionUseRow.subject == mandate.measure(request).subject)
        count, value = session.execute(query).one()
        usage[limit.key] = Usage(count, Decimal(int(value)) / _SCALE)
    return replace(request, usage=usage)


def _approved(session: Session, job: JobRow) -> ApprovalTier | None:
    if job.approval_id is None:
        return None
    granted = select(ApprovalRow.tier).where(
        ApprovalRow.id == job.approval_id, ApprovalRow.state == ApprovalState.APPROVED
    )
    tier = session.scalar(granted)
    return None if tier is None else ApprovalTier(tier)


def _switched_off(thrown: list[str]) -> Assessment:
    detail = f"switched off: {', '.join(thrown)}"
    check = CheckResult("kill-switches", Phase.BEFORE, passed=False, detail=detail)
    return Assessment(Outcome.HELD, checks=(check,), reasons=(detail,))


def _switches(attempt: Attempt, mandates: Iterable[Mandate]) -> frozenset[str]:
    """The switches that are set and concern this job, as "scope:key". Nobody clears them before it is held by them."""
    row, job, handler = attempt.row, attempt.job, attempt.handler
    grants = [grant for mandate in mandates if (grant := mandate.grants.get(job.type)) is not None]
    systems = {each.system for each in (*grants, handler) if each is not None}
    names = [
        (SwitchScope.EVERYTHING, "*"),
        (SwitchScope.PROCESS, row.process_id),
        (SwitchScope.ACTION, job.type),
        (SwitchScope.INSTANCE, row.id),
        (SwitchScope.INSTANCE, row.root_id),
        (SwitchScope.ELEMENT, element_key(row.process_id, job.element_id)),
        *((SwitchScope.ROLE, each.id) for each in mandates),
        *((SwitchScope.SYSTEM, system) for system in sorted(systems)),
    ]
    found = attempt.transaction.session.execute(those_set(names))
    return frozenset(f"{scope}:{key}" for scope, key in found)
