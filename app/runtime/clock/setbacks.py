"""Setbacks: due things that failed. They are tried again with growing pauses, then given up until somebody asks.

A due thing (a timer, a message to correlate, a follow-up …) fails because of a bug, or of a model that nobody foresaw.
It must keep nothing else from being done, it must not be tried for ever, and it must not be forgotten. One that is
about a process instance becomes an incident on it after a few failures, so that whoever looks at the case sees it.
"""

from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm.attributes import InstrumentedAttribute

from app.errors import NotFound
from app.runtime.clock.due import Place
from app.runtime.people import require
from app.runtime.transaction import Core, Transaction, told
from app.runtime.views import Actor, DueKind, Page, Permission, SetbackView
from app.store.tables import SetbackRow

MOST_FAILURES = 12  # with the usual pauses, within an hour
MOST_QUIET_FAILURES = 2  # with one more, the instance that it is about gets an incident


class Standstills(Protocol):
    """How incidents are raised on instances: the clock knows none."""

    def begin(
        self, transaction: Transaction, kind: DueKind, subject: str, place: Place, message: str
    ) -> str | None: ...

    def end(self, transaction: Transaction, incident_id: str) -> None: ...


def holds(core: Core, kind: DueKind, subject: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """In a query over due things: whether a setback keeps them waiting."""
    here = (SetbackRow.kind == kind, SetbackRow.subject == subject)
    later = or_(SetbackRow.retry_at.is_(None), SetbackRow.retry_at > core.clock.now())
    return exists().where(*here, later).correlate_except(SetbackRow)


def forget(transaction: Transaction, kind: DueKind, subject: str) -> None:
    """It could be done: what is known of its failures goes."""
    gone = delete(SetbackRow).where(SetbackRow.kind == kind, SetbackRow.subject == subject)
    transaction.session.execute(gone)


class Setbacks:
    def __init__(self, core: Core, standstills: Standstills | None = None) -> None:
        self._core = core
        self._standstills = standstills

    def known(self, kind: DueKind, subjects: Iterable[str]) -> frozenset[str]:
        """Those of the due things that have failed before."""
        query = select(SetbackRow.subject).where(SetbackRow.kind == kind, SetbackRow.subject.in_(list(subjects)))
        with self._core.store.read() as session:
            return frozenset(session.scalars(query))

    def count(self, actor: Actor, kind: DueKind, subject: str, error: Exception, place: Place | None = None) -> None:
        """It failed, once more or for the first time: try again later, or give it up."""
        with self._core.transaction(actor) as transaction:
            known = transaction.session.get(SetbackRow, (kind, subject))
            incident_id = None
            if place is not None and known is not None and known.failures >= MOST_QUIET_FAILURES and self._standstills:
                # before the setback is locked: everybody locks instances first
                incident_id = self._standstills.begin(transaction, kind, subject, place, _sentence(kind, error))
            row = transaction.anew(SetbackRow, (kind, subject), lock=True)
            if row is None:
                row = SetbackRow(kind=kind, subject=subject, failures=0, message="", first_at=transaction.now)
                transaction.session.add(row)
            row.failures += 1
            row.message = told(error)
            row.incident_id = incident_id or row.incident_id
            given_up = row.failures >= MOST_FAILURES
            row.retry_at = None if given_up else transaction.now + self._core.backoff(row.failures)
            if given_up:
                transaction.record("due.given-up", subject, kind=kind, failures=row.failures)

    def forget(self, actor: Actor, kind: DueKind, subject: str) -> None:
        """It could be done."""
        with self._core.transaction(actor) as transaction:
            known = transaction.session.get(SetbackRow, (kind, subject))
            if self._standstills is not None and known is not None and known.incident_id is not None:
                self._standstills.end(transaction, known.incident_id)
            forget(transaction, kind, subject)

    def list(self, actor: Actor, after: str | None = None, limit: int = 50) -> Page[SetbackView]:
        """What failed and was not done since, by kind and subject. Right: instances.see."""
        require(actor, Permission.INSTANCES_SEE)
        query = select(SetbackRow).order_by(SetbackRow.kind, SetbackRow.subject).limit(limit + 1)
        if after is not None:
            kind, _, subject = after.partition(":")
            behind = or_(SetbackRow.kind > kind, (SetbackRow.kind == kind) & (SetbackRow.subject > subject))
            query = query.where(behind)
        with self._core.store.read() as session:
            rows = session.scalars(query).all()
            views = tuple(
                SetbackView(row.kind, row.subject, row.failures, row.message, row.first_at, row.retry_at)
                for row in rows[:limit]
            )
            return Page(views, f"{views[-1].kind}:{views[-1].subject}" if len(rows) > limit else None)

    def retry(self, actor: Actor, kind: DueKind, subject: str) -> None:
        """Have it tried by the next tick, as if it had not failed yet. Right: instances.operate. Raises `NotFound`."""
        require(actor, Permission.INSTANCES_OPERATE)
        with self._core.transaction(actor) as transaction:
            row = transaction.session.get(SetbackRow, (kind, subject), with_for_update=True)
            if row is None:
                raise NotFound(f"Expected a setback of {kind} {subject}, but found none. It may have been done since.")
            transaction.record("due.retried", subject, kind=kind, failures=row.failures, message=row.message)
            row.failures = 0
            row.retry_at = transaction.now


def _sentence(kind: DueKind, error: Exception) -> str:
    return (
        f"Expected the {kind.value} to be done, but it failed {MOST_QUIET_FAILURES + 1} times: {told(error)}. "
        "Retry, move the token past it, or cancel the instance."
    )
