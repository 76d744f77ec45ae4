"""Stage 2: names. Whoever and whatever a document mentions must exist."""

from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.errors import Diagnostic
from app.roles.assessment import ActionInfo
from app.roles.documents import Path
from app.roles.schema import (
    CompanyDocument,
    IntegrationPart,
    IntegrationsDocument,
    JobRoleDocument,
    WorkRoleDocument,
)
from app.roles.sources import Source, Sources
from app.roles.words import DEFAULT_ROLE, TYPED

_EFFECT_OF_MODE = {"read": "read", "draft": "draft", "final": "write"}


def check_references(sources: Sources, actions: Mapping[str, ActionInfo]) -> Iterator[Diagnostic]:
    """Every name that leads nowhere, in every document."""
    if sources.company is not None:
        yield from _company(sources.company)
    if sources.integrations is not None:
        yield from _integrations(sources.integrations, sources, actions)
    for work_role in sources.work_roles.values():
        yield from _actions_known(work_role, [each.action for each in work_role.model.actions], sources)
        yield from _approvers_known(work_role, sources)
        yield from _sources_known(work_role, sources)
    for job_role in sources.job_roles.values():
        yield from _actions_known(job_role, [each.action for each in job_role.model.actions], sources)
        yield from _people_known(job_role, sources)
        if job_role.model.id == DEFAULT_ROLE:
            message = f"Expected another id than {DEFAULT_ROLE}, which is that of the default mandate."
            yield job_role.diagnostic("reserved", ("id",), message, "Rename the role.")
        yield from _sources_known(job_role, sources)


def _company(source: Source[CompanyDocument]) -> Iterator[Diagnostic]:
    company = source.model
    if company.last_resort is not None and company.last_resort not in company.groups:
        yield _unknown(source, ("last_resort",), "a group", company.last_resort, company.groups)
    for group, part in company.groups.items():
        if part.on_call not in company.people:
            yield _unknown(source, ("groups", group, "on_call"), "a person", part.on_call, company.people)
    for person, entry in company.people.items():
        for index, substitute in enumerate(entry.substitutes):
            if substitute not in company.people:
                path = ("people", person, "substitutes", index)
                yield _unknown(source, path, "a person", substitute, company.people)
    calendar = company.calendar
    try:
        ZoneInfo(calendar.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        message = f"Expected a time zone such as Europe/Berlin, but found {calendar.time_zone}."
        yield source.diagnostic("time-zone", ("calendar", "time_zone"), message, "Use a name of the IANA database.")
    if not calendar.days or calendar.opens >= calendar.closes:
        message = "Expected at least one working day that opens before it closes, but found none."
        yield source.diagnostic("no-business-hours", ("calendar",), message, "Correct days, opens and closes.")


def _integrations(
    source: Source[IntegrationsDocument], sources: Sources, actions: Mapping[str, ActionInfo]
) -> Iterator[Diagnostic]:
    kit = source.model
    groups = sources.company.model.groups if sources.company else None
    for name, system in kit.systems.items():
        if groups is not None and system.on_call not in groups:
            yield _unknown(source, ("systems", name, "on_call"), "a group", system.on_call, groups)
    seen: set[str] = set()
    for index, each in enumerate(kit.actions):
        path: Path = ("actions", index)
        if each.action in seen:
            message = f"Expected one entry for {each.action}, but found two."
            yield source.diagnostic("action-twice", (*path, "action"), message, "Remove one of the two.")
        seen.add(each.action)
        if each.system not in kit.systems:
            yield _unknown(source, (*path, "system"), "a system", each.system, kit.systems)
        handler = actions.get(each.action)
        if handler is None:
            yield _unknown(source, (*path, "action"), "a task handler's action", each.action, actions)
        else:
            yield from _fits_handler(source, path, each, handler)


def _fits_handler(
    source: Source[IntegrationsDocument], path: Path, each: IntegrationPart, handler: ActionInfo
) -> Iterator[Diagnostic]:
    if handler.system != each.system:
        message = (
            f"Expected the system {handler.system}, as the handler of {each.action} says, but found {each.system}."
        )
        yield source.diagnostic("other-system", (*path, "system"), message, f"Set system: {handler.system}.")
    if handler.effect != _EFFECT_OF_MODE[each.mode]:
        message = f"Expected a mode that fits the handler's effect ({handler.effect}), but found {each.mode}."
        yield source.diagnostic("other-effect", (*path, "mode"), message, "Correct mode, or the handler's effect.")
    if each.verification == "read-back" and not handler.verified:
        message = f"Expected {each.action} to be read back, but found a handler without verification."
        yield source.diagnostic("no-verification", (*path, "verification"), message, "Give the handler verify=….")
    if each.undo is not None and not handler.reversible:
        message = f"Expected {each.action} to be reversible, but found a handler without undo."
        yield source.diagnostic("no-undo", (*path, "undo"), message, "Give the handler undo=…, or leave undo out.")


def _actions_known(
    source: Source[WorkRoleDocument] | Source[JobRoleDocument], names: list[str], sources: Sources
) -> Iterator[Diagnostic]:
    known = [each.action for each in sources.integrations.model.actions] if sources.integrations else []
    for index, name in enumerate(names):
        if name not in known:
            path = ("actions", index, "action")
            yield _unknown(source, path, "an action of the integration kit", name, known)
        if name in names[:index]:
            message = f"Expected one grant of {name}, but found two."
            yield source.diagnostic("action-twice", ("actions", index, "action"), message, "Remove one of the two.")


def _approvers_known(source: Source[WorkRoleDocument], sources: Sources) -> Iterator[Diagnostic]:
    """Those of the approvals that a WorkRole demands, and that these approvals are of actions that it grants."""
    groups = sources.company.model.groups if sources.company else None
    granted = {each.action for each in source.model.actions}
    for index, floor in enumerate(source.model.approvals):
        if groups is not None and floor.approver is not None and floor.approver not in groups:
            yield _unknown(source, ("approvals", index, "approver"), "a group", floor.approver, groups)
        if floor.action not in granted:
            path = ("approvals", index, "action")
            yield _unknown(source, path, "an action that the WorkRole grants", floor.action, granted)


def _sources_known(
    source: Source[WorkRoleDocument] | Source[JobRoleDocument], sources: Sources
) -> Iterator[Diagnostic]:
    """Data come from a system of the kit, or are typed by somebody."""
    known = [*sources.integrations.model.systems, TYPED] if sources.integrations else None
    for index, each in enumerate(source.model.inputs):
        if known is not None and each.source not in known:
            yield _unknown(source, ("inputs", index, "source"), "a system of the kit", each.source, known)


def _people_known(source: Source[JobRoleDocument], sources: Sources) -> Iterator[Diagnostic]:
    if sources.company is None:
        return
    groups, people = sources.company.model.groups, sources.company.model.people
    role = source.model
    for path, name in _named_people(role):
        if name not in groups and name not in people:
            yield _unknown(source, path, "a person or a group", name, [*groups, *people])
    for path, name in _named_groups(role):
        if name not in groups:
            yield _unknown(source, path, "a group", name, groups)


def _named_people(role: JobRoleDocument) -> Iterator[tuple[Path, str]]:
    for field in ("responsible", "accountable"):
        if (name := getattr(role.people, field)) is not None:
            yield ("people", field), name
    for field in ("holders", "consulted", "informed"):
        for index, name in enumerate(getattr(role.people, field)):
            yield ("people", field, index), name
    if role.review is not None:
        yield ("review", "by"), role.review.by


def _named_groups(role: JobRoleDocument) -> Iterator[tuple[Path, str]]:
    if role.people.escalation_owner is not None:
        yield ("people", "escalation_owner"), role.people.escalation_owner
    for case, route in role.exceptions.items():
        yield ("exceptions", case.value, "to"), route.to
    for index, decision in enumerate(role.decisions):
        if decision.by_hand is not None:
            yield ("decisions", index, "by_hand", "by"), decision.by_hand.by
    for index, name in enumerate(role.operations.paged):
        yield ("operations", "paged", index), name
    for action_index, action in enumerate(role.actions):
        for gate_index, gate in enumerate(action.gates):
            if gate.approver is not None:
                yield ("actions", action_index, "gates", gate_index, "approver"), gate.approver


def _unknown(
    source: Source[CompanyDocument] | Source[IntegrationsDocument] | Source[WorkRoleDocument] | Source[JobRoleDocument],
    path: Path,
    what: str,
    found: str,
    known: Iterable[str],
) -> Diagnostic:
    names = ", ".join(sorted(known)) or "none"
    return source.diagnostic("unknown", path, f"Expected {what}, but found {found}.", f"Known are: {names}.")
