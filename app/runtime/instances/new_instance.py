"""What a new process instance is: which version it runs, under which mandate, and what started it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.roles import Stage
from app.runtime.instances import origins
from app.runtime.models import is_global_task
from app.runtime.transaction import Transaction, new_id
from app.store import audit
from app.store.states import InstanceStatus
from app.store.tables import EvidenceRow, InstanceRow, MandateRow, ModelRow


@dataclass(frozen=True, slots=True)
class StartRequest:
    """`trigger` says in words what started it ("message refund-requested"), with `source` for the evidence.

    `origin` names what started it in words that are the same after a restore (see `origins`).
    `correlation_key` is that of the message that starts it, for others that belong to the same start.
    """

    model_id: str
    variables: Mapping[str, object]
    trace_id: str | None = None
    element_id: str | None = None
    business_key: str | None = None
    parent: InstanceRow | None = None
    parent_element_id: str | None = None
    trigger: str = ""
    source: Mapping[str, object] | None = None
    correlation_key: str | None = None
    origin: str | None = None  # what the world knows it by, process and element apart; None: nothing does


def new_row(transaction: Transaction, request: StartRequest) -> InstanceRow:
    """The row of a new instance, in the session. Raises `Conflict` for a global task that no activity calls.

    A global task is a piece of its caller: it acts under the caller's mandate, also if a newer one is in force.
    """
    session = transaction.session
    model = session.get_one(ModelRow, request.model_id)
    parent = request.parent
    if is_global_task(model.facts):
        if parent is None:
            raise Conflict(f"Expected a process, but {model.key} is a global task. Call it from a call activity.")
        mandate = session.get(MandateRow, parent.mandate_id) if parent.mandate_id else None
    else:
        mandate = _mandate_in_force(session, model)
    instance_id = new_id()
    row = InstanceRow(
        id=instance_id,
        root_id=parent.root_id if parent else instance_id,
        parent_id=parent.id if parent else None,
        parent_element_id=request.parent_element_id,
        process_id=model.key,
        process_name=model.name,
        model_id=model.id,
        version=model.version,
        mandate_id=mandate.id if mandate else None,
        job_role=mandate.job_role if mandate else None,
        requester=None,
        business_key=request.business_key,
        trace_id=request.trace_id or instance_id,
        status=InstanceStatus.RUNNING,
        started_at=transaction.now,
        started_by=transaction.actor.name,
        ended_at=None,
        state={},
        variables=dict(request.variables),
        flows=[],
        history_count=0,
        origin=_origin(request, model.key, instance_id),
        activations={},
        incident_count=0,
    )
    session.add(row)
    transaction.locked[instance_id] = row
    transaction.heads[instance_id] = audit.BEGINNING
    transaction.record(
        "instance.started",
        instance_id,
        stream=instance_id,
        process=model.key,
        version=model.version,
        model=model.checksum,
        mandate=mandate.checksum if mandate else None,
        business_key=request.business_key,
        parent=row.parent_id,
    )
    return row


def _origin(request: StartRequest, process_id: str, instance_id: str) -> str:
    if request.origin is None:
        return instance_id
    return origins.derived("start", process_id, request.element_id or "", request.origin)


def record_trigger(transaction: Transaction, row: InstanceRow, request: StartRequest) -> None:
    """The evidence of the first stage: what happened outside, and what it brought along."""
    trigger = request.trigger or (f"called by {row.parent_id}" if row.parent_id else f"started by {row.started_by}")
    transaction.batch.put(
        EvidenceRow,
        id=new_id(),
        instance_id=row.id,
        stage=Stage.TRIGGER,
        at=transaction.now,
        what=trigger,
        element_id=request.element_id,
        detail={
            "inputs": dict(request.variables),
            "source": dict(request.source or {}),
            "process_version": row.version,
            "mandate": row.mandate_id,
            "job_role": row.job_role,
        },
    )


def _mandate_in_force(session: Session, model: ModelRow) -> MandateRow | None:
    facts = model.facts
    job_role = facts.get("job_role") if isinstance(facts, dict) else None
    if job_role is None:
        return None
    return session.scalars(select(MandateRow).where(MandateRow.job_role == job_role, MandateRow.latest)).first()
