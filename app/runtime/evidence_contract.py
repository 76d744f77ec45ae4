"""The evidence contract of a mandate, asked when an instance completes: what is missing is escalated, not passed over.

The work is done by then, so nothing can be stopped; but the owner of the role's escalations is told, and it is on
record.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.roles import EvidenceItem, Facts
from app.runtime import task_rows
from app.runtime.core import Core
from app.runtime.escalating import DEFAULT_DUE, EXCEPTION_PRIORITY
from app.runtime.identifiers import new_id
from app.runtime.showing import mapping
from app.runtime.transaction import Transaction
from app.store.states import ApprovalState, JobState, Stage, TaskKind
from app.store.tables import ApprovalRow, EvaluationRow, EvidenceRow, InstanceRow, JobRow


def enforce(core: Core, transaction: Transaction, row: InstanceRow) -> None:
    """Escalate what the contract still demands of a completed instance. Writes the transaction's batch first."""
    if row.mandate_id is None:
        return
    mandate = core.models.mandate(transaction.session, row.mandate_id)
    transaction.write_batch()
    missing = mandate.missing_evidence(_facts(transaction, row))
    if missing:
        _escalate(transaction, row, missing, mandate.people.escalation_owner)


def _facts(transaction: Transaction, row: InstanceRow) -> Facts:
    session = transaction.session
    done = select(JobRow.type).where(
        JobRow.instance_id == row.id, JobRow.state == JobState.DONE, JobRow.undo_of.is_(None)
    )
    decided = select(EvaluationRow.decision_id).where(EvaluationRow.instance_id == row.id)
    approved = select(ApprovalRow.action).where(
        ApprovalRow.instance_id == row.id, ApprovalRow.state == ApprovalState.APPROVED
    )
    return Facts(
        variables=mapping(row.variables),
        now=transaction.now,
        decisions=frozenset(session.scalars(decided)),
        actions=frozenset(session.scalars(done)),
        verifications=frozenset(_verified(session, row.id)),
        approvals=frozenset(session.scalars(approved)),
    )


def _verified(session: Session, instance_id: str) -> list[str]:
    """The actions that were read back and found."""
    query = select(EvidenceRow.detail).where(EvidenceRow.instance_id == instance_id, EvidenceRow.stage == Stage.VERIFY)
    details = [mapping(detail) for detail in session.scalars(query)]
    return [str(each["action"]) for each in details if mapping(each.get("verification")).get("confirmed") is True]


def _escalate(transaction: Transaction, row: InstanceRow, missing: tuple[EvidenceItem, ...], owner: str) -> None:
    names = [f"{item.name} ({item.kind} {item.of})" for item in missing]
    summary = f"The instance completed without {', '.join(names)}"
    task_rows.put(
        transaction,
        row,
        task_rows.NewTask(
            id=new_id(),
            kind=TaskKind.EXCEPTION,
            element_id="",
            name="Evidence is missing",
            summary=summary,
            candidate_groups=(owner,),
            due_at=transaction.now + DEFAULT_DUE,
            priority=EXCEPTION_PRIORITY,
            level=1,
        ),
    )
    transaction.record("evidence.missing", row.id, stream=row.id, missing=names)
    transaction.batch.put(
        EvidenceRow,
        id=new_id(),
        instance_id=row.id,
        stage=Stage.VERIFY,
        at=transaction.now,
        what="evidence is missing",
        detail={"missing": names, "told": owner},
    )
