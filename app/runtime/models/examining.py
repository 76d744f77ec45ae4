"""Files before they are taken into service: what is wrong with them alone, together, and with what is deployed.

No database here: `deployments` says what is in service, and ``bailiwick check`` asks without any.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath

from app import dmn
from app.errors import Diagnostic, ModelError, Severity, at_most
from app.handlers import Effect, HandlerRegistry
from app.roles import OVERDUE, ActionInfo, Mandate, compile_roles, default_mandate
from app.runtime.models.assigning import InService, governed
from app.runtime.models.candidates import Candidate, kind_of, read
from app.runtime.models.facts import is_global_task
from app.runtime.models.references import Known, check_references
from app.store.states import ModelKind


@dataclass(frozen=True, slots=True)
class Examined:
    """The files after every check. `mandates` are those of all role documents in force afterwards, if any changed."""

    candidates: list[Candidate]
    diagnostics: list[Diagnostic]
    mandates: Mapping[str, Mandate]
    default: Mandate | None = None  # the default mandate, if a role document changed
    process_roles: Mapping[str, str] = field(default_factory=dict)  # the JobRole of every process that has one

    @property
    def is_sound(self) -> bool:
        return all(each.severity is not Severity.ERROR for each in self.diagnostics)


def examine(
    files: Mapping[str, bytes], in_service: InService, registry: HandlerRegistry, today: date | None = None
) -> Examined:
    """Read the files, compile the roles if any changed, and look up every name that one model uses of another.

    With `today`, a role whose review is overdue is not deployed, nor is a process under it.
    """
    candidates, diagnostics = read(files, _not_replaced(in_service.decision_models, files))
    mandates: Mapping[str, Mandate] = {}
    default: Mandate | None = None
    named = in_service.named_processes
    if any(each.kind is ModelKind.ROLE for each in candidates):
        documents = dict(in_service.role_documents)
        documents.update(
            {each.key: (each.file_name, each.content) for each in candidates if each.kind is ModelKind.ROLE}
        )
        compiled = compile_roles(dict(documents.values()), actions_of(registry), today)
        diagnostics.extend(_stopped(each, files) for each in compiled.diagnostics)
        mandates = compiled.mandates
        default = default_mandate(compiled.company)
        named = {name: mandate.processes for name, mandate in mandates.items()}
    known = Known(
        decisions=in_service.decisions | _names(candidates, ModelKind.DMN),
        processes=in_service.processes | _names(candidates, ModelKind.BPMN),
        forms=in_service.forms | _names(candidates, ModelKind.FORM),
        job_roles=frozenset(named),
        registry=registry,
    )
    diagnostics.extend(check_references(candidates, known))
    roles, problems = governed(candidates, in_service, named)
    diagnostics.extend(problems)
    diagnostics.extend(_without_role(candidates, roles, registry))
    if today is not None:
        due = {**in_service.reviews_due, **{name: mandate.review_due for name, mandate in mandates.items()}}
        diagnostics.extend(_under_overdue_roles(candidates, roles, due, today))
    return Examined(candidates, at_most(diagnostics), mandates, default, roles)


def _without_role(
    candidates: Iterable[Candidate], roles: Mapping[str, str], registry: HandlerRegistry
) -> Iterator[Diagnostic]:
    """Warn of processes that change something elsewhere and that no role governs: the default mandate holds them."""
    for each in candidates:
        if each.kind is not ModelKind.BPMN or each.program is None or each.key in roles or is_global_task(each.facts):
            continue
        handlers = {name: registry.get(name) for name, _ in each.program.job_types}
        writes = sorted(name for name, found in handlers.items() if found and found.effect is not Effect.READ)
        if writes:
            message = (
                f"Expected a role that governs {each.key}, but found none: {', '.join(writes)} waits for a "
                "full review by operators, unless the company profile says otherwise of ungoverned processes."
            )
            remedy = "Name the process in the processes of a JobRole, or the role in bailiwick:role."
            yield Diagnostic("deployment.no-role", message, remedy, Severity.WARNING, each.file_name, each.key)


def _stopped(diagnostic: Diagnostic, files: Mapping[str, bytes]) -> Diagnostic:
    """An overdue review warns where the role is in force already, and stops the deployment of its document."""
    if diagnostic.code == OVERDUE and diagnostic.file in files:
        return replace(diagnostic, severity=Severity.ERROR)
    return diagnostic


def _under_overdue_roles(
    candidates: Iterable[Candidate], roles: Mapping[str, str], due: Mapping[str, date], today: date
) -> Iterator[Diagnostic]:
    for each in candidates:
        role = roles.get(each.key) if each.kind is ModelKind.BPMN else None
        if role is not None and role in due and due[role] < today:
            message = f"Expected a role that is reviewed, but the review of {role} was due on {due[role]}."
            remedy = "Review the role, and deploy its document with the new date."
            yield Diagnostic("deployment.review-overdue", message, remedy, file=each.file_name, element_id=each.key)


def analyse_tables(files: Mapping[str, bytes]) -> list[tuple[str, dmn.TableAnalysis]]:
    """The analysis of every decision table in the files, with its file: gaps, overlaps, boundary test values.

    A file that cannot be read is left out; `examine` says why.
    """
    decision_files = [(path, content) for path, content in files.items() if kind_of(path) is ModelKind.DMN]
    found: list[tuple[str, dmn.TableAnalysis]] = []
    for path, content in decision_files:
        try:
            tables = dmn.analyse(path, content, *dmn.imported_files((path, content), decision_files))
        except ModelError:
            continue
        found.extend((path, table) for table in tables)
    return found


def _not_replaced(models: Mapping[str, tuple[str, bytes]], files: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    """The decision models that stay in service when these files come: a model is replaced by one of its key."""
    coming = {PurePosixPath(path).stem for path in files}
    return [model for key, model in models.items() if key not in coming]


def _names(candidates: Iterable[Candidate], kind: ModelKind) -> frozenset[str]:
    """What models of a kind are called by others: decision ids, process ids, form ids."""
    names: set[str] = set()
    for each in candidates:
        if each.kind is kind:
            decisions = each.facts.get("decisions")
            names.update(decisions if isinstance(decisions, list) else [each.key])
    return frozenset(names)


def actions_of(registry: HandlerRegistry) -> dict[str, ActionInfo]:
    """What the role compiler must know of the task handlers that there are."""
    return {
        name: ActionInfo(
            name,
            handler.system,
            handler.effect,
            handler.reversible,
            handler.verified,
            _fields(handler.input_schema),
            _fields(handler.output_schema),
        )
        for name, handler in registry.items()
    }


def role_documents(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of the files that are role documents."""
    return {path: content for path, content in files.items() if kind_of(path) is ModelKind.ROLE}


def _fields(schema: Mapping[str, object]) -> frozenset[str] | None:
    """The names of a request or a result, None where it takes others too."""
    properties = schema.get("properties")
    if schema.get("additionalProperties") not in (None, False) or not isinstance(properties, dict):
        return None
    return frozenset(properties)
