"""What models name in others: decisions, processes, task handlers, forms, roles. Unknown names stop a deployment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.errors import Diagnostic
from app.handlers import HandlerRegistry
from app.runtime.candidates import Candidate
from app.store.states import ModelKind


@dataclass(frozen=True, slots=True)
class Known:
    """Every name that will be in service after the deployment."""

    decisions: frozenset[str]
    processes: frozenset[str]
    forms: frozenset[str]
    job_roles: frozenset[str]
    registry: HandlerRegistry


def check_references(candidates: Iterable[Candidate], known: Known) -> Iterator[Diagnostic]:
    """A diagnostic for every name that nothing will answer to."""
    for candidate in candidates:
        if candidate.kind is not ModelKind.BPMN or candidate.program is None:
            continue
        program = candidate.program
        for kind, names, there, remedy in (
            ("decision", program.called_decisions, known.decisions, "Deploy the decision together with the process."),
            ("process", program.called_processes, known.processes, "Deploy the called process together with it."),
            ("form", program.form_ids, known.forms, "Deploy the form together with the process."),
            ("handler", program.service_types, frozenset(known.registry), "Write a task handler of this name."),
        ):
            for name in sorted(names - there):
                yield Diagnostic(
                    code=f"deployment.unknown-{kind}",
                    message=f'Expected a {kind} "{name}", but found none.',
                    remedy=remedy,
                    file=candidate.file_name,
                    element_id=candidate.key,
                    element_name=candidate.name,
                )
        job_role = candidate.facts.get("job_role")
        if job_role is not None and job_role not in known.job_roles:
            yield Diagnostic(
                code="deployment.unknown-role",
                message=f'Expected a JobRole "{job_role}", but found none.',
                remedy="Deploy its documents together with the process.",
                file=candidate.file_name,
                element_id=candidate.key,
                element_name=candidate.name,
            )
