"""One at a time: a message with a correlation key starts no second instance of a process while the first one runs.

The next message waits for as long as it lives, and starts an instance when that has ended (as Camunda 8 documents). A
message without a key always starts one. Not here: starts that need several events (`combined`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import InstrumentedAttribute

from app.engine import Others, TriggerKind
from app.runtime.clock import ids_of, setbacks
from app.runtime.instances import StartRequest
from app.runtime.transaction import Core, Transaction, mapping, new_id
from app.runtime.views import DueKind
from app.store.tables import KeyedStartRow, StartTriggerRow


def is_taken(process_id: InstrumentedAttribute[str] | str, key: str) -> ColumnElement[bool]:
    """In a query: whether an instance that a message with this key has started runs, or others wait for that."""
    here = (KeyedStartRow.process_id == process_id, KeyedStartRow.correlation_key == key)
    return exists().where(*here).correlate_except(KeyedStartRow)


def started(transaction: Transaction, process_id: str, key: str, instance_id: str) -> None:
    """Note that the instance runs; its end takes the note away (`EventWriter`)."""
    _put(transaction, instance_id, process_id, key, instance_id=instance_id)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a message that waits would start, and until when."""

    process_id: str
    correlation_key: str
    name: str
    variables: Mapping[str, object]
    source: Mapping[str, object]
    trace_id: str | None
    expires_at: datetime


def wait(transaction: Transaction, waiting: Waiting) -> str | None:
    """Wait for the end of the instance that runs. Returns the id in the queue; None if the message does not live on."""
    if waiting.expires_at <= transaction.now:
        return None
    row_id = new_id()
    _put(
        transaction,
        row_id,
        waiting.process_id,
        waiting.correlation_key,
        name=waiting.name,
        variables=dict(waiting.variables),
        source=dict(waiting.source),
        trace_id=waiting.trace_id,
        expires_at=waiting.expires_at,
    )
    return row_id


def due(core: Core, limit: int) -> Sequence[str]:
    """The oldest that waits for each key whose instance has ended."""
    running = aliased(KeyedStartRow)
    still = exists().where(
        running.instance_id.is_not(None),
        running.process_id == KeyedStartRow.process_id,
        running.correlation_key == KeyedStartRow.correlation_key,
    )
    query = select(func.min(KeyedStartRow.id)).where(KeyedStartRow.instance_id.is_(None), ~still)
    query = query.where(KeyedStartRow.expires_at > core.clock.now())
    query = query.where(~setbacks.holds(core, DueKind.KEYED_START, KeyedStartRow.id))
    return ids_of(core, query.group_by(KeyedStartRow.process_id, KeyedStartRow.correlation_key).limit(limit))


def take(transaction: Transaction, row_id: str) -> tuple[StartTriggerRow, StartRequest] | None:
    """What a waiting message starts now, in the newest version; it waits no longer. None: nothing (any more)."""
    session = transaction.session
    row = session.scalars(select(KeyedStartRow).where(KeyedStartRow.id == row_id).with_for_update()).first()
    if row is None or row.instance_id is not None or row.expires_at is None or row.expires_at <= transaction.now:
        return None
    same_key = (KeyedStartRow.process_id == row.process_id, KeyedStartRow.correlation_key == row.correlation_key)
    if session.scalar(select(KeyedStartRow.id).where(*same_key, KeyedStartRow.instance_id.is_not(None))):
        return None
    session.execute(delete(KeyedStartRow).where(KeyedStartRow.id == row_id))
    trigger = session.scalars(
        select(StartTriggerRow).where(
            StartTriggerRow.kind == TriggerKind.MESSAGE,
            StartTriggerRow.name == row.name,
            StartTriggerRow.process_id == row.process_id,
            StartTriggerRow.others == Others.FREE,
        )
    ).first()
    if trigger is None:
        transaction.record("message.starts-nothing", row_id, process=row.process_id, name=row.name)
        return None
    return trigger, StartRequest(
        model_id=trigger.model_id,
        variables=mapping(row.variables),
        trace_id=row.trace_id,
        element_id=trigger.element_id,
        business_key=row.correlation_key,
        trigger=f"message {row.name}",
        source=mapping(row.source),
        correlation_key=row.correlation_key,
    )


def forget_expired(transaction: Transaction, limit: int) -> int:
    """What waited longer than it lives. Each is told in the audit log: it has started nothing."""
    query = select(KeyedStartRow).where(KeyedStartRow.instance_id.is_(None))
    rows = list(transaction.session.scalars(query.where(KeyedStartRow.expires_at <= transaction.now).limit(limit)))
    for row in rows:
        transaction.batch.remove(KeyedStartRow, row.id)
        transaction.record("message.expired-waiting", row.id, process=row.process_id, name=row.name)
    return len(rows)


def _put(transaction: Transaction, row_id: str, process_id: str, key: str, **values: object) -> None:
    given = {"variables": {}, "source": {}, **values}
    transaction.batch.put(KeyedStartRow, id=row_id, process_id=process_id, correlation_key=key, **given)
