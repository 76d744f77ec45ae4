"""What must hold when the dust has settled: no instance stuck, no effect lost, none doubled, the audit log intact."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx

from app.runtime import SYSTEM, Runtime
from app.runtime.views import InstanceStatus, InstanceView, JobState, JobView
from tests.chaos.orders import EFFECTS, Order


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problems` is empty if all went well; otherwise one line for each thing that is wrong."""

    kills: int
    orders: int
    effects: int
    retried: int  # jobs that took more than one attempt
    audit_records: int
    problems: tuple[str, ...]

    def __str__(self) -> str:
        counts = (
            f"{self.kills} kills, {self.orders} orders, {self.effects} effects, {self.retried} jobs tried again, "
            f"{self.audit_records} audit records"
        )
        return "\n".join((f"{counts}: {'FAILED' if self.problems else 'all intact'}", *self.problems))


def judge(runtime: Runtime, company: httpx.Client, orders: Sequence[Order], kills: int) -> Verdict:
    """Compare the platform's records with the company's books."""
    audit = runtime.audit.verify()
    effects = company.get("/effects").json()["effects"]
    problems = [*_instances(runtime, orders), *_unfinished_jobs(runtime), *_effects(company, effects, orders)]
    if not audit.ok:
        problems.append(f"the audit log is broken at {audit.broken}: {audit.why}")
    retried = sum(job.attempt > 1 for job in _jobs(runtime, JobState.DONE))
    return Verdict(kills, len(orders), len(effects), retried, audit.checked, tuple(problems))


def instances(runtime: Runtime) -> Iterator[InstanceView]:
    """All of them, newest first."""
    page = runtime.instances.list(SYSTEM, limit=200)
    yield from page.items
    while page.next:
        page = runtime.instances.list(SYSTEM, after=page.next, limit=200)
        yield from page.items


def _instances(runtime: Runtime, orders: Sequence[Order]) -> Iterator[str]:
    found = list(instances(runtime))
    counts = Counter(view.business_key for view in found)
    for order in orders:
        if counts[order.ticket_id] != 1:
            yield f"{order.ticket_id}: expected one instance, but found {counts[order.ticket_id]}"
    for view in found:
        if view.status is not InstanceStatus.COMPLETED or view.incident_count:
            yield f"{view.business_key}: {view.status}, {view.incident_count} incidents ({view.id})"
    if strangers := counts.keys() - {order.ticket_id for order in orders}:
        yield f"instances that nobody has ordered: {sorted(map(str, strangers))}"


def _unfinished_jobs(runtime: Runtime) -> Iterator[str]:
    for state in set(JobState) - {JobState.DONE}:
        for job in _jobs(runtime, state):
            yield f"job {job.id} ({job.type}) is {state}"


def _jobs(runtime: Runtime, state: JobState) -> Iterator[JobView]:
    page = runtime.jobs.list(SYSTEM, state=state, limit=200)
    yield from page.items
    while page.next:
        page = runtime.jobs.list(SYSTEM, state=state, after=page.next, limit=200)
        yield from page.items


def _effects(company: httpx.Client, effects: Sequence[dict[str, object]], orders: Sequence[Order]) -> Iterator[str]:
    """The ledger, and billing's own books: the refund's reason names the ticket."""
    charges = sorted({order.charge_id for order in orders})
    refunds = {
        charge: company.get("/billing/refunds", params={"charge_id": charge}).json()["refunds"] for charge in charges
    }
    booked = {refund["refund_id"]: refund for found in refunds.values() for refund in found}
    counts: Counter[tuple[str, str]] = Counter()
    for effect in effects:
        detail = effect["detail"]
        ticket = booked[effect["subject"]]["reason"] if effect["operation"] == "book-refund" else detail["ticket_id"]
        counts[ticket, effect["operation"]] += 1
    expected = {(order.ticket_id, operation) for order in orders for operation in EFFECTS}
    for ticket, operation in sorted(expected | counts.keys()):
        wanted = int((ticket, operation) in expected)
        if counts[ticket, operation] != wanted:
            yield f"{ticket}: expected {wanted} {operation}, but found {counts[ticket, operation]}"
    amounts = Counter((refund["reason"], refund["amount"], refund["state"]) for refund in booked.values())
    for order in orders:
        if amounts[order.ticket_id, f"{order.amount:.2f}", "booked"] != 1:
            yield f"{order.ticket_id}: billing has not booked {order.amount} EUR exactly once"
