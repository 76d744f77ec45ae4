"""The evidence contract of a mandate, asked when an instance completes: what is missing is escalated, not passed over.

The work is done by then, so nothing can be stopped; but the owner of the role's escalations is told, and it is on
record.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.roles import EvidenceItem, Facts, Stage
from app.runtime.instances import task_rows
from app.runtime.transaction import Core, Transaction, mapping, new_id
from app.store.states import ApprovalState, JobState, TaskKind
from app.store.tables import ApprovalRow, EvaluationRow, EvidenceRow, InstanceRow, JobRow


def enforce(core: Core, transaction: Transaction, row: InstanceRow) -> None:
    """Escalate what the contract still demands of a completed instance. Writes the transaction's batch first.

    What those that it called under its mandate have done counts as done by the instance; of them nothing is demanded.
    """
    if row.mandate_id is None:
        return
    mandate = core.models.mandate(transaction.session, row.mandate_id)
    if not mandate.evidence_contract or _is_part_of_its_caller(transaction, row):
        return
    transaction.write_batch()
    missing = mandate.missing_evidence(_facts(transaction, row, [row.id]))
    if missing and (parts := _parts(transaction, row)):
        missing = mandate.missing_evidence(_facts(transaction, row, [row.id, *parts]))
    if missing:
        _escalate(transaction, row, missing, mandate.people.escalation_owner)


def _facts(transaction: Transaction, row: InstanceRow, concerned: list[str]) -> Facts:
    """What these instances have done, seen with the variables of the first."""
    session = transaction.session
    done = select(JobRow.type).where(
        JobRow.instance_id.in_(concerned), JobRow.state == JobState.DONE, JobRow.undo_of.is_(None)
    )
    decided = select(EvaluationRow.decision_id).where(EvaluationRow.instance_id.in_(concerned))
    approved = select(ApprovalRow.action).where(
        ApprovalRow.instance_id.in_(concerned), ApprovalRow.state == ApprovalState.APPROVED
    )
    return Facts(
        variables=mapping(row.variables),
        now=transaction.now,
        decisions=frozenset(session.scalars(decided)),
        actions=frozenset(session.scalars(done)),
        verifications=frozenset(_verified(session, concerned)),
        approvals=frozenset(session.scalars(approved)),
    )


def _is_part_of_its_caller(transaction: Transaction, row: InstanceRow) -> bool:
    """Whether it acts under the mandate of the instance that called it."""
    if row.parent_id is None:
        return False
    parent = transaction.locked.get(row.parent_id)  # a new one is in no table yet
    if parent is None:
        parent = transaction.session.get_one(InstanceRow, row.parent_id)
    return parent.mandate_id == row.mandate_id


def _parts(transaction: Transaction, row: InstanceRow) -> list[str]:
    """The instances that it called, and those called by them, under its mandate."""
    found: list[str] = []
    waiting = [row.id]
    while waiting:
        query = select(InstanceRow.id).where(
            InstanceRow.parent_id.in_(waiting), InstanceRow.mandate_id == row.mandate_id
        )
        waiting = list(transaction.session.scalars(query))
        found.extend(waiting)
    return found


def _verified(session: Session, instance_ids: list[str]) -> list[str]:
    """The actions that were read back and found."""
    query = select(EvidenceRow.detail).where(
        EvidenceRow.instance_id.in_(instance_ids), EvidenceRow.stage == Stage.VERIFY
    )
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
            due_at=transaction.now + task_rows.EXCEPTION_DUE,
            priority=task_rows.EXCEPTION_PRIORITY,
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
