"""Stage 3: the gates of a JobRole are complete: every write has them, and one always applies."""

from collections.abc import Iterator

from app.errors import Diagnostic
from app.roles.schema import JobActionPart, JobRoleDocument
from app.roles.sources import Source, Sources
from app.roles.words import ApprovalTier


def check_gates(source: Source[JobRoleDocument], sources: Sources) -> Iterator[Diagnostic]:
    """Missing and unreachable gates, gates that nobody can open, and demands that no gate is strong enough for."""
    modes = {each.action: each.mode for each in sources.integrations.model.actions} if sources.integrations else {}
    for index, action in enumerate(source.model.actions):
        path = ("actions", index)
        if modes.get(action.action) == "final" and not action.gates:
            message = f"Expected gates for {action.action}, which changes another system, but found none."
            yield source.diagnostic("no-gates", path, message, "Add gates: at least one, with its tier.")
        yield from _of_action(source, index, action)
        strongest = max((gate.tier for gate in action.gates), key=lambda tier: tier.strength, default=None)
        for role, floor in _floors(source.model, sources, action.action):
            if strongest is None or floor.exceeds(strongest):
                message = (
                    f"Expected a gate of {action.action} as strict as {role} demands ({floor.value}), but found none."
                )
                yield source.diagnostic("weaker-gates", path, message, f"Add a gate of the tier {floor.value}.")


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


def _floors(role: JobRoleDocument, sources: Sources, action: str) -> Iterator[tuple[str, ApprovalTier]]:
    for name in role.work_roles:
        if (work_role := sources.work_roles.get(name)) is not None:
            for floor in work_role.model.approvals:
                if floor.action == action:
                    yield name, floor.tier
