"""The whole context of an inbox task: what a person needs to know to decide it, and what they may do with it."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import forms
from app.engine import TaskEvent
from app.errors import Invalid
from app.roles import ApprovalTier, Stage, redact
from app.runtime.governance import approving
from app.runtime.history import deeds
from app.runtime.models import task_forms
from app.runtime.people import may_work_on, why_not_decide
from app.runtime.tasks import drafts, exceptions, transitions
from app.runtime.transaction import Core, Transaction, mapping, new_id, texts
from app.runtime.views import (
    CheckView,
    CommentView,
    DecisionView,
    GateView,
    HistoryEntry,
    InboxItem,
    InboxTask,
    TaskKind,
    TaskState,
    VoteView,
)
from app.store.states import ApprovalState, IncidentState
from app.store.tables import (
    ApprovalRow,
    CommentRow,
    EvaluationRow,
    EvidenceRow,
    HistoryRow,
    IncidentRow,
    InstanceRow,
    TaskRow,
    VoteRow,
)

HISTORY_SHOWN = 200


def of_task(core: Core, transaction: Transaction, task: TaskRow) -> InboxTask:
    """The task as the transaction's actor may see it."""
    session, actor = transaction.session, transaction.actor
    row = session.get_one(InstanceRow, task.instance_id)
    approval = session.get(ApprovalRow, task.id)
    is_open = task.state is TaskState.OPEN
    at_rest = is_open and task.held_up is None
    may_work = at_rest and may_work_on(actor, task)
    is_free = task.assignee in (None, actor.name)
    needs_claim = task.assignee is None and TaskEvent.ASSIGNING in transitions.listened(core, transaction, row, task)
    why_not = _why_not(core, transaction, row, task, approval) if approval else None
    variables = mapping(task.variables) or mapping(row.variables)
    case = mapping(row.variables)
    stands = exceptions.open_incident(session, task) is not None
    return InboxTask(
        item=InboxItem.of(task),
        form_id=task.form_id,
        form=task_forms.of(core, session, row, task),
        variables=variables,
        case=case,
        amount=variables.get("amount", case.get("amount")),
        decisions=tuple(
            DecisionView.of(each)
            for each in session.scalars(
                select(EvaluationRow).where(EvaluationRow.instance_id == row.id).order_by(EvaluationRow.id)
            )
        ),
        gate=_gate(session, approval) if approval else None,
        history=_history(session, row.id),
        comments=tuple(
            CommentView(each.author, each.text, each.at)
            for each in session.scalars(select(CommentRow).where(CommentRow.task_id == task.id).order_by(CommentRow.id))
        ),
        draft=drafts.of(session, task.id, actor.name) if is_open else {},
        model_key=row.process_id,
        model_version=row.version,
        may_claim=may_work and task.assignee is None,
        may_release=at_rest and task.assignee == actor.name,
        may_complete=may_work and is_free and not needs_claim and not stands and task.kind is not TaskKind.APPROVAL,
        may_decide=may_work and is_free and approval is not None and why_not is None,
        may_repair=may_work and is_free and stands,
        why_not=why_not,
        check_stopped=task.held_up is not None and _has_incident(session, task),
    )


def answered(
    core: Core, transaction: Transaction, row: InstanceRow, task: TaskRow, given: Mapping[str, object]
) -> dict[str, object]:
    """What completes a user task: as its form takes it, beside variables that the form does not ask for.

    Raises `Invalid`.
    """
    schema = task_forms.of(core, transaction.session, row, task)
    if schema is None:
        return dict(given)
    form = forms.read(schema)
    known = mapping(task.variables) or mapping(row.variables)
    answer = forms.answer(form, known, given, transaction.now.date())
    if answer.problems:
        raise Invalid({f"$.variables.{path}": problem for path, problem in answer.problems.items()})
    asked = form.variables()
    return {**{name: value for name, value in given.items() if name not in asked}, **answer.variables}


def record_decision_by_hand(
    core: Core, transaction: Transaction, row: InstanceRow, task: TaskRow, given: Mapping[str, object]
) -> None:
    """What a person answered, beside what was suggested to them: thresholds can be calibrated from it."""
    mandate = core.models.mandate(transaction.session, row.mandate_id) if row.mandate_id else None
    fields = mandate.fields_to_redact if mandate else ()
    transaction.batch.put(
        EvidenceRow,
        id=new_id(),
        instance_id=row.id,
        stage=Stage.DECIDE,
        at=transaction.now,
        what=f"{task.name}, by {transaction.actor.name}",
        element_id=task.element_id,
        detail={
            "by": transaction.actor.name,
            "suggested": redact(mapping(task.variables), fields),
            "answered": redact(dict(given), fields),
        },
    )


def _why_not(
    core: Core, transaction: Transaction, row: InstanceRow, task: TaskRow, approval: ApprovalRow
) -> str | None:
    actor = transaction.actor
    if approval.state is not ApprovalState.WAITING:
        return None
    return why_not_decide(actor, task) or approving.conflict_of_interest(core, transaction, row, approval, actor)


def _gate(session: Session, approval: ApprovalRow) -> GateView:
    assessment = mapping(approval.assessment)
    checks = assessment.get("checks")
    votes = session.scalars(select(VoteRow).where(VoteRow.approval_id == approval.id).order_by(VoteRow.at))
    return GateView(
        approval_id=approval.id,
        state=approval.state,
        gate=approval.gate,
        action=approval.action,
        tier=ApprovalTier(approval.tier).label,
        approver_role=approval.approver_role,
        approvals_needed=approval.approvals_needed,
        four_eyes=approval.four_eyes,
        requester=approval.requester,
        granted_at=approval.granted_at,
        request=mapping(approval.request),
        checks=tuple(
            CheckView(str(each["name"]), str(each["phase"]), each["passed"] is True, str(each["detail"]))
            for each in (checks if isinstance(checks, list) else ())
        ),
        reasons=texts(assessment.get("reasons")),
        votes=tuple(VoteView(each.person, each.approved, each.reason, each.at) for each in votes),
    )


def _has_incident(session: Session, task: TaskRow) -> bool:
    query = select(IncidentRow.id).where(
        IncidentRow.instance_id == task.instance_id,
        IncidentRow.element_instance_id == task.element_instance_id,
        IncidentRow.state == IncidentState.OPEN,
    )
    return session.scalar(query.limit(1)) is not None


def _history(session: Session, instance_id: str) -> tuple[HistoryEntry, ...]:
    query = select(HistoryRow).where(HistoryRow.instance_id == instance_id).order_by(HistoryRow.position)
    lines = tuple(HistoryEntry.of(each) for each in session.scalars(query.limit(HISTORY_SHOWN)))
    return deeds.woven(lines, deeds.deeds(session, instance_id))
