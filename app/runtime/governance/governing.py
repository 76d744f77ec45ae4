"""Asking the mandate: what one job's action looks like to the role that governs its process."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import feel
from app.handlers import HandlerRegistry
from app.roles import ActionRequest, ApprovalTier, Assessment, CheckResult, Mandate, Outcome, Phase, Usage
from app.runtime.governance.attempt import Attempt
from app.runtime.instances import element_key, those_set
from app.runtime.models import is_global_task
from app.runtime.transaction import ModelCache, mapping
from app.store import locks
from app.store.states import ApprovalState, SwitchScope
from app.store.tables import ActionUseRow, ApprovalRow, InstanceRow, JobRow

_SCALE = Decimal(10000)
_LOCAL = (SwitchScope.INSTANCE, SwitchScope.ELEMENT)  # no role needs to know of these


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, the role that was asked (None: nobody governs the process) and its answer."""

    request: ActionRequest
    mandate: Mandate | None
    assessment: Assessment


def ask(attempt: Attempt) -> Asked:
    """What the mandate says about this job, now."""
    session, row, job = attempt.transaction.session, attempt.row, attempt.job
    now, mandate = attempt.transaction.now, attempt.mandate
    switches = _switches(attempt)
    request = ActionRequest(
        action=job.type,
        inputs=mapping(job.variables),
        variables=mapping(row.variables),
        now=now,
        process_id=row.process_id,
        requester=requester_of(attempt.core.models, session, row, now),
        switches=switches,
        approved=_approved(session, job),
        undo=job.undo_of is not None,
    )
    if thrown := sorted(each for each in switches if each.partition(":")[0] in _LOCAL):
        return Asked(request, mandate, _switched_off(thrown))
    if mandate is None:
        return Asked(request, None, _ungoverned(attempt.core.registry, request))
    request = _with_usage(session, mandate, request, job)
    return Asked(request, mandate, mandate.assess(request))


def requester_of(models: ModelCache, session: Session, row: InstanceRow, now: datetime) -> str | None:
    """Who asked for what the instance does (the diagram's `bailiwick:requester`); of a global task, its caller."""
    facts = models.facts(session, row.model_id)
    if is_global_task(facts) and row.parent_id is not None:
        return requester_of(models, session, session.get_one(InstanceRow, row.parent_id), now)
    text = facts.get("requester")
    if text is None:
        return row.requester
    variables = mapping(row.variables)
    value = feel.compile(str(text), variables.keys()).evaluate(variables, now=now)
    return None if value is None else feel.text_of(value)


def record_use(attempt: Attempt, asked: Asked) -> None:
    """Count the action in the windows of its role, once however often the job is tried."""
    session, job = attempt.transaction.session, attempt.job
    if asked.mandate is None or session.get(ActionUseRow, job.id) is not None:
        return
    measure = asked.mandate.measure(asked.request)
    session.add(
        ActionUseRow(
            job_id=job.id,
            job_role=asked.mandate.id,
            action=job.type,
            process_id=attempt.row.process_id,
            subject=measure.subject,
            at=asked.request.now,
            value_ten_thousandths=int(measure.value * _SCALE),
        )
    )


def _with_usage(session: Session, mandate: Mandate, request: ActionRequest, job: JobRow) -> ActionRequest:
    limits = [limit for limit in mandate.limits if limit.action == request.action]
    if not limits:
        return request
    locks.hold_of(session, locks.Lock.LIMITS, [f"{mandate.id} {request.action}"])
    subject = mandate.measure(request).subject
    usage: dict[str, Usage] = {}
    for limit in limits:
        query = select(func.count(), func.coalesce(func.sum(ActionUseRow.value_ten_thousandths), 0)).where(
            ActionUseRow.job_role == mandate.id,
            ActionUseRow.action == limit.action,
            ActionUseRow.at > request.now - limit.window,
            ActionUseRow.job_id != job.id,
        )
        if limit.per_subject:
            query = query.where(ActionUseRow.subject == subject)
        count, value = session.execute(query).one()
        usage[limit.name] = Usage(count, Decimal(int(value)) / _SCALE)
    return replace(request, usage=usage)


def _approved(session: Session, job: JobRow) -> ApprovalTier | None:
    if job.approval_id is None:
        return None
    granted = select(ApprovalRow.tier).where(
        ApprovalRow.id == job.approval_id, ApprovalRow.state == ApprovalState.APPROVED
    )
    tier = session.scalar(granted)
    return None if tier is None else ApprovalTier(tier)


def _ungoverned(registry: HandlerRegistry, request: ActionRequest) -> Assessment:
    """A process without a role is stopped by kill switches only, and its evidence says so."""
    handler = registry.get(request.action)
    system = handler.system if handler else ""
    stops = {f"process:{request.process_id}", f"action:{request.action}", f"system:{system}", "everything:*"}
    if thrown := sorted(request.switches & stops):
        return _switched_off(thrown)
    check = CheckResult("kill-switches", Phase.BEFORE, passed=True, detail="no switch is set")
    return Assessment(Outcome.ALLOWED, checks=(check,), reasons=("no role governs this process",))


def _switched_off(thrown: list[str]) -> Assessment:
    detail = f"switched off: {', '.join(thrown)}"
    check = CheckResult("kill-switches", Phase.BEFORE, passed=False, detail=detail)
    return Assessment(Outcome.HELD, checks=(check,), reasons=(detail,))


def _switches(attempt: Attempt) -> frozenset[str]:
    """The switches that are set and concern this job, as "scope:key". Nobody clears them before it is held by them."""
    row, job, mandate, handler = attempt.row, attempt.job, attempt.mandate, attempt.handler
    grant = mandate.grants.get(job.type) if mandate else None
    names = [
        (SwitchScope.EVERYTHING, "*"),
        (SwitchScope.PROCESS, row.process_id),
        (SwitchScope.ACTION, job.type),
        (SwitchScope.INSTANCE, row.id),
        (SwitchScope.INSTANCE, row.root_id),
        (SwitchScope.ELEMENT, element_key(row.process_id, job.element_id)),
        *((SwitchScope.ROLE, each.id) for each in (mandate,) if each is not None),
        *((SwitchScope.SYSTEM, each.system) for each in (grant, handler) if each is not None),
    ]
    found = attempt.transaction.session.execute(those_set(names))
    return frozenset(f"{scope}:{key}" for scope, key in found)
