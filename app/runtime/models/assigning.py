"""Who governs each process after a deployment, and what would take a process out of the role that it has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.errors import Diagnostic
from app.roles import assigned_role
from app.runtime.models.candidates import Candidate
from app.runtime.models.facts import GLOBAL_TASK
from app.store.states import ModelKind


@dataclass(frozen=True, slots=True)
class InService:
    """What is deployed already and may be referred to. Documents and decision
    models are (file name, content) by key."""

    decisions: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    job_roles: frozenset[str] = frozenset()
    reviews_due: Mapping[str, date] = field(default_factory=dict)  # by JobRole
    named_processes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # ids and patterns, by JobRole
    labels: Mapping[str, str | None] = field(default_factory=dict)  # the role that each process' diagram names
    process_roles: Mapping[str, str] = field(default_factory=dict)  # who governs each process now
    role_documents: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    decision_models: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


def governed(
    candidates: Iterable[Candidate], in_service: InService, named: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, str], list[Diagnostic]]:
    """The JobRole of every process that has one, and what is wrong with that.

    A diagram cannot leave the role that governs its process: a redrawn process keeps its gates, or is another process.
    """
    files = {each.key: each for each in candidates if each.kind is ModelKind.BPMN and GLOBAL_TASK not in each.facts}
    labels = {**in_service.labels, **{key: _label(each) for key, each in files.items()}}
    roles: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for process_id, label in labels.items():
        assigned = assigned_role(process_id, label, named)
        file = files[process_id].file_name if process_id in files else None
        if assigned.problem:
            problems.append(
                Diagnostic(
                    "deployment.role-unclear", assigned.problem, assigned.remedy, file=file, element_id=process_id
                )
            )
        before = in_service.process_roles.get(process_id)
        if before is not None and before in named and assigned.job_role != before:
            problems.append(_left(process_id, before, assigned.job_role, file))
        elif assigned.job_role is not None and assigned.job_role not in named and file is None:
            message = f"Expected the role {assigned.job_role} of {process_id} to stay, but found no document of it."
            remedy = "Deploy the process under another role together with it."
            problems.append(Diagnostic("deployment.role-gone", message, remedy, element_id=process_id))
        if assigned.job_role is not None:
            roles[process_id] = assigned.job_role
    return roles, problems


def _label(candidate: Candidate) -> str | None:
    found = candidate.facts.get("job_role")
    return found if isinstance(found, str) else None


def _left(process_id: str, before: str, after: str | None, file: str | None) -> Diagnostic:
    message = f"Expected {process_id} to stay under the role {before}, but found {after or 'no role'}."
    remedy = f"Keep bailiwick:role, or name the process in the processes of {before}; another task has another id."
    return Diagnostic("deployment.role-left", message, remedy, file=file, element_id=process_id)
