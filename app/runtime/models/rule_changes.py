"""Whether a deployment changes what anybody may do, and how, in words: then one person alone does not decide it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.roles import DEFAULT_ROLE, Mandate, RuleChanges, compare
from app.runtime.models.assigning import InService
from app.runtime.models.examining import Examined
from app.store.states import ModelKind


def rule_changes(
    examined: Examined, in_service: InService, in_force: Mapping[str, Mandate], escalation_decision: str
) -> tuple[str, ...]:
    """One sentence a change; empty where nobody may do anything else than before.

    `in_force` are the mandates of today with the default one, by role.
    """
    return tuple(
        dict.fromkeys(
            [
                *_of_roles(examined, in_force),
                *_of_processes(examined, in_service),
                *_of_escalation(examined, in_service, escalation_decision),
            ]
        )
    )


def _of_roles(examined: Examined, in_force: Mapping[str, Mandate]) -> Iterator[str]:
    if examined.default is None:
        return
    before = {name: mandate for name, mandate in in_force.items() if name != DEFAULT_ROLE}
    changes = compare(before, examined.mandates)
    yield from map(str, changes)
    told = {change.job_role for change in changes}
    for name, mandate in examined.mandates.items():
        if name in before and name not in told and _rules(mandate) != _rules(before[name]):
            yield f"{name}: its rules change in what no sentence sums up: compare the documents"
    earlier = in_force.get(DEFAULT_ROLE)
    if earlier is None or earlier.ungoverned is not examined.default.ungoverned:
        old = earlier.ungoverned if earlier else None
        yield f"processes without a role: {examined.default.ungoverned} instead of {old or 'nothing'}"
    elif not told and _rules(earlier) != _rules(examined.default):
        yield "the company profile changes"
    if examined.default.company.changes is not (earlier.company.changes if earlier else RuleChanges.TWO_PEOPLE):
        yield f"rules change by {examined.default.company.changes.replace('_', ' ')} from now on"


def _rules(mandate: Mandate) -> Mandate:
    """The mandate without what only describes it."""
    company = replace(mandate.company, name="", owner="", version="")
    nothing_said = replace(mandate, name="", description="", owner="", version="", answer_sheet=(), documents=())
    return replace(nothing_said, company=company, checksum="")


def _of_processes(examined: Examined, in_service: InService) -> Iterator[str]:
    for process_id in sorted(in_service.labels):
        before, after = in_service.process_roles.get(process_id), examined.process_roles.get(process_id)
        if before != after:
            yield f"{process_id} runs under {after or 'no role'} instead of {before or 'no role'}"


def _of_escalation(examined: Examined, in_service: InService, decision: str) -> Iterator[str]:
    for each in examined.candidates:
        decisions = each.facts.get("decisions")
        if each.kind is ModelKind.DMN and isinstance(decisions, list) and decision in decisions:
            before = in_service.decision_models.get(each.key)
            if before is not None and before[1] != each.content:
                yield f"{decision} changes: who is told of exceptions and overdue tasks"
