"""Stage 2: names. Whoever and whatever a document mentions must exist, and every FEEL text must be an expression."""

import re
from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app import feel
from app.errors import Diagnostic
from app.roles.assessment import ActionInfo
from app.roles.documents import Path
from app.roles.predicate import AFTER_NAMES, BEFORE_NAMES, compile_text
from app.roles.schema import (
    CheckPart,
    CompanyDocument,
    IntegrationPart,
    IntegrationsDocument,
    JobRoleDocument,
    WorkRoleDocument,
)
from app.roles.sources import Source, Sources
from app.roles.words import Phase

FeelText = tuple[Path, str, frozenset[str]]

_COMPANY_PATH = re.compile(r"\bcompany\.thresholds\.(\w+)\.(\w+)")
_EFFECT_OF_MODE = {"read": "read", "draft": "draft", "final": "write"}


def check_references(sources: Sources, actions: Mapping[str, ActionInfo]) -> Iterator[Diagnostic]:
    """Every name that leads nowhere, in every document."""
    if sources.company is not None:
        yield from _company(sources.company)
    if sources.integrations is not None:
        yield from _integrations(sources.integrations, sources, actions)
        yield from _feel(sources.integrations, _texts_of_integrations(sources.integrations.model), sources)
    for work_role in sources.work_roles.values():
        yield from _actions_known(work_role, [each.action for each in work_role.model.actions], sources)
        yield from _feel(work_role, _texts_of_work_role(work_role.model), sources)
    for job_role in sources.job_roles.values():
        yield from _actions_known(job_role, [each.action for each in job_role.model.actions], sources)
        yield from _people_known(job_role, sources)
        yield from _feel(job_role, _texts_of_job_role(job_role.model), sources)


def _company(source: Source[CompanyDocument]) -> Iterator[Diagnostic]:
    company = source.model
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
    if each.verification == "none" and each.mode == "final":
        message = f"Expected {each.action} to be read back, but found verification: none."
        remedy = "Nothing is fire-and-forget: set verification: read-back and give the handler verify=…."
        yield source.diagnostic("fire-and-forget", (*path, "verification"), message, remedy)
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
    for index, name in enumerate(role.operations.paged):
        yield ("operations", "paged", index), name
    for action_index, action in enumerate(role.actions):
        for gate_index, gate in enumerate(action.gates):
            if gate.approver is not None:
                yield ("actions", action_index, "gates", gate_index, "approver"), gate.approver


def _feel(
    source: Source[IntegrationsDocument] | Source[WorkRoleDocument] | Source[JobRoleDocument],
    texts: Iterable[FeelText],
    sources: Sources,
) -> Iterator[Diagnostic]:
    thresholds = sources.company.model.thresholds if sources.company else None
    for path, text, names in texts:
        try:
            expression = compile_text(text)
        except feel.FeelSyntaxError as error:
            found = error.diagnostics[0]
            where = f"{found.message} (column {found.column})" if found.column else found.message
            yield source.diagnostic("feel", path, where, found.remedy or "Correct the expression.")
            continue
        for name in sorted(expression.names - names):
            message = f"Expected one of the names {', '.join(sorted(names))}, but found {name}."
            remedy = f"Write request.{name} or variables.{name}."
            yield source.diagnostic("unknown-name", path, message, remedy)
        for subject, threshold in _COMPANY_PATH.findall(text):
            if thresholds is not None and threshold not in thresholds.get(subject, {}):
                message = f"Expected a threshold of the company profile, but found {subject}.{threshold}."
                yield source.diagnostic(
                    "unknown-threshold", path, message, "Add it to thresholds, or correct the name."
                )


def _texts_of_integrations(kit: IntegrationsDocument) -> Iterator[FeelText]:
    for index, each in enumerate(kit.actions):
        for position, ceiling in enumerate(each.ceilings):
            yield ("actions", index, "ceilings", position, "test"), ceiling.test, BEFORE_NAMES


def _texts_of_work_role(role: WorkRoleDocument) -> Iterator[FeelText]:
    yield from _texts_of_both(role)
    for index, action in enumerate(role.actions):
        yield from _texts_of_checks(("actions", index), action.checks)
    for index, floor in enumerate(role.approvals):
        if floor.when is not None:
            yield ("approvals", index, "when"), floor.when, BEFORE_NAMES


def _texts_of_job_role(role: JobRoleDocument) -> Iterator[FeelText]:
    yield from _texts_of_both(role)
    for index, action in enumerate(role.actions):
        path: Path = ("actions", index)
        yield from _texts_of_checks(path, action.checks)
        for field in ("value", "subject", "confidence"):
            if (text := getattr(action, field)) is not None:
                yield (*path, field), text, BEFORE_NAMES
        for position, gate in enumerate(action.gates):
            if gate.when is not None:
                yield (*path, "gates", position, "when"), gate.when, BEFORE_NAMES


def _texts_of_both(role: WorkRoleDocument | JobRoleDocument) -> Iterator[FeelText]:
    for index, each in enumerate(role.inputs):
        yield ("inputs", index, "value"), each.value, BEFORE_NAMES
        if each.read_at is not None:
            yield ("inputs", index, "read_at"), each.read_at, BEFORE_NAMES
    for index, item in enumerate(role.evidence):
        if item.when is not None:
            yield ("evidence", index, "when"), item.when, frozenset({"variables", "company"})


def _texts_of_checks(path: Path, checks: tuple[CheckPart, ...]) -> Iterator[FeelText]:
    for position, check in enumerate(checks):
        names = AFTER_NAMES if check.phase is Phase.AFTER else BEFORE_NAMES
        yield (*path, "checks", position, "test"), check.test, names


def _unknown(
    source: Source[CompanyDocument] | Source[IntegrationsDocument] | Source[WorkRoleDocument] | Source[JobRoleDocument],
    path: Path,
    what: str,
    found: str,
    known: Iterable[str],
) -> Diagnostic:
    names = ", ".join(sorted(known)) or "none"
    return source.diagnostic("unknown", path, f"Expected {what}, but found {found}.", f"Known are: {names}.")
