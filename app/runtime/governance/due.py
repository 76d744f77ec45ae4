"""What is due in governance: fast tracks that nobody objected to, and circuits whose system may be tried again."""

from collections.abc import Sequence

from sqlalchemy import select

from app.runtime.clock import CLOCK, DueThings, Place, ids_of, setbacks
from app.runtime.governance import approving, held_jobs
from app.runtime.instances import advancing, suspending
from app.runtime.transaction import Core
from app.runtime.views import ApprovalState, CircuitState, DueKind
from app.store.tables import ApprovalRow, CircuitRow, TaskRow


def place_of_task(core: Core, task_id: str) -> Place | None:
    """The instance and the element of a task in the inbox."""
    with core.store.read() as session:
        task = session.get(TaskRow, task_id)
        return None if task is None else Place(task.instance_id, task.element_id)


def _due_grants(core: Core, limit: int) -> Sequence[str]:
    now = core.clock.now()
    query = select(ApprovalRow.id).where(ApprovalRow.state == ApprovalState.WAITING, ApprovalRow.granted_at <= now)
    query = query.where(~setbacks.holds(core, DueKind.GRANT, ApprovalRow.id), ~suspending.holds_everything())
    return ids_of(core, query.order_by(ApprovalRow.granted_at).limit(limit))


def _grant(core: Core, approval_id: str) -> bool:
    with core.transaction(CLOCK) as transaction:
        session = transaction.session
        row = advancing.lock(transaction, session.get_one(TaskRow, approval_id).instance_id)
        approval, task = transaction.anew(ApprovalRow, approval_id), transaction.anew(TaskRow, approval_id)
        if approval is None or task is None or approval.state is not ApprovalState.WAITING:
            return False
        if approval.granted_at is None or approval.granted_at > transaction.now:
            return False
        approving.grant_by_clock(transaction, row, task, approval)
        return True


def _circuits_to_probe(core: Core, limit: int) -> Sequence[str]:
    query = select(CircuitRow.system).where(
        CircuitRow.state != CircuitState.CLOSED, CircuitRow.probe_at <= core.clock.now()
    )
    query = query.where(~setbacks.holds(core, DueKind.PROBE, CircuitRow.system))
    return ids_of(core, query.order_by(CircuitRow.probe_at).limit(limit))


def _probe(core: Core, system: str) -> bool:
    """Let the oldest job that the circuit holds try; as the first to begin after the cool-down, it is the probe."""
    with core.transaction(CLOCK) as transaction:
        return held_jobs.release(transaction, held_jobs.by_circuit(system), limit=1) > 0


DUE = (
    DueThings("grants", DueKind.GRANT, _due_grants, _grant, place_of_task),
    DueThings("probes", DueKind.PROBE, _circuits_to_probe, _probe),
)
