"""What reaches instances from elsewhere, each in a transaction of its own: messages, and signals as follow-ups.

A message is a row before anybody is told; the clock finds every message whose correlation was interrupted.
"""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.engine import commands
from app.errors import Conflict
from app.runtime import advancing, starting
from app.runtime.actors import SYSTEM
from app.runtime.core import Core
from app.runtime.outgoing import SIGNAL, CarryOut, Correlate, DeliverBuffered
from app.runtime.transaction import Transaction
from app.store.tables import (
    FollowUpRow,
    MessageReceiptRow,
    MessageRow,
    StartTriggerRow,
    SubscriptionRow,
)


def follow(core: Core, hint: object) -> None:
    """Carry out what a transaction announced."""
    match hint:
        case Correlate(message_row_id):
            correlate(core, message_row_id)
        case DeliverBuffered(name, correlation_key):
            deliver_buffered(core, name, correlation_key)
        case CarryOut(follow_up_id):
            carry_out(core, follow_up_id)


def correlate(core: Core, message_row_id: str) -> None:
    """Tell everybody who waits for a new message: once per process, and every process that it starts."""
    with core.transaction(SYSTEM) as transaction:
        session = transaction.session
        message = session.scalars(select(MessageRow).where(MessageRow.id == message_row_id).with_for_update()).first()
        if message is None or message.correlated:
            return
        message.correlated = True
        session.flush()
        advance = advancing.Advance(core, transaction)
        told = _deliver(advance, transaction, message)
        starts = select(StartTriggerRow).where(StartTriggerRow.kind == "message", StartTriggerRow.name == message.name)
        for trigger in session.scalars(starts.order_by(StartTriggerRow.id)):
            if trigger.process_id not in told:
                told.add(trigger.process_id)
                instance_id = advance.start(_start_request(message, trigger))
                _receipt(transaction, message, trigger.process_id, instance_id)
        transaction.record(
            "message.published", message.id, name=message.name, correlation_key=message.correlation_key, told=len(told)
        )


def deliver_buffered(core: Core, name: str, correlation_key: str) -> int:
    """Give messages that were published earlier to subscriptions that opened since. Returns how many were delivered."""
    with core.store.read() as session:
        waiting = list(
            session.scalars(
                select(MessageRow.id)
                .where(
                    MessageRow.name == name,
                    MessageRow.correlation_key == correlation_key,
                    MessageRow.correlated,
                    MessageRow.expires_at > core.clock.now(),
                )
                .order_by(MessageRow.id)
            )
        )
    delivered = 0
    for message_id in waiting:
        with core.transaction(SYSTEM) as transaction:
            query = select(MessageRow).where(MessageRow.id == message_id).with_for_update()
            message = transaction.session.scalars(query).first()
            if message is not None and message.expires_at > transaction.now:
                delivered += len(_deliver(advancing.Advance(core, transaction), transaction, message))
    return delivered


def _deliver(advance: advancing.Advance, transaction: Transaction, message: MessageRow) -> set[str]:
    """Deliver to one open subscription of each process that has not got the message. Returns those that have it now."""
    session = transaction.session
    had = set(session.scalars(select(MessageReceiptRow.process_id).where(MessageReceiptRow.message_id == message.id)))
    told: set[str] = set()
    for subscription in _subscriptions(session, message):
        if subscription.process_id in had | told:
            continue
        advancing.lock(transaction, subscription.instance_id)
        try:
            advance.send(
                subscription.instance_id, commands.DeliverMessage(subscription.id, _variables(message.variables))
            )
        except Conflict:
            continue  # the subscription was closed while we waited for the lock
        told.add(subscription.process_id)
        _receipt(transaction, message, subscription.process_id, subscription.instance_id)
    return had | told


def _subscriptions(session: Session, message: MessageRow) -> list[SubscriptionRow]:
    query = select(SubscriptionRow).where(
        SubscriptionRow.kind == "message",
        SubscriptionRow.name == message.name,
        SubscriptionRow.correlation_key == message.correlation_key,
    )
    return list(session.scalars(query.order_by(SubscriptionRow.instance_id, SubscriptionRow.id)))


def _start_request(message: MessageRow, trigger: StartTriggerRow) -> starting.StartRequest:
    return starting.StartRequest(
        model_id=trigger.model_id,
        variables=_variables(message.variables),
        trace_id=message.trace_id,
        element_id=trigger.element_id,
        business_key=message.correlation_key or None,
        trigger=f"message {message.name}",
        source={
            "message_name": message.name,
            "correlation_key": message.correlation_key,
            "published_at": message.published_at.isoformat(),
            "published_by": message.published_by,
            "delivery": message.delivery_id,
        },
    )


def _receipt(transaction: Transaction, message: MessageRow, process_id: str, instance_id: str) -> None:
    transaction.batch.put(MessageReceiptRow, message_id=message.id, process_id=process_id, instance_id=instance_id)


def carry_out(core: Core, follow_up_id: str) -> bool:
    """Do what a follow-up says, once. False if it was done already."""
    with core.transaction(SYSTEM) as transaction:
        row = transaction.session.scalars(
            select(FollowUpRow).where(FollowUpRow.id == follow_up_id).with_for_update()
        ).first()
        if row is None or not isinstance(row.payload, dict):
            return False
        transaction.session.execute(delete(FollowUpRow).where(FollowUpRow.id == follow_up_id))
        payload = row.payload
        advance = advancing.Advance(core, transaction)
        variables = _variables(payload["variables"])
        if row.kind == SIGNAL:
            try:
                advance.send(str(payload["instance"]), commands.DeliverSignal(str(payload["name"]), variables))
            except Conflict:
                return True  # it has ended since
        else:
            request = starting.StartRequest(
                model_id=str(payload["model"]),
                variables=variables,
                trace_id=payload.get("trace"),
                element_id=str(payload["element"]),
                trigger=f"signal {payload['name']}",
            )
            advance.start(request)
    return True


def _variables(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}
