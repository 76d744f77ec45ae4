"""What instances wait for and what reaches or starts them: timers, subscriptions, messages, follow-ups, deliveries."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base
from app.store.states import DeliveryState


class TimerRow(Base):
    __tablename__ = "timer"

    id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element_instance_id: Mapped[str]
    element_id: Mapped[str]
    due: Mapped[datetime] = mapped_column(index=True)


class SubscriptionRow(Base):
    __tablename__ = "subscription"
    __table_args__ = (Index("subscription_named", "kind", "name", "correlation_key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    process_id: Mapped[str]
    element_instance_id: Mapped[str]
    element_id: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    correlation_key: Mapped[str | None]
    opened_at: Mapped[datetime]


class MessageRow(Base):
    """A message until it expires: buffered for subscriptions that open later, and remembered by its `message_id`."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("name", "correlation_key", "message_id", name="message_once"),
        Index("message_expiry", "expires_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    correlation_key: Mapped[str]
    message_id: Mapped[str | None]
    variables: Mapped[object]
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    expires_at: Mapped[datetime]
    correlated: Mapped[bool] = mapped_column(index=True)  # False until everybody who waited at first has been told
    trace_id: Mapped[str | None]
    delivery_id: Mapped[str | None]
    hops: Mapped[int] = mapped_column(
        default=1
    )  # messages and signals in a row that instances have sent because of each other, with this one


class MessageReceiptRow(Base):
    """That a process has got a message: it gets it once."""

    __tablename__ = "message_receipt"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), primary_key=True)
    process_id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str]


class StartOccurrenceRow(Base):
    """That a trigger of a start event has occurred which needs more: kept until the others have, or it expires."""

    __tablename__ = "start_occurrence"
    __table_args__ = (
        Index("start_occurrence_together", "process_id", "element_id", "correlation_key"),
        Index("start_occurrence_expiry", "expires_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    process_id: Mapped[str]
    element_id: Mapped[str]
    kind: Mapped[str]  # `TriggerKind`
    name: Mapped[str] = mapped_column(Text)  # `StartTrigger.means`
    correlation_key: Mapped[str | None]  # of a message
    message_id: Mapped[str | None]  # its row may be gone before this one
    variables: Mapped[object]
    source: Mapped[object]  # for the evidence of what it starts
    trace_id: Mapped[str | None]
    occurred_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class KeyedStartRow(Base):
    """An instance that a message with a key has started and that runs, or a message that waits for its end.

    The id of the former is that of the instance.
    """

    __tablename__ = "keyed_start"
    __table_args__ = (
        Index("keyed_start_place", "process_id", "correlation_key"),
        Index(
            "keyed_start_runs_once",
            "process_id",
            "correlation_key",
            unique=True,
            postgresql_where=text("instance_id IS NOT NULL"),
            sqlite_where=text("instance_id IS NOT NULL"),
        ),
        Index("keyed_start_expiry", "expires_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    process_id: Mapped[str]
    correlation_key: Mapped[str]
    instance_id: Mapped[str | None]  # NULL: it waits
    name: Mapped[str | None]  # of the message that waits
    variables: Mapped[object]
    source: Mapped[object]
    trace_id: Mapped[str | None]
    expires_at: Mapped[datetime | None]


class FollowUpRow(Base):
    """A command for another instance that was born in a transaction and is carried out in one of its own."""

    __tablename__ = "follow_up"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    created_at: Mapped[datetime]
    payload: Mapped[object]


class DeliveryRow(Base):
    """One webhook call, as it came in."""

    __tablename__ = "hook_delivery"
    __table_args__ = (
        UniqueConstraint("hook", "idempotency_key", name="hook_delivery_once"),
        Index("hook_delivery_open", "state", "announced_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    hook: Mapped[str]
    idempotency_key: Mapped[str]
    model_id: Mapped[str] = mapped_column(ForeignKey("model.id"))
    body: Mapped[bytes]
    trace_id: Mapped[str]
    state: Mapped[DeliveryState]
    received_at: Mapped[datetime]
    announced_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]
