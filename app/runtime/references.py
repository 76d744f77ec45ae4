"""What models name in others: decisions, processes, task handlers, forms, roles. Unknown names stop a deployment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app import engine
from app.engine.events import JobKind
from app.errors import Diagnostic
from app.handlers import AdHocSubProcessResult, HandlerRegistry, JobResult, TaskListenerResult
from app.runtime.candidates import Candidate
from app.store.states import ModelKind

ANSWERS: Mapping[JobKind, type[JobResult]] = {
    JobKind.TASK_LISTENER: TaskListenerResult,
    JobKind.AD_HOC_SUB_PROCESS: AdHocSubProcessResult,
}


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
                yield _problem(candidate, f"unknown-{kind}", f'Expected a {kind} "{name}", but found none.', remedy)
        yield from _misfits(candidate, program, known.registry)
        job_role = candidate.facts.get("job_role")
        if job_role is not None and job_role not in known.job_roles:
            message = f'Expected a JobRole "{job_role}", but found none.'
            yield _problem(candidate, "unknown-role", message, "Deploy its documents together with the process.")


def _misfits(candidate: Candidate, program: engine.Program, registry: HandlerRegistry) -> Iterator[Diagnostic]:
    """Jobs whose handler answers another question than the one that the diagram asks."""
    for name, kind in sorted(program.job_types):
        handler = registry.get(name)
        if handler is None:
            continue
        answered = handler.result_kind
        wanted = ANSWERS.get(kind)
        if answered is wanted or (answered is None and kind is not JobKind.AD_HOC_SUB_PROCESS):
            continue
        found = "plain variables" if answered is None else answered.__name__
        expected = "plain variables" if wanted is None else wanted.__name__
        message = f'Expected the handler "{name}" to return {expected} to a job ({kind}), but it returns {found}.'
        remedy = "Name another handler, or let this one return what is asked for."
        yield _problem(candidate, "handler-answer", message, remedy)


def _problem(candidate: Candidate, code: str, message: str, remedy: str) -> Diagnostic:
    return Diagnostic(
        code=f"deployment.{code}",
        message=message,
        remedy=remedy,
        file=candidate.file_name,
        element_id=candidate.key,
        element_name=candidate.name,
    )
