"""The role compiler: documents → mandates. All stages report at once; where there is a mistake there is no mandate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import TypeVar

from app.errors import Diagnostic, Severity
from app.roles.answers import answer_sheet, check_answers
from app.roles.assessment import ActionInfo
from app.roles.calendar import WEEKDAYS, BusinessCalendar
from app.roles.clauses import (
    ActionGrant,
    Check,
    ErrorBudget,
    EvidenceItem,
    ExceptionRoute,
    Floor,
    Gate,
    Input,
    Limit,
    Metric,
    People,
    Right,
)
from app.roles.company import DEFAULT_REVIEW_CADENCE_DAYS, CompanyProfile, Group, Person
from app.roles.controls import check_controls
from app.roles.expressions import check_expressions
from app.roles.gates import check_gates
from app.roles.mandate import Mandate
from app.roles.narrowing import check_narrowing
from app.roles.redaction import ALWAYS_REDACTED
from app.roles.references import check_references
from app.roles.reviews import check_reviews
from app.roles.schema import (
    CheckPart,
    CompanyDocument,
    EvidencePart,
    IntegrationPart,
    JobActionPart,
    JobRoleDocument,
    LimitPart,
    MetricPart,
    WorkActionPart,
    WorkRoleDocument,
)
from app.roles.sources import Source, Sources, read_sources
from app.roles.words import ApprovalTier, Breach, Phase

Part = TypeVar("Part", EvidencePart, MetricPart)


@dataclass(frozen=True, slots=True)
class Compiled:
    """`mandates` by JobRole id; empty where any diagnostic is an error. `company` is None where there is no profile."""

    mandates: Mapping[str, Mandate]
    diagnostics: tuple[Diagnostic, ...]
    company: CompanyProfile | None


def compile_roles(
    documents: Mapping[str, bytes], actions: Mapping[str, ActionInfo], today: date | None = None
) -> Compiled:
    """Compile role documents (file name → YAML) against the actions that there are task handlers for.

    Never raises for what an author may have written: every mistake is a diagnostic with file, line, path and remedy.
    With `today`, reviews that are overdue are warnings too.
    """
    sources, diagnostics = read_sources(documents)
    diagnostics.extend(_missing_documents(sources))
    diagnostics.extend(check_references(sources, actions))
    diagnostics.extend(check_expressions(sources, actions))
    for source in sources.job_roles.values():
        diagnostics.extend(check_gates(source, sources))
        diagnostics.extend(check_narrowing(source, sources))
        diagnostics.extend(check_controls(source, sources))
        diagnostics.extend(check_answers(source))
        diagnostics.extend(check_reviews(source, sources, today) if today else ())
    diagnostics.sort(key=lambda each: (each.file or "", each.line or 0, each.column or 0, each.code))
    broken = any(each.severity is Severity.ERROR for each in diagnostics)
    company = None if sources.company is None or broken else _company(sources.company.model)
    mandates = {}
    if company is not None:
        mandates = {name: _mandate(source, sources, company, actions) for name, source in sources.job_roles.items()}
    return Compiled(mandates, tuple(diagnostics), company)


def _missing_documents(sources: Sources) -> Iterator[Diagnostic]:
    if not sources.job_roles:
        return
    first = next(iter(sources.job_roles.values()))
    for kind, found in (("company", sources.company), ("integrations", sources.integrations)):
        if found is None and not any(unusable == kind for unusable, _ in sources.unusable):
            message = f"Expected a document of kind {kind} beside the JobRoles, but found none."
            yield first.diagnostic("no-document", (), message, f"Add roles/{kind}.yaml.")


def _mandate(
    source: Source[JobRoleDocument], sources: Sources, company: CompanyProfile, actions: Mapping[str, ActionInfo]
) -> Mandate:
    role = source.model
    work_roles = [sources.work_roles[name] for name in role.work_roles]
    models = [each.model for each in work_roles]
    grants = tuple(_grant(part, role, models, sources, actions) for part in role.actions)
    evidence = tuple(_evidence(each) for each in _united([model.evidence for model in models], role.evidence))
    cadence = timedelta(days=company.review_cadence_days[role.risk_tier])
    stamps = [each.stamp for each in (sources.company, sources.integrations) if each is not None]
    people, review = role.people, role.review
    if review is None or people.responsible is None or people.accountable is None or people.escalation_owner is None:
        raise AssertionError("a role without answers has diagnostics and does not get here")
    return Mandate(
        id=role.id,
        name=role.name,
        description=role.description,
        owner=role.owner,
        version=role.version,
        work_roles=role.work_roles,
        risk_tier=role.risk_tier,
        autonomy=role.autonomy,
        company=company,
        people=People(
            people.holders,
            people.responsible,
            people.accountable,
            people.consulted,
            people.informed,
            people.escalation_owner,
        ),
        grants={grant.action: grant for grant in grants},
        rights={part.decision: _right(part.decision, role) for part in role.decisions},
        inputs=tuple(Input(each.name, each.source, each.value, each.read_at, each.max_age) for each in role.inputs),
        evidence_contract=evidence,
        exceptions=tuple(ExceptionRoute(case, part.policy, part.to) for case, part in role.exceptions.items()),
        metrics=tuple(_metric(each) for each in _united([model.metrics for model in models], role.metrics)),
        error_budget=_error_budget(role),
        fields_to_redact=tuple(
            sorted({*ALWAYS_REDACTED, *role.redact, *chain.from_iterable(model.redact for model in models)})
        ),
        controls={control.value: text for control, text in role.controls.items()},
        reviewed_on=review.last,
        review_due=review.last + cadence,
        answer_sheet=answer_sheet(role, grants, evidence),
        documents=(*stamps, *(each.stamp for each in work_roles), source.stamp),
        processes=role.processes,
    ).sealed()


def _grant(
    part: JobActionPart,
    role: JobRoleDocument,
    work_roles: list[WorkRoleDocument],
    sources: Sources,
    actions: Mapping[str, ActionInfo],
) -> ActionGrant:
    info = actions[part.action]
    kit = next((each for each in _kit(sources) if each.action == part.action), None)
    inherited = [(model, each) for model in work_roles for each in model.actions if each.action == part.action]
    return ActionGrant(
        action=part.action,
        system=info.system,
        effect=str(info.effect),
        grant=part.grant,
        reversible=info.reversible and kit is not None and kit.undo is not None,
        verified=info.verified and kit is not None and kit.verification == "read-back",
        value=_said_first("value", part, inherited),
        subject=_said_first("subject", part, inherited),
        decision=_said_first("decision", part, inherited),
        checks=(
            *_ceilings(kit, sources),
            *(_check(check, model.id) for model, each in inherited for check in each.checks),
            *(_check(check, role.id) for check in part.checks),
        ),
        gates=tuple(
            Gate(
                gate.id,
                gate.when,
                gate.tier,
                gate.approver,
                gate.approvals,
                gate.four_eyes and gate.tier is not ApprovalTier.INSTANT,
            )
            for gate in part.gates
        ),
        floors=tuple(
            Floor(floor.when, floor.tier, model.id, floor.approver, floor.approvals, floor.four_eyes)
            for model in work_roles
            for floor in model.approvals
            if floor.action == part.action
        ),
        limits=(
            *(
                _limit(limit, part.action, f"work-role:{model.id}")
                for model, each in inherited
                for limit in each.limits
            ),
            *(_limit(limit, part.action, f"job-role:{role.id}") for limit in part.limits),
        ),
    )


def _said_first(name: str, part: JobActionPart, inherited: list[tuple[WorkRoleDocument, WorkActionPart]]) -> str | None:
    """What the JobRole says, or else a WorkRole; that they agree was checked."""
    said = (getattr(each, name) for each in (part, *(each for _, each in inherited)))
    return next((text for text in said if text is not None), None)


def _kit(sources: Sources) -> tuple[IntegrationPart, ...]:
    return sources.integrations.model.actions if sources.integrations else ()


def _ceilings(kit: IntegrationPart | None, sources: Sources) -> Iterator[Check]:
    origin = sources.integrations.model.id if sources.integrations else ""
    for each in kit.ceilings if kit else ():
        yield Check(each.name, Phase.BEFORE, each.test, Breach.POLICY, "", origin)


def _check(part: CheckPart, origin: str) -> Check:
    return Check(part.name, part.phase, part.test, part.breach, part.explain, origin)


def _limit(part: LimitPart, action: str, counted_over: str) -> Limit:
    return Limit(part.name, action, part.window, part.count, part.value, part.per_subject, part.on_exceed, counted_over)


def _right(decision: str, role: JobRoleDocument) -> Right:
    part = next(each for each in role.decisions if each.decision == decision)
    confidence, by_hand = part.confidence, part.by_hand
    return Right(
        decision,
        part.right,
        confidence.act if confidence else None,
        confidence.suggest if confidence else None,
        by_hand.task if by_hand else None,
        by_hand.by if by_hand else None,
    )


def _evidence(part: EvidencePart) -> EvidenceItem:
    return EvidenceItem(part.name, part.stage, part.kind, part.of, part.when)


def _metric(part: MetricPart) -> Metric:
    return Metric(part.name, part.maximum, part.minimum, part.baseline)


def _error_budget(role: JobRoleDocument) -> ErrorBudget | None:
    budget = role.error_budget
    return None if budget is None else ErrorBudget(budget.metric, budget.budget, budget.window)


def _united(inherited: list[tuple[Part, ...]], own: tuple[Part, ...]) -> list[Part]:
    """The inherited parts and the role's own, which stand for those of the same name."""
    names = {part.name for part in own}
    return [part for part in chain.from_iterable(inherited) if part.name not in names] + list(own)


def _company(document: CompanyDocument) -> CompanyProfile:
    calendar = document.calendar
    return CompanyProfile(
        id=document.id,
        name=document.name,
        owner=document.owner,
        version=document.version,
        currency=document.currency,
        thresholds={
            f"{subject}.{name}": value
            for subject, values in document.thresholds.items()
            for name, value in values.items()
        },
        calendar=BusinessCalendar(
            calendar.time_zone,
            tuple(sorted({WEEKDAYS.index(day) for day in calendar.days})),
            calendar.opens,
            calendar.closes,
            tuple(sorted(calendar.holidays)),
        ),
        fast_track_window=document.approval.fast_track.window,
        fast_track_in_business_time=document.approval.fast_track.business_time,
        retention=document.retention,
        review_cadence_days={**DEFAULT_REVIEW_CADENCE_DAYS, **document.review_cadence_days},
        people={
            id_: Person(id_, person.name, person.email, person.substitutes) for id_, person in document.people.items()
        },
        groups={id_: Group(id_, group.name, group.on_call) for id_, group in document.groups.items()},
        ungoverned=document.ungoverned,
        last_resort=document.last_resort,
        changes=document.changes,
    )
