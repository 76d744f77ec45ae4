"""Gates: an action waits as an approval with its inbox task, until people, or the clock, have decided."""

from sqlalchemy import select

from app import feel
from app.engine import commands
from app.errors import Conflict, Forbidden, Invalid
from app.roles import ApprovalTier, Stage
from app.runtime.governance.attempt import Attempt, mandate_of
from app.runtime.governance.governing import Asked
from app.runtime.instances import advancing, task_rows
from app.runtime.people import OPERATORS_GROUP, accounts, why_not_decide
from app.runtime.transaction import Actor, Core, Transaction, new_id
from app.store.states import ApprovalState, JobState, TaskKind, TaskState
from app.store.tables import ApprovalRow, AuditRecordRow, EvidenceRow, InstanceRow, JobRow, TaskRow, VoteRow

ACTION_REJECTED = "ACTION_REJECTED"  # the BPMN error that a rejection reaches the process as
APPROVAL_PRIORITY = 60


def open_gate(attempt: Attempt, asked: Asked) -> str:
    """Let a job wait for approval. Returns the id of the approval and of its task."""
    transaction, row, job = attempt.transaction, attempt.row, attempt.job
    assessment, request = asked.assessment, asked.request
    approval_id = new_id()
    approver_role = assessment.approver_role or OPERATORS_GROUP
    window = assessment.window
    granted_at = transaction.now + window if window is not None else None
    due_at = granted_at or transaction.now + attempt.core.settings.review_due
    seen = attempt.redacted(dict(request.inputs))
    tier = assessment.tier.label
    task_rows.put(
        transaction,
        row,
        task_rows.NewTask(
            id=approval_id,
            kind=TaskKind.APPROVAL,
            element_id=job.element_id,
            element_instance_id=job.element_instance_id,
            job_id=job.id,
            name=f"Approve {'undoing ' if request.undo else ''}{job.type}",
            summary=summary_of(asked, job),
            candidate_groups=(approver_role,),
            due_at=due_at,
            priority=APPROVAL_PRIORITY,
            tier=tier,
            variables=dict(request.variables),
        ),
    )
    transaction.batch.put(
        ApprovalRow,
        id=approval_id,
        job_id=job.id,
        instance_id=row.id,
        action=job.type,
        gate=assessment.gate or "",
        tier=assessment.tier,
        approver_role=approver_role,
        approvals_needed=max(1, assessment.approvals_needed),
        four_eyes=assessment.four_eyes,
        requester=request.requester,
        state=ApprovalState.WAITING,
        created_at=transaction.now,
        granted_at=granted_at,
        request=seen,
        assessment=assessment_json(asked),
    )
    if granted_at is not None:  # nobody is late while the clock will decide
        transaction.batch.change(TaskRow, approval_id, escalate_at=None)
    job.state = JobState.AWAITING_APPROVAL
    job.approval_id = approval_id
    attempt.record(
        "approval.requested",
        tier=tier,
        gate=assessment.gate,
        approver_role=approver_role,
        granted_at=granted_at.isoformat() if granted_at else None,
    )
    return approval_id


def vote(
    core: Core,
    transaction: Transaction,
    row: InstanceRow,
    task: TaskRow,
    approval: ApprovalRow,
    *,
    reason: str,
    approve: bool,
) -> None:
    """One person's decision: a member of the approver role at this moment, whom four eyes let decide."""
    actor = transaction.actor
    if approval.state is not ApprovalState.WAITING or task.state is not TaskState.OPEN:
        raise Conflict(f"Expected an approval that waits, but it is {approval.state}.")
    if not approve and not reason.strip():
        raise Invalid({"$.reason": "Expected a reason for rejecting."})
    if why_not := why_not_vote(core, transaction, row, approval, actor):
        raise Forbidden(why_not)
    session = transaction.session
    votes = list(session.scalars(select(VoteRow).where(VoteRow.approval_id == approval.id)))
    if any(each.person == actor.name for each in votes):
        raise Conflict(f"Expected one decision per person, but {actor.name} has decided already.")
    session.add(
        VoteRow(approval_id=approval.id, person=actor.name, approved=approve, reason=reason, at=transaction.now)
    )
    transaction.record(
        "approval.granted" if approve else "approval.rejected",
        approval.job_id,
        stream=row.id,
        action=approval.action,
        tier=approval.tier,
        reason=reason,
    )
    _evidence(transaction, row, approval, approved=approve, by=actor.name, reason=reason)
    if not approve:
        _decide(transaction, task, approval, ApprovalState.REJECTED)
        session.flush()
        advance = advancing.Advance(core, transaction)
        _reject(advance, transaction, approval, f"{actor.name}: {reason}")
    elif sum(each.approved for each in votes) + 1 >= approval.approvals_needed:
        _decide(transaction, task, approval, ApprovalState.APPROVED)
        _let_pass(transaction, approval)
    else:
        task_rows.give(transaction, task, None)  # for the next of them


def grant_by_clock(transaction: Transaction, row: InstanceRow, task: TaskRow, approval: ApprovalRow) -> None:
    """Nobody objected within the window of a fast track."""
    minutes = int((transaction.now - approval.created_at).total_seconds() // 60)
    if approval.granted_at is not None:
        minutes = int((approval.granted_at - approval.created_at).total_seconds() // 60)
    reason = f"granted by the clock: no objection within {minutes} minutes"
    transaction.record(
        "approval.granted", approval.job_id, stream=row.id, action=approval.action, tier=approval.tier, reason=reason
    )
    _evidence(transaction, row, approval, approved=True, by="clock", reason=reason)
    _decide(transaction, task, approval, ApprovalState.APPROVED)
    approval.decided_by = "clock"
    _let_pass(transaction, approval)


def why_not_vote(
    core: Core, transaction: Transaction, row: InstanceRow, approval: ApprovalRow, actor: Actor
) -> str | None:
    """Why this person may not decide the approval now; None if they may."""
    return why_not_decide(actor, approval.approver_role) or conflict_of_interest(
        core, transaction, row, approval, actor
    )


def conflict_of_interest(
    core: Core, transaction: Transaction, row: InstanceRow, approval: ApprovalRow, actor: Actor
) -> str | None:
    """Why four eyes keep this person from deciding; None if they do not."""
    if not approval.four_eyes:
        return None
    involved = _involved(transaction, row, approval)
    if (what := involved.get(actor.name.casefold())) is not None:
        return f"Expected somebody else than {what} (four eyes), but {actor.name} is that person."
    company = mandate_of(core.models, transaction.session, row).company
    if actor.name.casefold() in company.conflicted(*involved):
        return f"Expected somebody independent (four eyes), but {actor.name} substitutes for one who is involved."
    return None


def _involved(transaction: Transaction, row: InstanceRow, approval: ApprovalRow) -> dict[str, str]:
    """Whoever asked for the action, started or repaired the case, or wrote what it acts on: name → what they are."""
    session = transaction.session
    tree = select(InstanceRow.id).where(InstanceRow.root_id == row.root_id)
    root = session.get_one(InstanceRow, row.root_id)
    wrote = select(TaskRow.ended_by).where(
        TaskRow.instance_id.in_(tree), TaskRow.kind == TaskKind.USER_TASK, TaskRow.state == TaskState.COMPLETED
    )
    changed = select(AuditRecordRow.actor).where(
        AuditRecordRow.stream.in_(tree), AuditRecordRow.action == "instance.variables-set"
    )
    found: dict[str, str] = {}
    for what, names in (
        ("the requester", [approval.requester]),
        ("whoever started the case", [root.started_by]),
        ("whoever moved its tokens", [row.repaired_by, root.repaired_by]),
        ("whoever wrote what it acts on", [*session.scalars(wrote), *session.scalars(changed)]),
    ):
        for name in names:
            if name:
                found.setdefault(name.casefold(), what)
    return found


def who_may_decide(core: Core, transaction: Transaction, row: InstanceRow, approval: ApprovalRow) -> list[Actor]:
    """The active members of the approver role whom four eyes let decide, and who have not decided yet."""
    voted = set(transaction.session.scalars(select(VoteRow.person).where(VoteRow.approval_id == approval.id)))
    return [
        each
        for each in accounts(transaction.session)
        if each.name not in voted and why_not_vote(core, transaction, row, approval, each) is None
    ]


def assessment_json(asked: Asked) -> dict[str, object]:
    """What was checked and why, for evidence and for the people who decide."""
    assessment = asked.assessment
    return {
        "outcome": assessment.outcome,
        "tier": assessment.tier,
        "gate": assessment.gate,
        "approver_role": assessment.approver_role,
        "checks": [
            {"name": check.name, "phase": check.phase, "passed": check.passed, "detail": check.detail}
            for check in assessment.checks
        ],
        "reasons": list(assessment.reasons),
    }


def summary_of(asked: Asked, job: JobRow) -> str:
    """One line: the action and what it is worth."""
    value = asked.mandate.measure(asked.request).value
    return f"{job.type} {feel.text_of(value)} {asked.mandate.company.currency}" if value else job.type


def _decide(transaction: Transaction, task: TaskRow, approval: ApprovalRow, state: ApprovalState) -> None:
    approval.state = state
    approval.decided_at = transaction.now
    approval.decided_by = transaction.actor.name
    task.state = TaskState.COMPLETED
    task.ended_at = transaction.now
    task.ended_by = transaction.actor.name
    task.escalate_at = None
    task_rows.withdraw(transaction, task.id)


def _let_pass(transaction: Transaction, approval: ApprovalRow) -> None:
    job = transaction.session.get_one(JobRow, approval.job_id)
    job.state = JobState.AVAILABLE
    job.due_at = transaction.now
    job.announced_at = transaction.now
    transaction.announce(job.id)


def _reject(advance: advancing.Advance, transaction: Transaction, approval: ApprovalRow, message: str) -> None:
    job = transaction.session.get_one(JobRow, approval.job_id)
    job.ended_at = transaction.now
    job.exception_class = "policy"
    job.message = f"rejected by {message}"
    job.state = JobState.CANCELLED  # an incident, if nothing catches the error, makes it a dead letter
    if job.undo_of is None:
        transaction.session.flush()
        transaction.failures[job.id] = "policy"
        advance.send(job.instance_id, commands.ThrowError(job.id, ACTION_REJECTED, message))


def _evidence(
    transaction: Transaction, row: InstanceRow, approval: ApprovalRow, *, approved: bool, by: str, reason: str
) -> None:
    transaction.batch.put(
        EvidenceRow,
        id=new_id(),
        instance_id=row.id,
        stage=Stage.ACT,
        at=transaction.now,
        what=f"approval of {approval.action}",
        element_id=None,
        job_id=approval.job_id,
        detail={
            "approved": approved,
            "by": by,
            "reason": reason,
            "tier": ApprovalTier(approval.tier).label,
            "gate": approval.gate,
            "role": approval.approver_role,
            "requester": approval.requester,
            "seen": {"request": approval.request, "assessment": approval.assessment},
        },
    )
