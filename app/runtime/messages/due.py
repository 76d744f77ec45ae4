"""What is due of messages: interrupted correlations, late subscriptions, lost follow-ups and deliveries, expiry."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update

from app.runtime.clock import CLOCK, DueThings, Place, Sweep, ids_of, setbacks
from app.runtime.instances import suspending
from app.runtime.messages import commands, following_up
from app.runtime.transaction import Core, mapping
from app.runtime.views import DueKind
from app.store.states import DeliveryState
from app.store.tables import DeliveryRow, FollowUpRow, MessageReceiptRow, MessageRow, SubscriptionRow

GRACE = timedelta(seconds=5)  # what a process that stored something is given to carry it out itself


def _interrupted(core: Core, limit: int) -> Sequence[str]:
    query = select(MessageRow.id).where(
        MessageRow.correlated.is_(False), MessageRow.published_at <= core.clock.now() - GRACE
    )
    query = query.where(~setbacks.holds(core, DueKind.MESSAGE, MessageRow.id))
    return ids_of(core, query.order_by(MessageRow.id).limit(limit))


def _correlate(core: Core, message_id: str) -> int:
    following_up.correlate(core, message_id)
    return 1


def _awaited_since(core: Core, limit: int) -> Sequence[str]:
    """Messages that found no subscription then, and would find one now."""
    waits_for_it = (SubscriptionRow.name == MessageRow.name) & (
        SubscriptionRow.correlation_key == MessageRow.correlation_key
    )
    told = select(MessageReceiptRow).where(
        MessageReceiptRow.message_id == MessageRow.id, MessageReceiptRow.process_id == SubscriptionRow.process_id
    )
    query = select(MessageRow.id).join(SubscriptionRow, waits_for_it)
    query = query.where(MessageRow.correlated, MessageRow.expires_at > core.clock.now())
    query = query.where(SubscriptionRow.kind == "message", ~told.exists())
    query = query.where(~setbacks.holds(core, DueKind.BUFFERED_MESSAGE, MessageRow.id))
    return ids_of(core, query.distinct().limit(limit))


def _deliver(core: Core, message_id: str) -> int:
    with core.store.read() as session:
        message = session.get(MessageRow, message_id)
    return 0 if message is None else following_up.deliver_buffered(core, message.name, message.correlation_key)


def _forget_expired(core: Core, limit: int) -> int:
    with core.transaction(CLOCK) as transaction:
        session = transaction.session
        expired = select(MessageRow.id).where(MessageRow.correlated, MessageRow.expires_at <= transaction.now)
        ids = list(session.scalars(expired.limit(limit)))
        if ids:
            session.execute(delete(MessageReceiptRow).where(MessageReceiptRow.message_id.in_(ids)))
            session.execute(delete(MessageRow).where(MessageRow.id.in_(ids)))
    return len(ids)


def _lost_follow_ups(core: Core, limit: int) -> Sequence[str]:
    before = core.clock.now() - GRACE
    query = select(FollowUpRow.id).where(
        FollowUpRow.created_at <= before, ~FollowUpRow.kind.startswith(suspending.HELD)
    )
    query = query.where(~setbacks.holds(core, DueKind.FOLLOW_UP, FollowUpRow.id))
    return ids_of(core, query.order_by(FollowUpRow.id).limit(limit))


def _place_of_follow_up(core: Core, follow_up_id: str) -> Place | None:
    with core.store.read() as session:
        row = session.get(FollowUpRow, follow_up_id)
    payload = mapping(row.payload) if row is not None else {}
    return Place(str(payload["instance"]), str(payload.get("element") or "")) if "instance" in payload else None


def _announce_deliveries(core: Core, limit: int) -> int:
    with core.transaction(CLOCK) as transaction:
        stale = transaction.now - core.settings.announce_again_after
        query = select(DeliveryRow.id).where(
            DeliveryRow.state == DeliveryState.STORED, DeliveryRow.announced_at <= stale
        )
        query = query.where(~setbacks.holds(core, DueKind.DELIVERY, DeliveryRow.id))
        ids = list(transaction.session.scalars(query.limit(limit).with_for_update(skip_locked=True)))
        if ids:
            again = update(DeliveryRow).where(DeliveryRow.id.in_(ids)).values(announced_at=transaction.now)
            transaction.session.execute(again)
    for delivery_id in ids:
        core.announcer.announce_delivery(delivery_id)
    return len(ids)


DUE = (
    DueThings("correlations", DueKind.MESSAGE, _interrupted, _correlate),
    DueThings("messages", DueKind.BUFFERED_MESSAGE, _awaited_since, _deliver),
    Sweep("forgotten messages", _forget_expired, is_work=False),
    DueThings("follow-ups", DueKind.FOLLOW_UP, _lost_follow_ups, following_up.carry_out, _place_of_follow_up),
    Sweep("deliveries", _announce_deliveries),
    Sweep("forgotten commands", commands.forget, is_work=False),
)
