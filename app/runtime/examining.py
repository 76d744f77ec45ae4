"""Files before they are taken into service: what is wrong with them alone, together, and with what is deployed.

No database here: `deployments` says what is in service, and ``bailiwick check`` asks without any.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from app import dmn
from app.errors import Diagnostic, ModelError, Severity
from app.handlers import HandlerRegistry
from app.roles import ActionInfo, Mandate, compile_roles
from app.runtime.candidates import Candidate, kind_of, read
from app.runtime.references import Known, check_references
from app.store.states import ModelKind


@dataclass(frozen=True, slots=True)
class InService:
    """What is deployed already and may be referred to. Documents and decision
    models are (file name, content) by key."""

    decisions: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    job_roles: frozenset[str] = frozenset()
    role_documents: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    decision_models: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examined:
    """The files after every check. `mandates` are those of all role documents in force afterwards, if any changed."""

    candidates: list[Candidate]
    diagnostics: list[Diagnostic]
    mandates: Mapping[str, Mandate]

    @property
    def is_sound(self) -> bool:
        return all(each.severity is not Severity.ERROR for each in self.diagnostics)


def examine(files: Mapping[str, bytes], in_service: InService, registry: HandlerRegistry) -> Examined:
    """Read the files, compile the roles if any changed, and look up every name that one model uses of another."""
    candidates, diagnostics = read(files, _not_replaced(in_service.decision_models, files))
    mandates: Mapping[str, Mandate] = {}
    if any(each.kind is ModelKind.ROLE for each in candidates):
        documents = dict(in_service.role_documents)
        documents.update(
            {each.key: (each.file_name, each.content) for each in candidates if each.kind is ModelKind.ROLE}
        )
        compiled = compile_roles(dict(documents.values()), _actions(registry))
        diagnostics.extend(compiled.diagnostics)
        mandates = compiled.mandates
    known = Known(
        decisions=in_service.decisions | _names(candidates, ModelKind.DMN),
        processes=in_service.processes | _names(candidates, ModelKind.BPMN),
        forms=in_service.forms | _names(candidates, ModelKind.FORM),
        job_roles=in_service.job_roles | frozenset(mandates),
        registry=registry,
    )
    diagnostics.extend(check_references(candidates, known))
    return Examined(candidates, diagnostics, mandates)


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


def _actions(registry: HandlerRegistry) -> dict[str, ActionInfo]:
    return {
        name: ActionInfo(name, handler.system, handler.effect, handler.reversible, handler.verified)
        for name, handler in registry.items()
    }
