"""Stage 3: the gates of a JobRole are complete: every write has them, and one always applies."""

from collections.abc import Iterator

from app.errors import Diagnostic
from app.roles.documents import Path
from app.roles.schema import ApprovalFloorPart, GatePart, JobActionPart, JobRoleDocument
from app.roles.sources import Source, Sources
from app.roles.words import ApprovalTier


def check_gates(source: Source[JobRoleDocument], sources: Sources) -> Iterator[Diagnostic]:
    """Missing and unreachable gates, gates that nobody can open, and demands that no gate is strong enough for."""
    kit = sources.integrations.model.actions if sources.integrations else ()
    modes = {each.action: each.mode for each in kit}
    unverified = {each.action for each in kit if each.mode == "final" and each.verification == "none"}
    for index, action in enumerate(source.model.actions):
        path = ("actions", index)
        if modes.get(action.action) == "final" and not action.gates:
            message = f"Expected gates for {action.action}, which changes another system, but found none."
            yield source.diagnostic("no-gates", path, message, "Add gates: at least one, with its tier.")
        yield from _of_action(source, index, action)
        if action.action in unverified:
            yield from _reviewed(source, index, action)
        yield from _strong_enough(source, index, action, _floors(source.model, sources, action.action))


def _of_action(source: Source[JobRoleDocument], index: int, action: JobActionPart) -> Iterator[Diagnostic]:
    last = len(action.gates) - 1
    for position, gate in enumerate(action.gates):
        path = ("actions", index, "gates", position)
        if gate.when is None and position < last:
            message = f"Expected a condition on every gate but the last, but found none on {gate.id}."
            yield source.diagnostic("unreachable-gate", path, message, "Add when, or move the gate to the end.")
        if gate.when is not None and position == last:
            message = f"Expected the last gate to apply always, but found a condition on {gate.id}."
            yield source.diagnostic("open-gates", (*path, "when"), message, "Add a last gate without a condition.")
        if gate.approver is None and gate.tier is not ApprovalTier.INSTANT:
            message = f"Expected an approver for the gate {gate.id} ({gate.tier.label}), but found none."
            yield source.diagnostic("no-approver", path, message, "Name the group that approves.")
        if gate.id in {other.id for other in action.gates[:position]}:
            message = f"Expected every gate to have its own id, but found {gate.id} twice."
            yield source.diagnostic("gate-twice", (*path, "id"), message, "Rename one of the two.")


def _reviewed(source: Source[JobRoleDocument], index: int, action: JobActionPart) -> Iterator[Diagnostic]:
    """Nothing is fire-and-forget: what cannot be read back is looked at before it is done."""
    for position, gate in enumerate(action.gates):
        if gate.tier is not ApprovalTier.FULL_REVIEW:
            message = f"Expected a full review of {action.action}, which is not read back, but found {gate.tier.label}."
            remedy = "Set tier: full_review, or verification: read-back in the kit if the handler can."
            yield source.diagnostic("fire-and-forget", ("actions", index, "gates", position, "tier"), message, remedy)


def _strong_enough(
    source: Source[JobRoleDocument], index: int, action: JobActionPart, floors: list[tuple[str, ApprovalFloorPart]]
) -> Iterator[Diagnostic]:
    """What WorkRoles demand of the approvals of an action is not less than the gates can give, nor contradictory."""
    path = ("actions", index)
    strongest = max((gate.tier for gate in action.gates), key=lambda tier: tier.strength, default=None)
    for role, floor in floors:
        if strongest is None or floor.tier.exceeds(strongest):
            tier = floor.tier.value
            message = f"Expected a gate of {action.action} as strict as {role} demands ({tier}), but found none."
            yield source.diagnostic("weaker-gates", path, message, f"Add a gate of the tier {tier}.")
        for position, gate in enumerate(action.gates):
            if gate.tier is floor.tier and floor.tier is not ApprovalTier.INSTANT:
                yield from _as_demanded(source, (*path, "gates", position), gate, role, floor)
    named = {floor.approver: role for role, floor in floors if floor.approver is not None}
    if len(named) > 1:
        message = f"Expected one approver of {action.action}, but found {' and '.join(sorted(named))}."
        yield source.diagnostic("two-approvers", path, message, "Let the WorkRoles agree on one.")
    if any(floor.tier is ApprovalTier.FULL_REVIEW for _, floor in floors):
        for position, gate in enumerate(action.gates):
            if gate.tier is ApprovalTier.FULL_REVIEW and gate.approver in source.model.people.holders:
                message = f"Expected somebody else than the holders to review, but found {gate.approver}."
                remedy = "Name another group, or take it out of people.holders."
                yield source.diagnostic("own-approver", (*path, "gates", position, "approver"), message, remedy)


def _as_demanded(
    source: Source[JobRoleDocument], path: Path, gate: GatePart, role: str, floor: ApprovalFloorPart
) -> Iterator[Diagnostic]:
    if floor.four_eyes and not gate.four_eyes:
        message = f"Expected four eyes at the gate {gate.id}, as {role} demands, but found none."
        yield source.diagnostic("widens", (*path, "four_eyes"), message, "Leave four_eyes out.")
    if gate.approvals < floor.approvals:
        message = f"Expected at least {floor.approvals} approvals, as {role} demands, but found {gate.approvals}."
        yield source.diagnostic("widens", (*path, "approvals"), message, f"Set approvals: {floor.approvals}.")
    if floor.approver is not None and gate.approver != floor.approver:
        message = f"Expected the approver {floor.approver}, as {role} demands, but found {gate.approver}."
        yield source.diagnostic("widens", (*path, "approver"), message, f"Set approver: {floor.approver}.")


def _floors(role: JobRoleDocument, sources: Sources, action: str) -> list[tuple[str, ApprovalFloorPart]]:
    return [
        (name, floor)
        for name in role.work_roles
        if (work_role := sources.work_roles.get(name)) is not None
        for floor in work_role.model.approvals
        if floor.action == action
    ]
