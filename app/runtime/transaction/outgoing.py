"""What leaves a transaction for other instances: messages and signals as rows, and hints to be carried out after it.

Hints save time only: the clock finds the rows of every hint that was lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.engine import Others
from app.runtime.transaction.identifiers import new_id
from app.runtime.transaction.json_values import texts
from app.runtime.transaction.transaction import Transaction
from app.store.tables import FollowUpRow, InstanceRow, MessageRow, StartOccurrenceRow, StartTriggerRow, SubscriptionRow

SIGNAL = "signal"
SIGNAL_TO_MANY = "signal to many"  # divided into the former, part by part
START_BY_SIGNAL = "start by signal"
MESSAGE = "message"  # that a switch has held: what is not held is delivered at once
START_BY_MESSAGE = "start by message"  # or by condition: like a message, only if a switch has held it
START_TOGETHER = "start together"  # look whether what is remembered for a start event is complete


HOPS = "hops"  # in payloads: `Transaction.hops` of whoever carries it out
AT_ONCE = 20  # instances that whoever throws a signal tells
MANY = 500  # instances that one follow-up names
PART = 100  # of them that one transaction makes follow-ups of their own for
LONGEST_TO_LIVE_SECONDS = 10 * 365 * 24 * 3600.0  # of a message; what a process asks for beyond it is cut


@dataclass(frozen=True, slots=True)
class Correlate:
    """A message was published."""

    message_row_id: str


@dataclass(frozen=True, slots=True)
class DeliverBuffered:
    """A subscription was opened, which may have been published to already."""

    name: str
    correlation_key: str


@dataclass(frozen=True, slots=True)
class CarryOut:
    """A follow-up was stored."""

    follow_up_id: str


Hint = Correlate | DeliverBuffered | CarryOut


def put_message(
    transaction: Transaction,
    name: str,
    correlation_key: str,
    variables: Mapping[str, object],
    *,
    message_id: str | None = None,
    time_to_live_seconds: float,
    trace_id: str | None = None,
    delivery_id: str | None = None,
) -> str | None:
    """Store a message that is to be correlated. None if one with this name, key and message id is there already."""
    if message_id is not None:
        twin = select(MessageRow.id).where(
            MessageRow.name == name, MessageRow.correlation_key == correlation_key, MessageRow.message_id == message_id
        )
        if transaction.session.scalar(twin) is not None:
            return None
    row_id = new_id()
    transaction.batch.put(
        MessageRow,
        id=row_id,
        name=name,
        correlation_key=correlation_key,
        message_id=message_id,
        variables=dict(variables),
        published_at=transaction.now,
        published_by=transaction.actor.name,
        expires_at=transaction.now + timedelta(seconds=min(max(0.0, time_to_live_seconds), LONGEST_TO_LIVE_SECONDS)),
        correlated=False,
        trace_id=trace_id,
        delivery_id=delivery_id,
        hops=transaction.hops + 1,
    )
    transaction.then(Correlate(row_id))
    return row_id


def put_signal(
    transaction: Transaction, name: str, variables: Mapping[str, object], thrower: InstanceRow | None
) -> int:
    """Remember whom a signal reaches: everybody who waits for it now, but for the thrower. Returns how many.

    Where a gateway needs all of its events, instances that wait for it are reached in place of a start. The first few
    are told at once, the others by the clock, so that throwing costs the same however many wait.
    """
    session = transaction.session
    waiting = select(SubscriptionRow.instance_id, SubscriptionRow.process_id, SubscriptionRow.element_id)
    found = session.execute(waiting.where(SubscriptionRow.kind == "signal", SubscriptionRow.name == name)).all()
    reached = sorted({each.instance_id for each in found} - ({thrower.id} if thrower else set()))
    awaited = {(each.process_id, each.element_id) for each in found}
    starts = select(StartTriggerRow).where(StartTriggerRow.kind == "signal", StartTriggerRow.name == name)
    started = [
        {"model": each.model_id, "process": each.process_id, "element": each.element_id, "others": each.others}
        for each in session.scalars(starts)
        if each.others != Others.AFTER or (each.process_id, each.element_id) not in awaited
    ]
    said = {"name": name, "variables": dict(variables), "trace": thrower.trace_id if thrower else None}
    for instance_id in reached[:AT_ONCE]:
        put_follow_up(transaction, SIGNAL, {"instance": instance_id, **said})
    for start in range(AT_ONCE, len(reached), MANY):
        later = {"instances": reached[start : start + MANY], **said}
        put_follow_up(transaction, SIGNAL_TO_MANY, later, at_once=False)
    for target in started:
        put_follow_up(transaction, START_BY_SIGNAL, {**target, **said})
    return len(reached) + len(started)


def divide(transaction: Transaction, row: FollowUpRow, payload: Mapping[str, object]) -> None:
    """Make follow-ups for one instance each of the next part of a follow-up for many; the rest stays."""
    ids = texts(payload.get("instances"))
    said = {name: value for name, value in payload.items() if name != "instances"}
    for instance_id in ids[:PART]:
        one = {"instance": instance_id, **said}
        put_follow_up(transaction, SIGNAL, one, at_once=False, created_at=row.created_at)
    if ids[PART:]:
        row.payload = {**payload, "instances": list(ids[PART:])}
    else:
        transaction.batch.remove(FollowUpRow, row.id)


def put_follow_up(
    transaction: Transaction,
    kind: str,
    payload: Mapping[str, object],
    *,
    at_once: bool = True,
    created_at: datetime | None = None,
) -> None:
    """Have something carried out in a transaction of its own: soon after this one, or by the clock."""
    row_id = new_id()
    carried = {**payload, HOPS: transaction.hops + 1} if HOPS not in payload else dict(payload)
    transaction.batch.put(FollowUpRow, id=row_id, kind=kind, created_at=created_at or transaction.now, payload=carried)
    if at_once:
        transaction.then(CarryOut(row_id))


def settling(process_id: str, element_id: str, key: str | None) -> dict[str, object]:
    """The payload of `START_TOGETHER`: which start event, for messages with which key (None: any)."""
    return {"process": process_id, "element": element_id, "key": key}


def settle_starts_anew(transaction: Transaction, process_id: str) -> None:
    """After a deployment: have what is remembered for a process judged by the new version, in its own transactions."""
    elements = select(StartOccurrenceRow.element_id).where(StartOccurrenceRow.process_id == process_id).distinct()
    for element_id in sorted(transaction.session.scalars(elements)):
        put_follow_up(transaction, START_TOGETHER, settling(process_id, element_id, None))
