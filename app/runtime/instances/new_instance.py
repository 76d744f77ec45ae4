"""What a new process instance is: which version it runs, under which mandate, and what started it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.roles import DEFAULT_ROLE, Stage
from app.runtime.instances import origins
from app.runtime.instances.requesters import Beginning, requester_of_start
from app.runtime.models import is_global_task
from app.runtime.transaction import Transaction, new_id
from app.store import audit
from app.store.states import InstanceStatus
from app.store.tables import EvidenceRow, InstanceRow, MandateRow, ModelRow, ProcessRoleRow


@dataclass(frozen=True, slots=True)
class StartRequest:
    """`trigger` says in words what started it ("message refund-requested"), with `source` for the evidence.

    `origin` names what started it in words that are the same after a restore (see `origins`).
    `correlation_key` is that of the message that starts it, for others that belong to the same start. `continues`
    is the ended instance that is begun again: its mandate is not lost.
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
    continues: InstanceRow | None = None


def new_row(transaction: Transaction, request: StartRequest) -> InstanceRow:
    """The row of a new instance, in the session. Raises `Conflict` for a global task that no activity calls.

    A global task is a piece of its caller: it acts under the caller's mandate, also if a newer one is in force. So does
    a called process that no role names.
    """
    session = transaction.session
    model, mandate = _with_mandate(session, request.model_id)
    parent, ancestor = request.parent, request.parent or request.continues
    if is_global_task(model.facts):
        if parent is None:
            raise Conflict(f"Expected a process, but {model.key} is a global task. Call it from a call activity.")
        mandate = session.get(MandateRow, parent.mandate_id) if parent.mandate_id else None
    elif ancestor is not None and ancestor.mandate_id and (mandate is None or mandate.job_role == DEFAULT_ROLE):
        mandate = session.get(MandateRow, ancestor.mandate_id)
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
        job_role=mandate.job_role if mandate and mandate.job_role != DEFAULT_ROLE else None,
        requester=requester_of_start(
            transaction, model, parent, Beginning(request.trigger, request.source or {}, request.variables)
        ),
        repaired_by=transaction.actor.name if request.continues is not None else None,
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
        requester=row.requester,
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
            "requester": row.requester,
        },
    )


def _with_mandate(session: Session, model_id: str) -> tuple[ModelRow, MandateRow | None]:
    """The version, and the mandate of the role that it names, or that role documents name for it; or the default one.

    None where nothing has been deployed since there is a default mandate: an instance without one is reviewed.
    """
    governing = select(ProcessRoleRow.job_role).where(ProcessRoleRow.process_id == ModelRow.key).scalar_subquery()
    in_force = and_(MandateRow.latest, MandateRow.job_role == func.coalesce(governing, DEFAULT_ROLE))
    query = select(ModelRow, MandateRow).outerjoin(MandateRow, in_force).where(ModelRow.id == model_id)
    model, governed = session.execute(query).one()
    mandate: MandateRow | None = governed  # of an outer join
    labelled = model.facts.get("job_role") if isinstance(model.facts, dict) else None
    if labelled is not None and (mandate is None or mandate.job_role != labelled):  # an older version of the diagram
        own = select(MandateRow).where(MandateRow.job_role == labelled, MandateRow.latest)
        mandate = session.scalars(own).first()
    return model, mandate
