"""What models name in others: decisions, processes, task handlers, forms, roles.

A name that nothing answers to yet is a warning: what it names may be deployed later, and what reaches it before is an
incident. An unknown role stops a deployment, because nobody would have given a right to what runs without one. So does
a handler that answers another question, because no later deployment mends that.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app import engine
from app.engine.events import JobKind
from app.engine.naming import NamedKind
from app.errors import Diagnostic, Severity
from app.handlers import AdHocSubProcessResult, HandlerRegistry, JobResult, TaskListenerResult
from app.runtime.models.candidates import Candidate
from app.store.states import ModelKind

REMEDIES: Mapping[NamedKind, str] = {
    NamedKind.DECISION: "Deploy the decision before a token gets there.",
    NamedKind.PROCESS: "Deploy the called process before a token gets there.",
    NamedKind.FORM: "Deploy the form before a token gets there.",
    NamedKind.HANDLER: "Write a task handler of this name.",
}
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
        yield from _unknown(candidate, program, known)
        yield from _misfits(candidate, program, known.registry)
        job_role = candidate.facts.get("job_role")
        if job_role is not None and job_role not in known.job_roles:
            message = f'Expected a JobRole "{job_role}", but found none.'
            yield _problem(candidate, "unknown-role", message, "Deploy its documents together with the process.")


def _unknown(candidate: Candidate, program: engine.Program, known: Known) -> Iterator[Diagnostic]:
    there: Mapping[NamedKind, frozenset[str]] = {
        NamedKind.DECISION: known.decisions,
        NamedKind.PROCESS: known.processes,
        NamedKind.FORM: known.forms,
        NamedKind.HANDLER: frozenset(known.registry),
    }
    for named in program.named:
        if named.name not in there[named.kind]:
            yield Diagnostic(
                code=f"deployment.unknown-{named.kind}",
                message=f'Expected a {named.kind} "{named.name}", but found none: getting there is an incident.',
                remedy=REMEDIES[named.kind],
                severity=Severity.WARNING,
                file=candidate.file_name,
                element_id=named.element_id,
                element_name=named.element_name or None,
                line=named.line,
            )


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
