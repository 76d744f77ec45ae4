"""Start events that need several triggers: each occurrence is remembered until all of them make an instance together.

Whoever remembers or settles holds the process (`hold`), so that of two last occurrences one finds the set complete.
What is remembered belongs to the process and its element, not to a version: see docs/adr/0018.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from app import engine
from app.engine import Others, TriggerKind
from app.runtime.instances import StartRequest, advancing, suspending
from app.runtime.transaction import START_TOGETHER, Core, Transaction, new_id, outgoing
from app.store import locks
from app.store.tables import StartOccurrenceRow, StartTriggerRow

AT_A_TIME = 1000  # ids in one statement and in one audit record

Needed = Collection[tuple[TriggerKind, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """A start event that needs more than one trigger, in whichever version is the newest."""

    process_id: str
    element_id: str


@dataclass(frozen=True, slots=True)
class Happening:
    """A trigger has occurred, `name` being what `StartTrigger.means` says, and brought these variables.

    Only a message has a correlation key and the id of its row. It is kept until `expires_at`, if that is later than
    the settings say.
    """

    kind: TriggerKind
    name: str
    at: datetime
    variables: Mapping[str, object] = field(default_factory=dict)
    source: Mapping[str, object] = field(default_factory=dict)
    trace_id: str | None = None
    correlation_key: str | None = None
    message_id: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remembered(engine.Occurrence):
    """An occurrence with its row."""

    row: StartOccurrenceRow | None = None


def hold(transaction: Transaction, process_ids: Iterable[str]) -> None:
    """Hold these processes' starts until the transaction ends. Before instances are locked, and all at once."""
    locks.hold_of(transaction.session, locks.Lock.STARTS, process_ids)


def occurred(
    core: Core, advance: advancing.Advance, transaction: Transaction, place: Place, happening: Happening
) -> tuple[str | None, list[str]]:
    """Remember what has occurred and start what it completes, unless a switch holds that for later.

    Returns the id under which it is remembered (None: it counts no more, or was known) and those of new instances.
    """
    occurrence_id = remember(core, transaction, place, happening)
    if occurrence_id is None:
        return None, []
    if suspending.why_start_is_held(transaction.session, place.process_id, place.element_id):
        payload = outgoing.settling(place.process_id, place.element_id, happening.correlation_key)
        suspending.put_held(transaction, START_TOGETHER, payload)
        return occurrence_id, []
    return occurrence_id, settle(core, advance, transaction, place, happening.correlation_key)


def remember(core: Core, transaction: Transaction, place: Place, happening: Happening) -> str | None:
    """Remember that a trigger has occurred. None if the newest version does not need it, or knows of it already."""
    session = transaction.session
    needed = _needed(core, session, place)
    if (happening.kind, happening.name) not in needed:
        return None
    new = Remembered(new_id(), happening.kind, happening.name, happening.correlation_key)
    known = _read(transaction, place, StartOccurrenceRow.kind != TriggerKind.MESSAGE)
    if not engine.counts_for_start(new, known):
        return None
    kept_until = transaction.now + core.settings.start_occurrences_kept
    session.add(
        StartOccurrenceRow(
            id=new.id,
            process_id=place.process_id,
            element_id=place.element_id,
            kind=new.kind,
            name=new.name,
            correlation_key=new.correlation_key,
            message_id=happening.message_id,
            variables=dict(happening.variables),
            source=dict(happening.source),
            trace_id=happening.trace_id,
            occurred_at=happening.at,
            expires_at=max(kept_until, happening.expires_at or kept_until),
        )
    )
    session.flush()
    transaction.record(
        "start.remembered",
        new.id,
        process=place.process_id,
        element=place.element_id,
        kind=new.kind,
        name=new.name,
        correlation_key=new.correlation_key,
    )
    return new.id


def settle(
    core: Core, advance: advancing.Advance, transaction: Transaction, place: Place, key: str | None = None
) -> list[str]:
    """Start an instance for each complete set: of messages with this key, None: with any. Returns the new ids."""
    session = transaction.session
    model_id = _model_id(session, place)
    needed = _needed(core, session, place)
    started: list[str] = []
    while model_id is not None:
        wanted = key if key is not None else _oldest_complete_key(transaction, place, needed)
        concerned = or_(
            StartOccurrenceRow.kind != TriggerKind.MESSAGE,
            and_(StartOccurrenceRow.kind == TriggerKind.MESSAGE, StartOccurrenceRow.correlation_key == wanted),
        )
        together = engine.complete_start(needed, _read(transaction, place, concerned))
        rows = [each.row for each in together if each.row is not None]
        if not rows:
            break
        started.append(advance.start(_request(model_id, place, rows)))
        _forget_used(session, place, rows)
    return started


def judge(core: Core, advance: advancing.Advance, transaction: Transaction, payload: Mapping[str, object]) -> None:
    """Carry out the follow-up of a settling that was put off. Without a key, forget first what is needed no more."""
    place = Place(str(payload["process"]), str(payload["element"]))
    hold(transaction, [place.process_id])
    key = payload.get("key")
    if key is None:
        _forget_unneeded(core, transaction, place)
    settle(core, advance, transaction, place, None if key is None else str(key))


def _model_id(session: Session, place: Place) -> str | None:
    query = select(StartTriggerRow.model_id).where(
        StartTriggerRow.process_id == place.process_id,
        StartTriggerRow.element_id == place.element_id,
        StartTriggerRow.others == Others.BEFORE,
    )
    return session.scalar(query.limit(1))


def _needed(core: Core, session: Session, place: Place) -> Needed:
    """The triggers that the newest version needs together at this element; none if it does not."""
    model_id = _model_id(session, place)
    triggers = core.models.program(session, model_id).start_triggers if model_id is not None else ()
    return [
        (each.kind, each.means)
        for each in triggers
        if each.element_id == place.element_id and each.others is Others.BEFORE
    ]


def _at(place: Place) -> ColumnElement[bool]:
    return and_(StartOccurrenceRow.process_id == place.process_id, StartOccurrenceRow.element_id == place.element_id)


def _read(transaction: Transaction, place: Place, which: ColumnElement[bool]) -> list[Remembered]:
    """What is remembered and has not expired, the oldest first."""
    query = select(StartOccurrenceRow).where(_at(place), which, StartOccurrenceRow.expires_at > transaction.now)
    rows = transaction.session.scalars(query.order_by(StartOccurrenceRow.occurred_at, StartOccurrenceRow.id))
    return [Remembered(row.id, TriggerKind(row.kind), row.name, row.correlation_key, row) for row in rows]


def _oldest_complete_key(transaction: Transaction, place: Place, needed: Needed) -> str | None:
    """Of the keys for which every message is there, the one whose first message is oldest."""
    messages = [name for kind, name in needed if kind is TriggerKind.MESSAGE]
    query = (
        select(StartOccurrenceRow.correlation_key)
        .where(
            _at(place),
            StartOccurrenceRow.kind == TriggerKind.MESSAGE,
            StartOccurrenceRow.name.in_(messages),
            StartOccurrenceRow.expires_at > transaction.now,
        )
        .group_by(StartOccurrenceRow.correlation_key)
        .having(func.count(StartOccurrenceRow.name.distinct()) == len(messages))
        .order_by(func.min(StartOccurrenceRow.occurred_at), func.min(StartOccurrenceRow.id))
    )
    return transaction.session.scalar(query.limit(1)) if messages else None


def _request(model_id: str, place: Place, rows: list[StartOccurrenceRow]) -> StartRequest:
    """The variables are those of all, the later over the earlier; the trace is that of the first that has one."""
    variables: dict[str, object] = {}
    for row in rows:
        variables |= dict(row.variables) if isinstance(row.variables, dict) else {}
    key = next((row.correlation_key for row in rows if row.correlation_key is not None), None)
    return StartRequest(
        model_id=model_id,
        variables=variables,
        trace_id=next((row.trace_id for row in rows if row.trace_id is not None), None),
        element_id=place.element_id,
        business_key=key or None,
        trigger=" and ".join(f"{row.kind} {row.name}" for row in rows),
        source={
            "occurrences": [
                {"id": row.id, "kind": row.kind, "name": row.name, "at": row.occurred_at.isoformat(), "of": row.source}
                for row in rows
            ]
        },
        correlation_key=key,
    )


def _forget_used(session: Session, place: Place, rows: list[StartOccurrenceRow]) -> None:
    """What has started an instance is used up, also where another start event of the process has the same message."""
    messages = [row.message_id for row in rows if row.message_id is not None]
    same_message = and_(StartOccurrenceRow.process_id == place.process_id, StartOccurrenceRow.message_id.in_(messages))
    used = or_(StartOccurrenceRow.id.in_([row.id for row in rows]), same_message)
    session.execute(delete(StartOccurrenceRow).where(used).execution_options(synchronize_session="fetch"))


def _forget_unneeded(core: Core, transaction: Transaction, place: Place) -> None:
    needed = _needed(core, transaction.session, place)
    query = select(StartOccurrenceRow.id, StartOccurrenceRow.kind, StartOccurrenceRow.name).where(_at(place))
    unneeded = [id_ for id_, kind, name in transaction.session.execute(query) if (kind, name) not in needed]
    for start in range(0, len(unneeded), AT_A_TIME):
        part = unneeded[start : start + AT_A_TIME]
        forget(transaction, part, "the newest version does not need it", place.process_id)


def forget(transaction: Transaction, occurrence_ids: list[str], reason: str, process_id: str) -> int:
    """Remember these no longer. Returns how many there were. The process is held."""
    if not occurrence_ids:
        return 0
    gone = transaction.session.execute(
        delete(StartOccurrenceRow)
        .where(StartOccurrenceRow.id.in_(occurrence_ids))
        .returning(StartOccurrenceRow.id)
        .execution_options(synchronize_session=False)
    )
    ids = sorted(gone.scalars())
    if ids:
        transaction.record("start.forgotten", ids[0], process=process_id, of=ids, reason=reason)
    return len(ids)


def forget_expired(transaction: Transaction, limit: int) -> int:
    """Remember no longer what has waited for its others too long: up to `limit` of them. Returns how many."""
    rows = StartOccurrenceRow
    query = select(rows.process_id, rows.id).where(rows.expires_at <= transaction.now).order_by(rows.expires_at)
    expired: dict[str, list[str]] = {}
    for process_id, occurrence_id in transaction.session.execute(query.limit(limit)):
        expired.setdefault(process_id, []).append(occurrence_id)
    if expired:
        hold(transaction, expired)
    return sum(forget(transaction, ids, "expired", process_id) for process_id, ids in expired.items())
