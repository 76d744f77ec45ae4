"""What reaches instances from elsewhere, each in a transaction of its own: messages, and signals as follow-ups.

A message is a row before anybody is told; the clock finds every message whose correlation was interrupted.
"""

from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.engine import commands
from app.errors import Conflict
from app.runtime.instances import advancing, suspending
from app.runtime.starts import combined, start_events
from app.runtime.transaction import (
    MESSAGE,
    SIGNAL,
    SIGNAL_TO_MANY,
    START_TOGETHER,
    SYSTEM,
    CarryOut,
    Core,
    Correlate,
    DeliverBuffered,
    Transaction,
    outgoing,
)
from app.store.tables import FollowUpRow, MessageReceiptRow, MessageRow, ModelRow, SubscriptionRow


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
    try:
        _correlate(core, message_row_id)
    except IntegrityError:  # another message with its key has started an instance in this moment: this one waits
        _correlate(core, message_row_id)


def _correlate(core: Core, message_row_id: str) -> None:
    with core.transaction(SYSTEM) as transaction:
        session = transaction.session
        message = session.scalars(select(MessageRow).where(MessageRow.id == message_row_id).with_for_update()).first()
        if message is None or message.correlated:
            return
        message.correlated = True
        transaction.hops = message.hops
        advance = advancing.Advance(core, transaction)
        triggers = start_events.triggers_of(transaction, message)
        told = _deliver(advance, transaction, message)
        rest = [each for each in triggers if each.row.process_id not in told]
        for process_id, instance_id in start_events.start_by_message(core, advance, transaction, message, rest):
            told.add(process_id)
            _receipt(transaction, message, process_id, instance_id)
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
                transaction.hops = message.hops
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
        row = advancing.lock(transaction, subscription.instance_id)
        try:
            if suspending.why_held(session, row, subscription.element_id):
                _hold_message(transaction, message, subscription)
            else:
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
        if row.kind.startswith(suspending.HELD):
            return False
        if row.kind == SIGNAL_TO_MANY:
            outgoing.divide(transaction, row, row.payload)
            return True
        if _is_held(transaction, row.payload):
            row.kind = suspending.HELD + row.kind
            return True
        transaction.session.execute(delete(FollowUpRow).where(FollowUpRow.id == follow_up_id))
        transaction.hops = int(str(row.payload.get(outgoing.HOPS, 1)))
        advance = advancing.Advance(core, transaction)
        if row.kind == SIGNAL:
            _deliver_signal(advance, row.payload)
        elif row.kind == MESSAGE:
            _deliver_held(advance, transaction, row.payload)
        elif row.kind == START_TOGETHER:
            combined.judge(core, advance, transaction, row.payload)
        else:
            start_events.carry_out(core, advance, transaction, row.payload, row.created_at)
    return True


def _is_held(transaction: Transaction, payload: Mapping[str, object]) -> bool:
    """Whether a switch holds what a follow-up would do. Locks the instance that it is for."""
    element_id = str(payload["element"]) if "element" in payload else None
    if "instance" in payload:
        row = advancing.lock(transaction, str(payload["instance"]))
        return suspending.why_held(transaction.session, row, element_id) is not None
    process_id = payload.get("process")
    if process_id is None:
        process_id = transaction.session.scalar(select(ModelRow.key).where(ModelRow.id == str(payload["model"])))
    return suspending.why_start_is_held(transaction.session, str(process_id), element_id) is not None


def _deliver_signal(advance: advancing.Advance, payload: Mapping[str, object]) -> None:
    command = commands.DeliverSignal(str(payload["name"]), _variables(payload["variables"]))
    with suppress(Conflict):  # it has ended since
        advance.send(str(payload["instance"]), command)


def _hold_message(transaction: Transaction, message: MessageRow, subscription: SubscriptionRow) -> None:
    """Keep a message for the subscription that it has reached, however long a switch holds it."""
    payload = {
        "instance": subscription.instance_id,
        "process": subscription.process_id,
        "element": subscription.element_id,
        "subscription": subscription.id,
        "message": message.id,
        "name": message.name,
        "key": message.correlation_key,
        "variables": _variables(message.variables),
    }
    suspending.put_held(transaction, MESSAGE, payload)


def _deliver_held(advance: advancing.Advance, transaction: Transaction, payload: Mapping[str, object]) -> None:
    command = commands.DeliverMessage(str(payload["subscription"]), _variables(payload["variables"]))
    try:
        advance.send(str(payload["instance"]), command)
    except Conflict:  # it was closed since: while the message lives, another subscription of the process may have it
        transaction.session.execute(
            delete(MessageReceiptRow).where(
                MessageReceiptRow.message_id == str(payload["message"]),
                MessageReceiptRow.process_id == str(payload["process"]),
            )
        )
        transaction.then(DeliverBuffered(str(payload["name"]), str(payload["key"])))


def _variables(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}
