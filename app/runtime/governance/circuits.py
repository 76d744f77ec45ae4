"""Circuit breakers: one per system, opened by consecutive infrastructure failures, closed by a successful probe."""

from sqlalchemy import select

from app.runtime.governance import held_jobs
from app.runtime.transaction import Core, Transaction
from app.runtime.views import CircuitState, CircuitView
from app.store.tables import CircuitRow


class Circuits:
    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self) -> list[CircuitView]:
        """Every system that has failed at least once, by name."""
        with self._core.store.read() as session:
            rows = session.scalars(select(CircuitRow).order_by(CircuitRow.system)).all()
            held = held_jobs.counts(session)
            return [
                CircuitView(
                    row.system,
                    row.state,
                    row.failures,
                    row.opened_at,
                    row.probe_at,
                    row.message,
                    held.get(held_jobs.by_circuit(row.system), 0),
                )
                for row in rows
            ]


def lets_through(transaction: Transaction, core: Core, system: str, job_id: str) -> bool:
    """Whether an action may reach its system now. After the cool-down one job is the probe; all others wait for it."""
    circuit = transaction.session.get(CircuitRow, system)
    if circuit is None or circuit.state is CircuitState.CLOSED or circuit.probe_job_id == job_id:
        return True
    circuit = transaction.anew(CircuitRow, system, lock=True)
    if circuit is None or circuit.state is CircuitState.CLOSED:
        return True
    if circuit.probe_at is None or transaction.now >= circuit.probe_at:
        circuit.state = CircuitState.HALF_OPEN
        circuit.probe_job_id = job_id
        circuit.probe_at = transaction.now + core.settings.circuit_cool_down  # if the probe is never heard of again
        return True
    return False


def failed(transaction: Transaction, core: Core, system: str, message: str) -> bool:
    """Count an infrastructure failure. True if the circuit is open now."""
    circuit = transaction.anew(CircuitRow, system, lock=True)
    if circuit is None:
        circuit = CircuitRow(system=system, state=CircuitState.CLOSED, failures=0)
        transaction.session.add(circuit)
    circuit.failures += 1
    circuit.message = message
    was_half_open = circuit.state is CircuitState.HALF_OPEN
    too_many = circuit.failures >= core.settings.circuit_failures
    if was_half_open or (circuit.state is CircuitState.CLOSED and too_many):
        circuit.state = CircuitState.OPEN
        circuit.opened_at = circuit.opened_at or transaction.now
        circuit.probe_at = transaction.now + core.settings.circuit_cool_down
        circuit.probe_job_id = None
        if not was_half_open:
            transaction.record("circuit.opened", system, failures=circuit.failures, message=message)
    transaction.session.flush()
    return circuit.state is not CircuitState.CLOSED


def answered(transaction: Transaction, system: str) -> None:
    """The system has answered: its circuit closes, and what it held goes on."""
    circuit = transaction.session.get(CircuitRow, system)
    if circuit is None or (circuit.failures == 0 and circuit.state is CircuitState.CLOSED):
        return
    circuit = transaction.anew(CircuitRow, system, lock=True)
    if circuit is None:
        return
    was_closed = circuit.state is CircuitState.CLOSED
    circuit.state = CircuitState.CLOSED
    circuit.failures = 0
    circuit.opened_at = circuit.probe_at = circuit.probe_job_id = circuit.message = None
    if not was_closed:
        transaction.record("circuit.closed", system)
        held_jobs.release(transaction, held_jobs.by_circuit(system))
