"""What leaves a transaction for other instances: messages and signals as rows, and hints to be carried out after it.

Hints save time only: the clock finds the rows of every hint that was lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.runtime.identifiers import new_id
from app.runtime.transaction import Transaction
from app.store.tables import FollowUpRow, InstanceRow, MessageRow, StartTriggerRow, SubscriptionRow

SIGNAL = "signal"
START_BY_SIGNAL = "start by signal"
MESSAGE = "message"  # that a switch has held: what is not held is delivered at once
START_BY_MESSAGE = "start by message"


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
        expires_at=transaction.now + timedelta(seconds=max(0.0, time_to_live_seconds)),
        correlated=False,
        trace_id=trace_id,
        delivery_id=delivery_id,
    )
    transaction.then(Correlate(row_id))
    return row_id


def put_signal(
    transaction: Transaction, name: str, variables: Mapping[str, object], thrower: InstanceRow | None
) -> int:
    """Remember whom a signal reaches: everybody who waits for it now, but for the thrower. Returns how many."""
    session = transaction.session
    waiting = select(SubscriptionRow.instance_id).where(SubscriptionRow.kind == "signal", SubscriptionRow.name == name)
    reached = [
        {"instance": each} for each in sorted(set(session.scalars(waiting))) if not thrower or each != thrower.id
    ]
    starts = select(StartTriggerRow).where(StartTriggerRow.kind == "signal", StartTriggerRow.name == name)
    started = [{"model": each.model_id, "element": each.element_id} for each in session.scalars(starts)]
    ids = []
    for kind, targets in ((SIGNAL, reached), (START_BY_SIGNAL, started)):
        for target in targets:
            ids.append(new_id())
            payload = {
                **target,
                "name": name,
                "variables": dict(variables),
                "trace": thrower.trace_id if thrower else None,
            }
            transaction.batch.put(FollowUpRow, id=ids[-1], kind=kind, created_at=transaction.now, payload=payload)
    for follow_up_id in ids:
        transaction.then(CarryOut(follow_up_id))
    return len(ids)
