"""Stage 5: risk tiers. What each demands before a role of that tier may be deployed."""

from collections.abc import Iterator, Mapping

from app.errors import Diagnostic
from app.roles.documents import Path
from app.roles.schema import JobActionPart, JobRoleDocument
from app.roles.sources import Source, Sources
from app.roles.words import ApprovalTier, Control

TIER_NAMES: Mapping[int, str] = {
    0: "internal only",
    1: "customer-facing text",
    2: "workflow actions",
    3: "production changes",
    4: "regulated or irreversible",
}

DECLARED: Mapping[int, tuple[Control, ...]] = {
    0: (),
    1: (Control.EVALUATION_CASES, Control.STYLE_CHECK, Control.HUMAN_OVERRIDE),
    2: (Control.QUALITY_REVIEW,),
    3: (Control.CODE_OWNERS, Control.ROLLBACK_PLAN, Control.PROVENANCE),
    4: (Control.COMPLIANCE_SIGN_OFF, Control.ADVERSARIAL_CASES, Control.FORMAL_AUDIT),
}
"""Controls that somebody puts in place and the role names. Logging, access control, the allow-list and the audit trail
are the platform's own and always there; redaction, rate limits, gates and human approval are read from the role."""


def check_controls(source: Source[JobRoleDocument], sources: Sources) -> Iterator[Diagnostic]:
    """The controls that are missing: those of the role's own tier, and of the tier of every WorkRole in it."""
    tiers = {source.model.risk_tier}
    tiers |= {
        sources.work_roles[name].model.risk_tier for name in source.model.work_roles if name in sources.work_roles
    }
    for tier in sorted(tiers):
        for control in DECLARED[tier]:
            if control not in source.model.controls:
                yield _missing(source, tier, control, ("controls",), f"Add controls.{control.value}: where it is.")
    yield from _in_the_role(source, sources, tiers)


def _in_the_role(source: Source[JobRoleDocument], sources: Sources, tiers: set[int]) -> Iterator[Diagnostic]:
    role = source.model
    writes = list(_writes(role, sources))
    if role.risk_tier == 0:
        for index, action in writes:
            message = f"Expected no external action at risk tier 0 (internal only), but found {action.action}."
            yield source.diagnostic("control", ("actions", index), message, "Raise risk_tier, or remove the action.")
    if 1 in tiers and not _redacted(role, sources):
        yield _missing(source, 1, Control.REDACTION, (), "Name the personal data of the case under redact.")
    for index, action in writes:
        path: Path = ("actions", index)
        if 2 in tiers and not _limited(action, role, sources):
            remedy = f"Give {action.action} a limit: count or value within a window."
            yield _missing(source, 2, Control.RATE_LIMITS, path, remedy)
        if 3 in tiers and not action.gates:
            yield _missing(source, 3, Control.GATES, path, f"Give {action.action} gates.")
        if role.risk_tier == 4 and any(gate.tier is not ApprovalTier.FULL_REVIEW for gate in action.gates):
            remedy = f"Make every gate of {action.action} a full_review."
            yield _missing(source, 4, Control.HUMAN_APPROVAL, path, remedy)


def _writes(role: JobRoleDocument, sources: Sources) -> Iterator[tuple[int, JobActionPart]]:
    kit = sources.integrations.model.actions if sources.integrations else ()
    final = {each.action for each in kit if each.mode == "final"}
    return ((index, action) for index, action in enumerate(role.actions) if action.action in final)


def _redacted(role: JobRoleDocument, sources: Sources) -> bool:
    return bool(role.redact) or any(
        sources.work_roles[name].model.redact for name in role.work_roles if name in sources.work_roles
    )


def _limited(action: JobActionPart, role: JobRoleDocument, sources: Sources) -> bool:
    inherited = (
        part.limits
        for name in role.work_roles
        if name in sources.work_roles
        for part in sources.work_roles[name].model.actions
        if part.action == action.action
    )
    return bool(action.limits) or any(inherited)


def _missing(source: Source[JobRoleDocument], tier: int, control: Control, path: Path, remedy: str) -> Diagnostic:
    message = (
        f"Expected the control {control.value}, which risk tier {tier} ({TIER_NAMES[tier]}) demands, but found none."
    )
    return source.diagnostic("control", path, message, remedy)
