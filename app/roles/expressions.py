"""Stage 3: every FEEL text is an expression over names that there are, and fields that actions have."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches

from app import feel
from app.errors import Diagnostic
from app.feel import nodes
from app.roles.assessment import ActionInfo
from app.roles.documents import Path
from app.roles.predicate import AFTER_NAMES, BEFORE_NAMES, compile_text
from app.roles.schema import (
    CheckPart,
    IntegrationsDocument,
    JobActionPart,
    JobRoleDocument,
    WorkActionPart,
    WorkRoleDocument,
)
from app.roles.sources import Source, Sources
from app.roles.words import Phase

_COMPANY_PATH = re.compile(r"\bcompany\.thresholds\.(\w+)\.(\w+)")
_OF_COMPANY = frozenset({"name", "currency", "thresholds"})
_OF_VERIFICATION = frozenset({"confirmed", "found", "detail"})
_OF_EVIDENCE = frozenset({"variables", "company"})


@dataclass(frozen=True, slots=True)
class _Text:
    """One expression of a document: where it stands, which names it may use, and of which action it speaks."""

    path: Path
    text: str
    names: frozenset[str]
    action: str | None = None


def check_expressions(sources: Sources, actions: Mapping[str, ActionInfo]) -> Iterator[Diagnostic]:
    """Every text that is no expression, and every name or field in one that nothing will ever have."""
    if sources.integrations is not None:
        yield from _check(sources.integrations, _of_integrations(sources.integrations.model), sources, actions)
    for work_role in sources.work_roles.values():
        yield from _check(work_role, _of_work_role(work_role.model), sources, actions)
    for job_role in sources.job_roles.values():
        yield from _check(job_role, _of_job_role(job_role.model), sources, actions)


def _check(
    source: Source[IntegrationsDocument] | Source[WorkRoleDocument] | Source[JobRoleDocument],
    texts: Iterable[_Text],
    sources: Sources,
    actions: Mapping[str, ActionInfo],
) -> Iterator[Diagnostic]:
    thresholds = sources.company.model.thresholds if sources.company else None
    for each in texts:
        try:
            expression = compile_text(each.text)
        except feel.FeelSyntaxError as error:
            found = error.diagnostics[0]
            where = f"{found.message} (column {found.column})" if found.column else found.message
            yield source.diagnostic("feel", each.path, where, found.remedy or "Correct the expression.")
            continue
        for name in sorted(expression.names - each.names):
            message = f"Expected one of the names {', '.join(sorted(each.names))}, but found {name}."
            remedy = f"Write request.{name} or variables.{name}."
            yield source.diagnostic("unknown-name", each.path, message, remedy)
        for subject, threshold in _COMPANY_PATH.findall(each.text):
            if thresholds is not None and threshold not in thresholds.get(subject, {}):
                message = f"Expected a threshold of the company profile, but found {subject}.{threshold}."
                remedy = "Add it to thresholds, or correct the name."
                yield source.diagnostic("unknown-threshold", each.path, message, remedy)
        known = _known_fields(actions.get(each.action) if each.action else None)
        for root, field in sorted(set(_fields_used(expression.node))):
            names = known.get(root)
            if names is not None and field not in names:
                near = get_close_matches(field, names, n=1)
                message = f"Expected a field of {root}{f' of {each.action}' if each.action else ''}, but found {field}."
                remedy = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(sorted(names)) or 'none'}."
                yield source.diagnostic("unknown-field", each.path, message, remedy)


def _known_fields(action: ActionInfo | None) -> Mapping[str, frozenset[str] | None]:
    """The fields of each name; None where any may come. What a process knows as `variables` is not declared."""
    return {
        "company": _OF_COMPANY,
        "verification": _OF_VERIFICATION,
        "request": action.inputs if action else None,
        "result": action.outputs if action else None,
    }


def _fields_used(node: object) -> Iterator[tuple[str, str]]:
    """Every ``name.field`` of an expression, at any depth."""
    if isinstance(node, nodes.Path) and isinstance(node.value, nodes.Name):
        yield node.value.name, node.member
    if isinstance(node, list | tuple):
        for item in node:
            yield from _fields_used(item)
    elif isinstance(node, dict):
        for item in node.values():
            yield from _fields_used(item)
    elif isinstance(node, nodes.Node | nodes.Iteration) and is_dataclass(node):
        for field in fields(node):
            yield from _fields_used(getattr(node, field.name))


def _of_integrations(kit: IntegrationsDocument) -> Iterator[_Text]:
    for index, each in enumerate(kit.actions):
        for position, ceiling in enumerate(each.ceilings):
            path = ("actions", index, "ceilings", position, "test")
            yield _Text(path, ceiling.test, BEFORE_NAMES, each.action)


def _of_work_role(role: WorkRoleDocument) -> Iterator[_Text]:
    yield from _of_both(role)
    for index, floor in enumerate(role.approvals):
        if floor.when is not None:
            yield _Text(("approvals", index, "when"), floor.when, BEFORE_NAMES, floor.action)


def _of_job_role(role: JobRoleDocument) -> Iterator[_Text]:
    yield from _of_both(role)
    for index, action in enumerate(role.actions):
        for position, gate in enumerate(action.gates):
            if gate.when is not None:
                path = ("actions", index, "gates", position, "when")
                yield _Text(path, gate.when, BEFORE_NAMES, action.action)


def _of_both(role: WorkRoleDocument | JobRoleDocument) -> Iterator[_Text]:
    for index, each in enumerate(role.inputs):
        yield _Text(("inputs", index, "value"), each.value, BEFORE_NAMES)
        if each.read_at is not None:
            yield _Text(("inputs", index, "read_at"), each.read_at, BEFORE_NAMES)
    for index, item in enumerate(role.evidence):
        if item.when is not None:
            yield _Text(("evidence", index, "when"), item.when, _OF_EVIDENCE)
    actions: tuple[WorkActionPart | JobActionPart, ...] = (*role.actions,)
    for index, action in enumerate(actions):
        path: Path = ("actions", index)
        for name, text in (("value", action.value), ("subject", action.subject)):
            if text is not None:
                yield _Text((*path, name), text, BEFORE_NAMES, action.action)
        yield from _of_checks(path, action.checks, action.action)


def _of_checks(path: Path, checks: tuple[CheckPart, ...], action: str) -> Iterator[_Text]:
    for position, check in enumerate(checks):
        names = AFTER_NAMES if check.phase is Phase.AFTER else BEFORE_NAMES
        yield _Text((*path, "checks", position, "test"), check.test, names, action)
