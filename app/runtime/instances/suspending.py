"""What kill switches hold besides jobs: timers, messages and signals of an instance, a process or an element.

A switch on an instance holds what it called as well, if it is the root of its tree. Held timers stay where they are
and are due when the switch is cleared. A held message or signal is a follow-up of a kind of its own that nobody carries
out (see `following_up`), so it expires for nobody; clearing a switch makes all of them live again, and each is checked
anew. Switches on roles, actions (job types) and systems are about jobs only.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, tuple_, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from app.runtime.transaction import CarryOut, Transaction, new_id
from app.store.states import SwitchScope
from app.store.tables import FollowUpRow, InstanceRow, SwitchRow

HELD = "held "  # before the kind of a follow-up that a switch holds
AT_ONCE = 100  # released follow-ups that need not wait for the clock

Text = InstrumentedAttribute[str]
Name = tuple[SwitchScope, str]


def element_key(process_id: str, element_id: str) -> str:
    """What a switch on an element is named by."""
    return f"{process_id}/{element_id}"


def why_held(session: Session, row: InstanceRow, element_id: str | None) -> str | None:
    """The switch that holds what an instance waits for at an element, as ``"scope:key"``; None if none does."""
    named = [(SwitchScope.INSTANCE, row.id), (SwitchScope.INSTANCE, row.root_id)]
    return _why(session, named, row.process_id, element_id)


def why_start_is_held(session: Session, process_id: str, element_id: str | None) -> str | None:
    """The switch that holds the starts of a process by message, signal or timer; None if none does."""
    return _why(session, [], process_id, element_id)


def holds_instance(element_id: Text) -> ColumnElement[bool]:
    """In a query over `InstanceRow` and a table of waits: whether a switch holds them."""
    return _exists(
        and_(SwitchRow.scope == SwitchScope.INSTANCE, SwitchRow.key.in_([InstanceRow.id, InstanceRow.root_id])),
        and_(SwitchRow.scope == SwitchScope.PROCESS, SwitchRow.key == InstanceRow.process_id),
        and_(SwitchRow.scope == SwitchScope.ELEMENT, SwitchRow.key == InstanceRow.process_id + "/" + element_id),
    )


def holds_start(process_id: Text, element_id: Text) -> ColumnElement[bool]:
    """In a query over start triggers: whether a switch holds them."""
    return _exists(
        and_(SwitchRow.scope == SwitchScope.PROCESS, SwitchRow.key == process_id),
        and_(SwitchRow.scope == SwitchScope.ELEMENT, SwitchRow.key == process_id + "/" + element_id),
    )


def holds_everything() -> ColumnElement[bool]:
    """In a query: whether the switch on everything is set."""
    return _exists()


def put_held(transaction: Transaction, kind: str, payload: Mapping[str, object]) -> str:
    """Store a follow-up of this kind that a switch holds. Returns its id."""
    follow_up_id = new_id()
    transaction.batch.put(
        FollowUpRow, id=follow_up_id, kind=HELD + kind, created_at=transaction.now, payload=dict(payload)
    )
    return follow_up_id


def release(transaction: Transaction) -> int:
    """Make held follow-ups live again, each to be checked anew: some at once, others by the clock. Returns how many."""
    session = transaction.session
    kinds = set(session.scalars(select(FollowUpRow.kind).where(FollowUpRow.kind.startswith(HELD)).distinct()))
    released = 0
    for kind in sorted(kinds):
        freed = session.execute(
            update(FollowUpRow)
            .where(FollowUpRow.kind == kind)
            .values(kind=kind.removeprefix(HELD))
            .returning(FollowUpRow.id)
            .execution_options(synchronize_session=False)
        )
        ids = list(freed.scalars())
        for follow_up_id in ids[:AT_ONCE]:
            transaction.then(CarryOut(follow_up_id))
        released += len(ids)
    return released


def those_set(names: Iterable[Name]) -> Select[SwitchScope, str]:
    """Which of these switches are set, as scope and key.

    Their rows are locked: shared with others who hold by them, not with whoever clears one. So what is held is there
    before the clearing releases it. Name no more than may hold: clearing waits for everybody who asks.
    """
    query = select(SwitchRow.scope, SwitchRow.key).where(SwitchRow.cleared_at.is_(None), _named(names))
    return query.with_for_update(read=True)


def _why(session: Session, named: list[Name], process_id: str, element_id: str | None) -> str | None:
    found = session.execute(those_set([*named, *_of_process(process_id, element_id)]).limit(1)).first()
    return None if found is None else f"{found[0]}:{found[1]}"


def _of_process(process_id: str, element_id: str | None) -> list[Name]:
    names = [(SwitchScope.EVERYTHING, "*"), (SwitchScope.PROCESS, process_id)]
    return names if element_id is None else [*names, (SwitchScope.ELEMENT, element_key(process_id, element_id))]


def _named(names: Iterable[Name]) -> ColumnElement[bool]:
    return tuple_(SwitchRow.scope, SwitchRow.key).in_(list(names))


def _exists(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    everything = SwitchRow.scope == SwitchScope.EVERYTHING
    return exists().where(SwitchRow.cleared_at.is_(None), or_(everything, *which)).correlate_except(SwitchRow)
