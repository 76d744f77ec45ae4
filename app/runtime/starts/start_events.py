"""What a message, signal, timer or condition does to a process that it starts.

It starts an instance, or is remembered until others have occurred (`combined`), or goes to an instance that
waits for it behind its event-based gateway, or waits for a switch.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, select

from app.engine import Others, TriggerKind
from app.runtime.instances import StartRequest, advancing, suspending
from app.runtime.starts import combined, keyed
from app.runtime.starts.combined import Happening, Place
from app.runtime.transaction import MESSAGE, SIGNAL, START_BY_MESSAGE, Core, Transaction, mapping, put_follow_up
from app.store.tables import MessageRow, StartTriggerRow, SubscriptionRow

Payload = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A start event that a message is for. `is_taken`: an instance that the key has started runs, so it must wait."""

    row: StartTriggerRow
    is_taken: bool


def triggers_of(transaction: Transaction, message: MessageRow) -> list[Trigger]:
    """What a message starts. Where others belong to a start, its process is held; so ask before locking instances."""
    key = message.correlation_key
    is_taken = keyed.is_taken(StartTriggerRow.process_id, key) if key else false()
    query = select(StartTriggerRow, is_taken).where(
        StartTriggerRow.kind == TriggerKind.MESSAGE, StartTriggerRow.name == message.name
    )
    query = query.order_by(StartTriggerRow.id)
    found = [Trigger(row, bool(taken)) for row, taken in transaction.session.execute(query)]
    if together := {each.row.process_id for each in found if each.row.others != Others.FREE}:
        combined.hold(transaction, together)
        return [Trigger(row, bool(taken)) for row, taken in transaction.session.execute(query)]
    return found


def start_by_message(
    core: Core,
    advance: advancing.Advance,
    transaction: Transaction,
    message: MessageRow,
    triggers: Sequence[Trigger],
) -> Iterator[tuple[str, str]]:
    """Let a message start processes, each at most once. Yields the process and what has got the message in it.

    A start event that needs nothing else comes before those that do; each of these remembers the message.
    """
    by_process: dict[str, list[StartTriggerRow]] = {}
    taken = {each.row.process_id for each in triggers if each.is_taken}
    for each in triggers:
        by_process.setdefault(each.row.process_id, []).append(each.row)
    for process_id, its_triggers in by_process.items():
        alone = next((each for each in its_triggers if each.others != Others.BEFORE), None)
        if alone is not None and alone.others == Others.FREE and process_id in taken:
            waiting_id = keyed.wait(transaction, _waiting(message, process_id))
            if waiting_id is not None:
                yield process_id, waiting_id
            continue
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
        return _start(advance, transaction, request, trigger.process_id, trigger.others), True
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


def _start(
    advance: advancing.Advance, transaction: Transaction, request: StartRequest, process_id: str, others: str
) -> str:
    """Start an instance, and note it where no second one with its key may run beside it."""
    instance_id = advance.start(request)
    if request.correlation_key and others == Others.FREE and advance.is_running(instance_id):
        keyed.started(transaction, process_id, request.correlation_key, instance_id)
    return instance_id


def start_waiting(advance: advancing.Advance, transaction: Transaction, row_id: str) -> bool:
    """Let a message start an instance that waited for the end of another one with its key."""
    found = keyed.take(transaction, row_id)
    if found is None:
        return False
    start_or_hold(advance, transaction, *found)
    return True


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
    elif others == Others.FREE:
        _start_held(core, advance, transaction, payload)
    elif not _reaches_waiting(transaction, payload):
        advance.start(_request_of(payload))


def _start_held(core: Core, advance: advancing.Advance, transaction: Transaction, payload: Payload) -> None:
    """What a switch has held, or a signal: it starts an instance, or waits for one with its key."""
    request, process_id = _request_of(payload), _text(payload.get("process"))
    key = request.correlation_key
    if process_id is None or not key:
        advance.start(request)
    elif transaction.session.scalar(select(keyed.is_taken(process_id, key))):
        expires_at = transaction.now + core.settings.start_occurrences_kept  # a switch has made it older than it is
        name, source = str(payload["name"]), request.source or {}
        waiting = keyed.Waiting(process_id, key, name, request.variables, source, request.trace_id, expires_at)
        keyed.wait(transaction, waiting)
    else:
        _start(advance, transaction, request, process_id, Others.FREE)


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


def _waiting(message: MessageRow, process_id: str) -> keyed.Waiting:
    return keyed.Waiting(
        process_id,
        message.correlation_key,
        message.name,
        mapping(message.variables),
        _source(message),
        message.trace_id,
        message.expires_at,
    )


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
