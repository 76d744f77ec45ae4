"""Escalation: a routing decision, which analysts own, says who is told of exceptions and overdue tasks, by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app import feel
from app.bpmn.extensions import Binding
from app.errors import NotFound
from app.roles import Stage
from app.runtime.governance import approving
from app.runtime.governance.attempt import Attempt, mandate_of
from app.runtime.instances import task_rows
from app.runtime.models import DecisionService
from app.runtime.people import OPERATORS_GROUP
from app.runtime.transaction import Core, Transaction, mapping, new_id, texts
from app.store.states import TaskKind
from app.store.tables import ApprovalRow, EvidenceRow, InstanceRow, TaskRow

_MINUTE = Decimal(60)


@dataclass(frozen=True, slots=True)
class Route:
    role: str
    channel: str
    due: timedelta
    rules: object  # the decisions with the rules that matched; None where no routing decision is deployed


def route(
    core: Core,
    transaction: Transaction,
    row: InstanceRow,
    *,
    exception_class: str | None,
    level: int,
    since: datetime,
    amount: object = None,
) -> Route:
    """Ask the routing decision. Without its answer the role's escalation owner is told, without a role operators."""
    mandate = mandate_of(core.models, transaction.session, row)
    governed = mandate.ungoverned is None
    variables = mapping(row.variables)
    inputs: dict[str, object] = {
        "process": row.process_id,
        "risk tier": Decimal(mandate.risk_tier) if governed else None,
        "exception class": exception_class,
        "amount": amount if amount is not None else variables.get("amount"),
        "age minutes": Decimal(int((transaction.now - since).total_seconds())) / _MINUTE,
        "business hours": mandate.company.calendar.is_open(transaction.now),
        "level": Decimal(level),
    }
    fallback = mandate.people.escalation_owner
    service = DecisionService(transaction.session, core.models)
    try:
        evaluation = service.evaluate_decision(
            core.settings.escalation_decision, Binding.LATEST, None, inputs, transaction.now
        )
    except NotFound:
        return Route(fallback, "inbox", task_rows.EXCEPTION_DUE, None)
    answer = mapping(evaluation.value)
    minutes = answer.get("due minutes")
    due = timedelta(minutes=float(minutes)) if isinstance(minutes, Decimal) else task_rows.EXCEPTION_DUE
    asked = service.asked[-1]
    detail = {
        "decision": core.settings.escalation_decision,
        "version": asked.model_version,
        "inputs": inputs,
        "value": feel.to_json(evaluation.value),
        "matched": mapping(evaluation.to_json()).get("decisions"),
    }
    return Route(str(answer.get("role") or fallback), str(answer.get("channel") or "inbox"), due, detail)


def escalate_exception(attempt: Attempt, exception_class: str, message: str) -> str:
    """Put an exception into the inbox of whoever owns it. Returns the task's id."""
    core, transaction, row, job = attempt.core, attempt.transaction, attempt.row, attempt.job
    found = route(core, transaction, row, exception_class=exception_class, level=1, since=job.created_at)
    task_id = new_id()
    task_rows.put(
        transaction,
        row,
        task_rows.NewTask(
            id=task_id,
            kind=TaskKind.EXCEPTION,
            element_id=job.element_id,
            element_instance_id=job.element_instance_id,
            job_id=job.id,
            name=f"{exception_class.capitalize()} exception in {job.type}",
            summary=message,
            candidate_groups=(found.role,),
            due_at=transaction.now + found.due,
            priority=task_rows.EXCEPTION_PRIORITY,
            variables=mapping(job.variables),
            level=1,
        ),
    )
    _record(transaction, row, found, subject=job.id, level=1, why=message, element_id=job.element_id)
    return task_id


def escalate_task(core: Core, transaction: Transaction, row: InstanceRow, task: TaskRow) -> dict[str, object]:
    """An overdue task goes to whom the decision names, one level up: offered to that role too. It stays overdue.

    Returns what has to change of it, for `transitions.change`. Whoever had it did not do it in time: nobody has it
    then, and they may take it again.
    """
    level = task.level + 1
    found = route(core, transaction, row, exception_class=None, level=level, since=task.created_at)
    due = transaction.now + found.due
    task.level = level
    task.escalate_at = due if level < core.settings.escalation_levels else None
    why = f"{task.name} is overdue"
    _record(transaction, row, found, subject=task.id, level=level, why=why, element_id=task.element_id)
    changes: dict[str, object] = {"assignee": None}
    if task.kind is TaskKind.APPROVAL:
        return {**changes, **_among_deciders(core, transaction, row, task)}
    groups: list[object] = [*dict.fromkeys([*texts(task.candidate_groups), found.role])]
    return {**changes, "candidate_groups": groups}


def _among_deciders(core: Core, transaction: Transaction, row: InstanceRow, task: TaskRow) -> dict[str, object]:
    """An approval stays with those who may decide it, whomever the routing names. Where nobody may any more, it goes to
    the accountable of the role, and if they may not either, to the company's last resort.
    """
    approval = transaction.session.get_one(ApprovalRow, task.id)
    mandate = mandate_of(core.models, transaction.session, row)
    accountable = mandate.people.accountable
    first = accountable if accountable in mandate.company.groups else f"user:{accountable}"
    before = approval.approver_role
    for role in dict.fromkeys([before, first, mandate.company.last_resort or OPERATORS_GROUP]):
        approval.approver_role = role
        if approving.who_may_decide(core, transaction, row, approval):
            break
    else:
        approval.approver_role = before
    if approval.approver_role != before:
        transaction.record("approval.moved", task.id, stream=row.id, before=before, after=approval.approver_role)
    kind, _, person = approval.approver_role.partition(":")
    if kind == "user":
        return {"candidate_users": [person], "candidate_groups": []}
    return {"candidate_groups": [approval.approver_role]}


def _record(
    transaction: Transaction, row: InstanceRow, found: Route, *, subject: str, level: int, why: str, element_id: str
) -> None:
    transaction.record(
        "task.escalated", subject, stream=row.id, role=found.role, channel=found.channel, level=level, why=why
    )
    transaction.batch.put(
        EvidenceRow,
        id=new_id(),
        instance_id=row.id,
        stage=Stage.DECIDE,
        at=transaction.now,
        what=f"escalation to {found.role}, level {level}",
        element_id=element_id,
        detail={"why": why, "role": found.role, "channel": found.channel, "routing": found.rules},
    )
