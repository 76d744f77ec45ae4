"""The whole context of an inbox task: what a person needs to know to decide it, and what they may do with it."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import forms
from app.engine import TaskEvent
from app.errors import Forbidden, Invalid
from app.roles import ApprovalTier, Right, Stage, redact
from app.runtime.governance import approving, mandate_of
from app.runtime.history import deeds
from app.runtime.models import task_forms
from app.runtime.people import may_work_on
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
    why_not = None
    if approval is not None and approval.state is ApprovalState.WAITING:
        why_not = approving.why_not_vote(core, transaction, row, approval, actor)
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
    """What a person answered, beside what was suggested to them: thresholds can be calibrated from it.

    Where the role says that the task decides in the place of a decision, it does, and only the people named there may.
    Raises `Forbidden`.
    """
    mandate = mandate_of(core.models, transaction.session, row)
    fields = mandate.fields_to_redact
    for right in mandate.rights.values():
        if right.by_hand == task.element_id:
            _decide_by_hand(transaction, row, task, right, given)
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


def _decide_by_hand(
    transaction: Transaction, row: InstanceRow, task: TaskRow, right: Right, given: Mapping[str, object]
) -> None:
    """The answer becomes that of the decision: what the table suggested, with what the person said in its place."""
    actor = transaction.actor
    if right.decided_by not in actor.groups:
        raise Forbidden(
            f"Expected a member of {right.decided_by} to decide {right.decision}, but {actor.name} is none."
        )
    newest = (
        select(EvaluationRow.evaluation)
        .where(EvaluationRow.instance_id == row.id, EvaluationRow.decision_id == right.decision)
        .order_by(EvaluationRow.id.desc())
        .limit(1)
    )
    suggested = mapping(mapping(transaction.session.scalar(newest)).get("value"))
    transaction.batch.put(
        EvaluationRow,
        id=new_id(),
        instance_id=row.id,
        element_instance_id=task.element_instance_id,
        element_id=task.element_id,
        decision_id=right.decision,
        model_id=None,
        model_key=None,
        model_version=None,
        at=transaction.now,
        inputs=mapping(task.variables),
        evaluation={"value": {**suggested, **given}, "by": actor.name},
    )


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
