"""What a message, signal, timer or condition does to a process that it starts.

It starts an instance, or is remembered until others have occurred (`combined`), or goes to an instance that
waits for it behind its event-based gateway, or waits for a switch.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select

from app.engine import Others, TriggerKind
from app.runtime.instances import StartRequest, advancing, suspending
from app.runtime.starts import combined
from app.runtime.starts.combined import Happening, Place
from app.runtime.transaction import MESSAGE, SIGNAL, START_BY_MESSAGE, Core, Transaction, mapping, put_follow_up
from app.store.tables import MessageRow, StartTriggerRow, SubscriptionRow

Payload = Mapping[str, object]


def triggers_of(transaction: Transaction, message: MessageRow) -> list[StartTriggerRow]:
    """What a message starts. Where others belong to a start, its process is held; so ask before locking instances."""
    query = select(StartTriggerRow).where(
        StartTriggerRow.kind == TriggerKind.MESSAGE, StartTriggerRow.name == message.name
    )
    query = query.order_by(StartTriggerRow.id)
    found = list(transaction.session.scalars(query))
    if together := {each.process_id for each in found if each.others != Others.FREE}:
        combined.hold(transaction, together)
        return list(transaction.session.scalars(query))
    return found


def start_by_message(
    core: Core,
    advance: advancing.Advance,
    transaction: Transaction,
    message: MessageRow,
    triggers: Iterable[StartTriggerRow],
) -> Iterator[tuple[str, str]]:
    """Let a message start processes, each at most once. Yields the process and what has got the message in it.

    A start event that needs nothing else comes before those that do; each of these remembers the message.
    """
    by_process: dict[str, list[StartTriggerRow]] = {}
    for trigger in triggers:
        by_process.setdefault(trigger.process_id, []).append(trigger)
    for process_id, its_triggers in by_process.items():
        alone = next((each for each in its_triggers if each.others != Others.BEFORE), None)
        if alone is not None:
            request = _request_by_message(message, alone)
            yield process_id, start_or_hold(advance, transaction, alone, request, message.id)[0]
            continue
        received: str | None = None
        for trigger in its_triggers:
            place, happening = Place(process_id, trigger.element_id), _happening(message)
            occurrence_id, started = combined.occurred(core, advance, transaction, place, happening)
            received = started[0] if started else received or occurrence_id
            if started:
                break
        if received is not None:
            yield process_id, received


def start_or_hold(
    advance: advancing.Advance,
    transaction: Transaction,
    trigger: StartTriggerRow,
    request: StartRequest,
    message_id: str | None = None,
) -> tuple[str, bool]:
    """Start an instance (True), or have that wait for a switch. Returns the id of the instance, or of the follow-up."""
    if not suspending.why_start_is_held(transaction.session, trigger.process_id, trigger.element_id):
        return advance.start(request), True
    payload = {
        "model": request.model_id,
        "process": trigger.process_id,
        "element": request.element_id,
        "others": trigger.others,
        "kind": trigger.kind,
        "name": trigger.name,
        "variables": dict(request.variables),
        "trace": request.trace_id,
        "business_key": request.business_key,
        "key": request.correlation_key,
        "message": message_id,
        "trigger": request.trigger,
        "origin": request.origin,
        "source": dict(request.source or {}),
    }
    return suspending.put_held(transaction, START_BY_MESSAGE, payload), False


def carry_out(
    core: Core, advance: advancing.Advance, transaction: Transaction, payload: Payload, occurred_at: datetime
) -> None:
    """Start by a signal, or by what a switch has held."""
    others = payload.get("others", Others.FREE)
    if others != Others.FREE:
        combined.hold(transaction, [str(payload["process"])])
    if others == Others.BEFORE:
        place = Place(str(payload["process"]), str(payload["element"]))
        happening = Happening(
            TriggerKind.SIGNAL,
            str(payload["name"]),
            occurred_at,
            mapping(payload["variables"]),
            trace_id=_text(payload.get("trace")),
        )
        combined.occurred(core, advance, transaction, place, happening)
    elif others == Others.FREE or not _reaches_waiting(transaction, payload):
        advance.start(_request_of(payload))


def start_by_timer(
    core: Core, advance: advancing.Advance, transaction: Transaction, trigger: StartTriggerRow, due: datetime
) -> None:
    source = {"due": due.isoformat()}
    if trigger.others != Others.FREE:
        combined.hold(transaction, [trigger.process_id])
    if trigger.others == Others.BEFORE:
        place = Place(trigger.process_id, trigger.element_id)
        happening = Happening(TriggerKind.TIMER, trigger.name or "", due, source=source)
        combined.occurred(core, advance, transaction, place, happening)
        return
    request = StartRequest(
        trigger.model_id,
        {},
        element_id=trigger.element_id,
        trigger="timer",
        source=source,
        origin=f"timer {due.isoformat()}",
    )
    advance.start(request)


def _reaches_waiting(transaction: Transaction, payload: Payload) -> bool:
    """Whether instances have come to wait for this since it occurred, at a gateway that needs all: it goes to them.

    A signal goes to each of them, a message to one.
    """
    kind = payload.get("kind", TriggerKind.SIGNAL)
    if kind not in (TriggerKind.SIGNAL, TriggerKind.MESSAGE):
        return False
    query = select(SubscriptionRow).where(
        SubscriptionRow.kind == kind,
        SubscriptionRow.name == payload["name"],
        SubscriptionRow.process_id == payload["process"],
        SubscriptionRow.element_id == payload["element"],
    )
    query = query.order_by(SubscriptionRow.instance_id)
    if kind == TriggerKind.MESSAGE:
        query = query.where(SubscriptionRow.correlation_key == payload["key"]).limit(1)
    waiting = list(transaction.session.scalars(query))
    for each in waiting:
        target = {"instance": each.instance_id, "name": each.name, "variables": payload["variables"]}
        if kind == TriggerKind.MESSAGE:
            target |= {"process": each.process_id, "element": each.element_id, "subscription": each.id}
            target |= {"message": payload["message"], "key": each.correlation_key}
        put_follow_up(transaction, MESSAGE if kind == TriggerKind.MESSAGE else SIGNAL, target)
    return bool(waiting)


def _happening(message: MessageRow) -> Happening:
    return Happening(
        TriggerKind.MESSAGE,
        message.name,
        message.published_at,
        mapping(message.variables),
        _source(message),
        message.trace_id,
        message.correlation_key,
        message.id,
        message.expires_at,
    )


def _request_by_message(message: MessageRow, trigger: StartTriggerRow) -> StartRequest:
    return StartRequest(
        model_id=trigger.model_id,
        variables=mapping(message.variables),
        trace_id=message.trace_id,
        element_id=trigger.element_id,
        business_key=message.correlation_key or None,
        trigger=f"message {message.name}",
        source=_source(message),
        correlation_key=message.correlation_key,
        origin=_origin_of(message),
    )


def _origin_of(message: MessageRow) -> str | None:
    """A message that its sender named is the same message after a restore."""
    if message.message_id is None:
        return None
    return f"message {message.name}\n{message.correlation_key}\n{message.message_id}"


def _source(message: MessageRow) -> dict[str, object]:
    return {
        "message_name": message.name,
        "correlation_key": message.correlation_key,
        "published_at": message.published_at.isoformat(),
        "published_by": message.published_by,
        "delivery": message.delivery_id,
    }


def _request_of(payload: Payload) -> StartRequest:
    return StartRequest(
        model_id=str(payload["model"]),
        variables=mapping(payload["variables"]),
        trace_id=_text(payload.get("trace")),
        element_id=str(payload["element"]),
        business_key=_text(payload.get("business_key")),
        trigger=str(payload.get("trigger") or f"signal {payload.get('name')}"),
        source=mapping(payload.get("source")) or None,
        correlation_key=_text(payload.get("key")),
        origin=_text(payload.get("origin")),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
