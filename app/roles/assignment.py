"""Which JobRole governs a process: what role documents say by id or pattern, and what the diagram says, must agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Assigned:
    """The JobRole of a process (None: the default mandate). `problem` says why it cannot be told, with a remedy."""

    job_role: str | None
    problem: str = ""
    remedy: str = ""


def assigned_role(process_id: str, labelled: str | None, processes: Mapping[str, Iterable[str]]) -> Assigned:
    """`labelled` is the role that the diagram names, `processes` what each JobRole names: ids, or patterns with *.

    An id goes before a pattern.
    """
    exact = sorted(role for role, names in processes.items() if process_id in names)
    matching = sorted(
        role
        for role, names in processes.items()
        if any("*" in name and fnmatchcase(process_id, name) for name in names)
    )
    naming = exact or matching
    if len(naming) > 1:
        message = f"Expected one role of {process_id}, but found {' and '.join(naming)}."
        return Assigned(labelled, message, "Let one of them name the process in its processes.")
    if labelled is not None and naming and naming[0] != labelled:
        message = f"Expected the role {naming[0]}, which names {process_id}, but the diagram says {labelled}."
        return Assigned(naming[0], message, "Let the diagram and the role document agree.")
    return Assigned(labelled or (naming[0] if naming else None))


def _fits(process_id: str, name: str) -> bool:
    return "*" in name and fnmatchcase(process_id, name)
