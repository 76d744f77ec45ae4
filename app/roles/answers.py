"""Stage 6: the answer sheet. A role that cannot answer does not compile."""

from collections.abc import Iterator

from app.errors import Diagnostic, ExceptionClass
from app.roles.clauses import ActionGrant, Answer, EvidenceItem
from app.roles.documents import Path
from app.roles.schema import JobRoleDocument
from app.roles.sources import Source

APPROVALS = "Where are approvals enforced, and who is accountable?"
EVIDENCE = "What evidence is produced?"
EXCEPTIONS = "What happens on exceptions?"
OPERATIONS = "Who gets paged, what breaks, and how fast can it be rolled back?"

_OPERATIONS = {
    "paged": "Name the groups that are paged.",
    "breaks": "Say what breaks when the role stops.",
    "rollback": "Say how it is rolled back, and within what time.",
}


def check_answers(source: Source[JobRoleDocument]) -> Iterator[Diagnostic]:
    """Every question that the role leaves open."""
    role = source.model
    for name in ("holders", "responsible", "accountable", "escalation_owner"):
        if not getattr(role.people, name):
            yield _open(source, APPROVALS, ("people", name), f"Name people.{name}.")
    if role.review is None:
        yield _open(source, APPROVALS, ("review",), "Say when the role was last reviewed, and by whom.")
    if not role.evidence:
        yield _open(source, EVIDENCE, ("evidence",), "List the evidence that must exist at the end.")
    for case in ExceptionClass:
        if case not in role.exceptions:
            yield _open(
                source, EXCEPTIONS, ("exceptions", case.value), f"Add exceptions.{case.value} with policy and to."
            )
    for name, remedy in _OPERATIONS.items():
        if not getattr(role.operations, name):
            yield _open(source, OPERATIONS, ("operations", name), remedy)


def answer_sheet(
    role: JobRoleDocument, grants: tuple[ActionGrant, ...], evidence: tuple[EvidenceItem, ...]
) -> tuple[Answer, ...]:
    """The answers of a role that has them all."""
    people, operations = role.people, role.operations
    approvals = [
        f"{grant.action}: {gate.tier.label} {'if ' + gate.when if gate.when else 'otherwise'}"
        + (f", by {gate.approver}" if gate.approver else "")
        + (", four eyes" if gate.four_eyes else "")
        for grant in grants
        for gate in grant.gates
    ]
    rollback = (
        [f"rolled back: {operations.rollback.how} (within {operations.rollback.within})"] if operations.rollback else []
    )
    return (
        Answer(
            APPROVALS,
            (
                *approvals,
                f"accountable: {people.accountable}",
                f"responsible: {people.responsible}",
                f"escalations go to: {people.escalation_owner}",
            ),
        ),
        Answer(EVIDENCE, tuple(f"{item.stage.value}: {item.name} ({item.kind.value} {item.of})" for item in evidence)),
        Answer(EXCEPTIONS, tuple(f"{case.value}: {part.policy} → {part.to}" for case, part in role.exceptions.items())),
        Answer(OPERATIONS, (f"paged: {', '.join(operations.paged)}", f"breaks: {operations.breaks}", *rollback)),
    )


def _open(source: Source[JobRoleDocument], question: str, path: Path, remedy: str) -> Diagnostic:
    return source.diagnostic("no-answer", path, f'Expected an answer to "{question}", but found none.', remedy)
